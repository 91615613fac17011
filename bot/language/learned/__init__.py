"""The second reader: what replies labelled before make the likeliest reading of this one. Weights, no rules."""
