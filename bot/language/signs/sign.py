"""A sign: one thing a passage of the message says, with where it says so and what makes it doubtful."""

from dataclasses import dataclass

from bot.core.meaning import Intent


@dataclass(frozen=True, slots=True)
class Sign:
    """``at`` is a place in the normalised text. A ``weak`` sign gives way to any other but greetings.

    ``partial``: the passage limits itself to a part of the work, ``part`` names which (or which house of several).
    ``topic`` tells defects, strangers and owners out of reach from the other problems.
    """

    intent: Intent
    at: int
    doubt: str = ""
    weak: bool = False
    partial: bool = False
    part: str = ""
    topic: str = ""
