"""A submitter's own system on loopback, which is told what happens at its houses."""

from engawa_fakes.submitter.receiver import FakeSubmitter

__all__ = ["FakeSubmitter"]
