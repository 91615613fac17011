"""What a company is answered whose files came by mail. It is told at an address that we know, never at the mail's."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from bot.core.brought import Dealt, Letter
from bot.core.outcome import Deed, Mode, Outcome, Say
from bot.core.people import Person


@dataclass(frozen=True, slots=True)
class Brought:
    """A company's mail, and what became of its files in their order."""

    company: Person
    letter: Letter
    files: Sequence[Dealt]
    today: date


def is_theirs(letter: Letter, company: Person) -> bool:
    """Whether it certainly came from them: our mail server vouches for the domain, and the address is one of theirs.

    Anybody can write an address into From, and may have come by the address for files.
    """
    known = {one.address.lower() for one in company.addresses if one.channel == letter.channel}
    return letter.vouched and letter.address.lower() in known


def answered(brought: Brought) -> Outcome:
    """What was taken in, or what lies ready until they take it in, or why nothing could be read."""
    files, letter = brought.files, brought.letter
    kind = "reply_intake_none"
    if any(file.verdict for file in files):
        kind = "reply_intake_taken"
    elif any(file.lies for file in files):
        kind = "reply_intake_look"
    told = [{"place": place, **asdict(file)} for place, file in enumerate(files, 1)]
    params = {"files": told, "large": letter.large, "role": brought.company.role, "today": brought.today.isoformat()}
    data = {"source": f"inbound:{letter.row_id}", "files": len(files), "certain": is_theirs(letter, brought.company)}
    say = Say(brought.company.id, kind, params, Mode.REPLY)
    return Outcome(deeds=(Deed("files_mailed", brought.company.id, data),), says=(_to_them(say, brought),))


def _to_them(say: Say, brought: Brought) -> Say:
    """By mail where they have an address there; in the thread of their mail where it is certainly theirs."""
    letter, company = brought.letter, brought.company
    known = [one.address for one in company.addresses if one.channel == letter.channel]
    if not known:
        return say
    if not is_theirs(letter, company):
        return replace(say, channel=letter.channel, address=known[0])
    address = next(one for one in known if one.lower() == letter.address.lower())
    return replace(say, channel=letter.channel, address=address, ticket=letter.message_id)
