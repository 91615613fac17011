"""The case and the house that an event is about, and everything that deciding it needs."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.action import read_action
from bot.core.arrival import Inbound, What
from bot.core.case import Phase, Scene
from bot.core.days import civil
from bot.core.link_code import read_code
from bot.core.meaning import Context, Topic
from bot.core.outcome import Talk
from bot.core.people import Person, Role
from bot.core.turn import Reply, Turn, Vouched
from bot.language.understand import understand
from handlers.events import event_named
from handlers.inbox.coded import with_houses
from handlers.inbox.sought import with_sought
from handlers.loans import asks_for_loan_days
from storage.chat import channel_above, unconsented
from storage.companies import associations_for, ranked_for
from storage.concern import (
    case_house,
    closed_on,
    houses_of,
    next_case_number,
    open_cases,
    said_since,
    scenes_of,
    talk_of,
)
from storage.events import load_event
from storage.guests import claim_of, vouched_claim, waiting_claim
from storage.histories import asked_entry
from storage.households import load_households, lock_houses
from storage.inbound import case_asked, files_of, in_no_other, row_of_message, told
from storage.notices import notices_of
from storage.people import alone_at, load_people
from storage.record import Seal
from storage.scopes import near_at
from storage.survey import case_to_hand_over, colleague_named, of_their_own, survey, their_loans

ASKED = {
    "ask_date": Context.ASK_DATE,
    "ask_day": Context.ASK_DATE,
    "ask_offer": Context.ASK_DATE,
    "ask_result": Context.ASK_RESULT,
    "confirm_date": Context.CONFIRM_DATE,
    "ask_check": Context.CONFIRM_DATE,
    "confirm_day": Context.CONFIRM_DATE,
    "confirm_offer": Context.CONFIRM_DATE,
    "consent": Context.ASK_CONSENT,
}
ENTERING, REFERENCE = frozenset({"entered", "not_entered"}), "ask_reference"
LINK_ANSWERS = frozenset({"link_yes", "link_no"})


@dataclass(frozen=True, slots=True)
class Occasion:
    """What came in, in which row it is kept, and when it is understood.

    ``seal`` recognises one-time codes; ``named`` are the channels that the words name, ``mail`` is the
    channel of mail addresses.
    """

    event: Inbound
    row_id: int
    now: datetime
    seal: Seal
    named: tuple[str, ...] = ()
    mail: str = ""


async def turn_of(connection: AsyncConnection, person: Person, occasion: Occasion) -> Turn:
    """The turn; the houses of its cases are locked. The consent text is the caller's to add."""
    event, now = occasion.event, occasion.now
    talk = await talk_of(connection, person.id)
    reply = Reply(
        via=event.channel,
        source=f"inbound:{occasion.row_id}",
        text=await with_houses(connection, person, event.text),
        action=read_action(event.action) if event.action else None,
        evidence=tuple(attachment.ref for attachment in event.attachments),
        address=event.address,
        named=occasion.named,
        above=await channel_above(connection, occasion.row_id),
        ticket=event.ticket,
        refused=event.refused,
        overheard=event.overheard,
    )
    found = await open_cases(connection, person.id)
    named = reply.action.case_id if reply.action else await case_asked(connection, person.id, event.answers_key)
    if person.role is Role.STAFF and reply.action and reply.action.verb == "handover":
        named = await case_to_hand_over(connection, reply.action.arg)
    overtaken = await said_since(connection, talk)
    wanted = named or (talk.case_id if talk.question or not overtaken else "")
    if person.role is Role.STAFF and wanted:
        house = await case_house(connection, wanted)
        found = [(wanted, house)] if house else []
    owned = await houses_of(connection, person.id) if person.role is Role.OWNER else []
    entry = await _entry(connection, person, reply)
    houses = {house for _, house in found}.union(owned, [entry[0]] if entry else [], _talked_of(talk))
    await lock_houses(connection, houses)
    known = await scenes_of(connection, found)
    desk = tuple(scene for scene in known if _at_desk(scene) and person.role is not Role.STAFF)
    asked = tuple(scene for scene in known if _is_candidate(scene, person))
    scenes = tuple(scene for scene in known if scene not in desk + asked)
    scene = _named(scenes, named) if reply.action and named else _scene(scenes, wanted, person)
    turn = Turn(person, reply, talk, now, scene=scene, scenes=scenes, desk=desk, houses=tuple(owned))
    turn = replace(turn, overtaken=overtaken, candidacies=asked, entry=entry)
    turn = await with_sought(connection, await _at_home(connection, turn))
    turn = replace(turn, reply=replace(reply, meaning=_meaning(turn)))
    return await _beside(connection, turn, occasion)


