"""A mail server on loopback. See FakeMail."""

from engawa_fakes.mail.server import FakeMail, Mail

__all__ = ["FakeMail", "Mail"]
