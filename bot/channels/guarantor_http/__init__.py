"""The guarantor's core system: JSON over HTTP, signed both ways, as docs/guarantor-api.json tells."""
