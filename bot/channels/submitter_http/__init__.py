"""Submitters' own addresses, which are told what happens at their houses, as docs/api.md says."""