async def _entry(connection: AsyncConnection, person: Person, reply: Reply) -> tuple[str, tuple[str, ...]] | None:
    """The works whose entry in a history a company's button is about."""
    if person.role is not Role.SERVICER or reply.action is None or reply.action.verb not in ENTERING:
        return None
    return await asked_entry(connection, person.id, reply.action.arg.partition("=")[0])


def _talked_of(talk: Talk) -> list[str]:
    return [talk.house_id] if talk.question == REFERENCE and talk.house_id else []


async def _at_home(connection: AsyncConnection, turn: Turn) -> Turn:
    """The turn with the house it is about, and who could take the house over."""
    named = turn.reply.action.arg if turn.reply.action and turn.reply.action.arg in turn.houses else ""
    if named:  # an owner's button about one of their houses as such
        turn = replace(turn, scene=None)
    household = turn.scene.household if turn.scene else None
    is_owner = turn.person.role is Role.OWNER
    asked = await unconsented(connection, turn.person.id, civil(turn.now)) if is_owner else []
    if household is None and is_owner:
        known = await load_households(connection, turn.houses)
        household = next((known[house] for house in [named, *asked, *turn.houses] if house in known), None)
    if household is None and is_owner:
        turn = replace(turn, near=tuple(await near_at(connection, turn.person.id)))
        beside = await load_households(connection, [house for house, _ in turn.near][:1])
        household = next(iter(beside.values()), None)
    number = await next_case_number(connection, household.house.id) if household else 0
    turn = replace(turn, household=household, unconsented=tuple(asked), next_number=number)
    return await _with_candidates(connection, turn)


async def _with_candidates(connection: AsyncConnection, turn: Turn) -> Turn:
    """The turn with who is asked to take the house over, and for the staff with who could be."""
    candidacy = turn.scene.case.candidacy if turn.scene else None
    if candidacy is not None:
        turn = replace(turn, candidate=(await load_people(connection, [candidacy.servicer])).get(candidacy.servicer))
    if turn.person.role is not Role.STAFF or turn.household is None:
        return turn
    house, action = turn.household.house, turn.reply.action
    wanted = action.arg if action is not None and action.verb == "assign" else ""
    candidates = await ranked_for(connection, house, civil(turn.now), wanted)
    return replace(turn, candidates=candidates, associations=await associations_for(connection, house))


