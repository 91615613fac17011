"""`engawa loan`: the loan programmes, one file per command."""
