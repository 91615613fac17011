"""What is noted with an event so that its answer costs nothing: the reply token, and when we got it."""

from datetime import datetime, timedelta

# A token works once, and "within one minute" of the event ("Send reply message"). A request may take ten seconds of it.
ALIVE = timedelta(seconds=50)


def ticket(token: str, received: datetime) -> str:
    """``received`` is machine time."""
    return f"{received.isoformat()} {token}" if token else ""


def living_token(ticket: str, machine_now: datetime) -> str:
    """The reply token, if it can still work; empty for one that is too old and for what is no ticket of ours."""
    received, _, token = ticket.partition(" ")
    try:
        age = machine_now - datetime.fromisoformat(received)
    except (ValueError, TypeError, OverflowError):
        return ""
    return token if timedelta() <= age < ALIVE else ""
