"""The pages: a person's own chat, the links in messages, and the staff's console."""
