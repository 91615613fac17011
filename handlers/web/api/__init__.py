"""The JSON API for submitters' own machines: `/api/v1`, with a key for each, and its description at `/docs`."""
