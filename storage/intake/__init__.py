"""Taking in checked rows: what is new is added, what differs becomes a fact, what is the same changes nothing.

A cell left blank and a column left out say nothing about what is stored, and take nothing of it away.
Rows come as mappings with the keys of the intake format. Every function takes one batch in the caller's transaction.
"""
