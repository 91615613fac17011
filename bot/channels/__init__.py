"""The channels: one place per platform, both directions. The registry is the one list of their names."""
