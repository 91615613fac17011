"""The text that an owner consents to, with what proves later which text it was."""

from templates.contract import Contract, contract


def consent_text(language: str) -> Contract:
    """The text in force. Raises KeyError for a language that has none."""
    return contract("consent", language)
