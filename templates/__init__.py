"""The words people read: one file per message kind and language, and what turns them into a neutral Message."""
