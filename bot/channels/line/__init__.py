"""LINE, both directions. Its SDK is loaded by ``opening`` when the channel is on, and never before."""
