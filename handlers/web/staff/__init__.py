"""The staff's console: what waits for a person, and what a person can do about it."""
