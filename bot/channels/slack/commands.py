"""The words after /engawa, as the staff may type them."""

import re

from bot.core.action import Action

HELP = "help"
# The words a command knows, in both languages, and whether it names a house.
COMMANDS = {
    **dict.fromkeys(("house", "住宅"), ("house", True)),
    **dict.fromkeys(("pending", "一覧"), ("pending", False)),
    **dict.fromkeys(("mine", "自分"), ("mine", False)),
    **dict.fromkeys(("handover", "引継ぎ"), ("handover", True)),
}
ID = re.compile(r"[A-Za-z0-9._/-]{1,64}")


def action_of(text: str) -> str:
    """The action that a command stands for; the help for whatever else was typed."""
    word, *rest = text.split()[:3] or [HELP]
    verb, named = COMMANDS.get(word.lower(), (HELP, False))
    if verb == HELP or len(rest) != named or (named and not ID.fullmatch(rest[0])):
        return str(Action(HELP))
    return str(Action(verb, arg=rest[0] if named else ""))
