"""The loan and support programmes: an edition of one is a file of data, and the arithmetic on it is pure."""