async def _beside(connection: AsyncConnection, turn: Turn, occasion: Occasion) -> Turn:
    """What only some events need: what the staff ask to see, whose a code is, which row held what is taken back."""
    event = occasion.event
    if turn.person.role is Role.STAFF and (action := turn.reply.action):
        named = event_named(action)
        if named:
            return replace(turn, event=await load_event(connection, named, lock=True))
        at_risk = turn.scene is not None and turn.scene.case.risk is not None
        notices = await notices_of(connection, turn.scene.case) if turn.scene and at_risk else ()
        turn = replace(turn, colleague=await colleague_named(connection, action), notices=notices)
        return replace(turn, survey=await survey(connection, action, turn.person.id))
    if turn.reply.action and turn.reply.action.verb in LINK_ANSWERS:
        claim = await waiting_claim(connection, turn.person, turn.reply.action.arg, occasion.now)
        return replace(turn, claim=claim)
    if asks_for_loan_days(turn):
        return replace(turn, survey=await their_loans(connection, turn.houses))
    if _asks_about_home(turn) and turn.household is not None:
        return replace(turn, survey=await of_their_own(connection, turn.household.house.id))
    if event.what is What.TOOK_BACK:
        return await _taken_back(connection, turn, event)
    if event.what in (What.FAILED, What.RETURNED):
        ours = await told(connection, turn.person.id, event.answers_key) is not None
        return replace(turn, about=event.answers_key, proved=ours)
    if event.forgeable and turn.person.role is not Role.GUEST:
        return replace(turn, proved=await told(connection, turn.person.id, event.answers_key) is not None)
    if event.mail and turn.person.role is Role.GUEST:
        person = await alone_at(connection, occasion.mail, event.mail)
        turn = replace(turn, vouched=Vouched(person, occasion.mail) if person else None)
    if event.what is What.LINKED:
        account = (event.channel, event.address)
        return replace(turn, claim=await vouched_claim(connection, occasion.seal, event.text, account, occasion.now))
    code = read_code(event.text)
    if not code or turn.person.role is not Role.GUEST:
        return turn
    claim = await claim_of(connection, occasion.seal, code, (event.channel, event.address), occasion.now)
    return replace(turn, claim=claim, code_tried=True)


async def _taken_back(connection: AsyncConnection, turn: Turn, event: Inbound) -> Turn:
    row = await row_of_message(connection, event.channel, event.about) if event.about else None
    if row is None:
        return turn
    source = f"inbound:{row.id}"
    files = tuple(await in_no_other(connection, row.id, turn.person.id, files_of(row.raw, row.said)))
    settled = await closed_on(connection, turn.person.id, source, files)
    return replace(turn, about=source, gone=files, settled_by_it=settled, said_at=row.received_at)


def _asks_about_home(turn: Turn) -> bool:
    """Whether the answer needs more of the house than every turn has: what was done there, when something is due."""
    meaning = turn.reply.meaning
    return turn.person.role is Role.OWNER and meaning is not None and meaning.topic in (Topic.HISTORY, Topic.WHEN)


def _at_desk(scene: Scene) -> bool:
    """Whether it lies at the staff desk in its own right; that another company is asked for concerns the owner, too."""
    return not scene.works and scene.case.candidacy is None


def _is_candidate(scene: Scene, person: Person) -> bool:
    """Whether a company is asked to take this house over, and knows nothing more of it."""
    candidacy = scene.case.candidacy
    return candidacy is not None and not candidacy.accepted and candidacy.servicer == person.id


def _named(scenes: tuple[Scene, ...], case_id: str) -> Scene | None:
    """The case a button was offered for; None if it is not theirs or is over."""
    return next((scene for scene in scenes if scene.case.id == case_id), None)


def _scene(scenes: tuple[Scene, ...], wanted: str, person: Person) -> Scene | None:
    """The case that free words are about: the one we are talking about, or the only one we asked about."""
    talked = _named(scenes, wanted)
    if talked is not None or len(scenes) < 2:
        return talked or next(iter(scenes), None)
    asked = [scene for scene in scenes if scene.case.silence.get(person.role, 0)]
    return asked[0] if len(asked) == 1 else None


def _meaning(turn: Turn) -> Any:
    if not turn.reply.text.strip():
        return None
    return understand(turn.reply.text, turn.now, turn.person.role, _context(turn))


def _context(turn: Turn) -> Context:
    """What was last asked of them."""
    if turn.talk.question in ASKED:
        return ASKED[turn.talk.question]
    if turn.scene is None:
        return Context.NONE
    case = turn.scene.case
    late = case.target_on < civil(turn.now) or case.phase is Phase.CONFIRMING
    return Context.OVERDUE if late else Context.REMINDER_DUE
