"""Telegram, both directions. ``opening`` is all that is loaded while the channel is off."""
