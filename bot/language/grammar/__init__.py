"""Verbs: which ones stand in a text, how they end, and what is said around them."""
