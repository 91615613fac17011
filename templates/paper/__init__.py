"""What a letter is made of: the font, lines, a sheet to draw on, and the parts of the page from top to bottom."""
