"""Counterparts on loopback for the platforms that people are reached through, as a pytest plugin.

Each speaks its platform's real protocol over HTTP, remembers what reached whom, refuses what the platform refuses
(lengths, unknown fields, missing keys, bad tokens) and misbehaves on order: see Trouble. Load tests belong here,
because LINE forbids them against its platform. Nothing in this package knows Engawa. README.md beside this file tells
the whole of it.

A test asks for a fixture and points its client's base URL at it:

    async def test_something(fake_line):
        fake_line.next(Trouble.BUSY)
        ...  # base URL: fake_line.url
"""

from engawa_fakes.arrival import Arrival, Request
from engawa_fakes.platform import Platform, Trouble

__all__ = ["Arrival", "Platform", "Request", "Trouble"]
