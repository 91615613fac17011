"""The book of one house: everything that is on record about it, in the order of the law's list, as plain sections."""
