"""The few words that only mail needs around a message, in one language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailWords:
    """What mail says around a message; the words themselves live in templates/ and are handed in.

    ``answer`` introduces the answers in the text part, ``answer_one`` the one answer that there is, ``fallback`` the
    bare address below the buttons, ``page`` names the link to the person's own page where there are no buttons,
    ``stop`` the link that ends mail, ``elsewhere`` the one to other channels, ``unread`` says that nobody reads what is
    sent to the sender's address.
    """

    answer: str
    answer_one: str
    fallback: str
    page: str
    stop: str
    elsewhere: str
    unread: str
