"""A counterpart of LINE's Messaging API. See FakeLine."""

from engawa_fakes.line.fake import FakeLine, Sent
from engawa_fakes.line.rules import complaints

__all__ = ["FakeLine", "Sent", "complaints"]
