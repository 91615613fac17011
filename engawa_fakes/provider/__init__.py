"""A provider of house histories, and a council that knows who keeps what, on loopback."""

from engawa_fakes.provider.council import FakeCouncil
from engawa_fakes.provider.office import FakeProvider

__all__ = ["FakeCouncil", "FakeProvider"]
