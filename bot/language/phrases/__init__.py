"""The phrases this service listens for, as plain tables: one file per thing a person may want.

``[name]`` begins a table; each line of it is what people write, or a group of such words. ``( | )?`` mean what they
mean in regular expressions; ``…`` stands for up to eight characters of the same statement; ``<業者>`` for the words
listed in words.txt under that name. Lines that begin with ``#`` are remarks. text/phrasebook.py reads them.
"""
