"""From what was typed to one spelling, to statements; and the tables of phrases as patterns."""
