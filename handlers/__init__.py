"""What follows when a person says something: the inbound door, and one file per role that decides."""
