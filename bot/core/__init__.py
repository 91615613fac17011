"""What the service knows and decides. Pure: no I/O, no clock, no logging, no framework."""
