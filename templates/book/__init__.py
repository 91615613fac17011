"""The book of a house as people keep it: on paper, and as a file that needs no program of ours."""
