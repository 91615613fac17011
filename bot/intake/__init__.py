"""Builders' files to checked rows. Reads the files it is given, asks what is stored, and stores nothing itself."""
