"""The one inbound door: what came in is parsed, its writer and case are found, and what follows is committed."""

from handlers.inbox.door import Inbox

__all__ = ["Inbox"]
