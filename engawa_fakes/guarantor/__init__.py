"""A guarantor's core system on loopback."""

from engawa_fakes.guarantor.core import FakeGuarantor

__all__ = ["FakeGuarantor"]
