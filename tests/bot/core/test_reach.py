"""Through which channel and at what hour a person is reached."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import TOKYO
from bot.core.outcome import Mode, Say
from bot.core.people import LETTER, Address, Person
from bot.core.reach import day_after, next_address, opening, route

OWNER = Person("owner:O1", "山田", addresses=(Address("line", "U1"), Address("email", "a@example.jp", 1)))
FIRM = Person("servicer:B1", "丸太工務店", addresses=(Address("email", "b@example.jp"),), closing_days=(1, 2))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def tokyo(*parts: int) -> datetime:
    return datetime(*parts).replace(tzinfo=TOKYO)  # type: ignore[arg-type]


def test_nobody_is_woken_at_night():
    """What we begin at half past nine in the evening is said at nine the next morning."""
    assert opening(OWNER, tokyo(2027, 3, 1, 21, 30)) == tokyo(2027, 3, 2, 9, 0)


def test_an_answer_waits_for_nothing():
    """Who writes to us at midnight is answered at midnight."""
    night = tokyo(2027, 3, 1, 23, 59)
    assert route(Say(OWNER.id, "reply_noted", mode=Mode.REPLY), OWNER, night).send_at == night


def test_a_company_is_written_to_on_its_own_days():
    """On Tuesday nothing is begun with a company that closes on Tuesday and Wednesday."""
    assert opening(FIRM, tokyo(2027, 3, 2, 10, 0)) == tokyo(2027, 3, 4, 9, 0)


def test_silence_moves_to_the_next_channel():
    """The second question to somebody who did not answer goes by mail, the third by the first again."""
    ways = [route(Say(OWNER.id, "owner_ask", turn=turn), OWNER, tokyo(2027, 3, 1, 10)) for turn in range(3)]
    assert [way.address.channel for way in ways] == ["line", "email", "line"]


def test_who_has_no_address_gets_a_letter():
    """Nothing is dropped because a person has no channel."""
    nobody = Person("owner:O2", "佐藤")
    assert route(Say(nobody.id, "owner_ask"), nobody, tokyo(2027, 3, 1, 10)).address.channel == LETTER


def test_after_the_last_address_comes_paper():
    """A dead mail address is followed by a letter."""
    assert next_address(OWNER, "line", "U1").channel == "email"
    assert next_address(OWNER, "email", "a@example.jp").channel == LETTER


@given(instants, st.integers(0, 22), st.integers(1, 12))
def test_what_we_begin_is_always_inside_their_hours(now: datetime, start: int, length: int):
    """Whatever their hours and whenever it is, we begin inside them, not before now, and within a day."""
    end = min(start + length, 24)
    found = opening(Person("owner:O1", "山田", hours=(start, end)), now).astimezone(TOKYO)
    assert time(start) <= found.time() < (time(end) if end < 24 else time.max)
    assert now <= found <= now + timedelta(days=1)


@given(instants)
def test_the_day_after_is_another_day(now: datetime):
    """What is put off is said on a later civil day."""
    day: date = now.astimezone(TOKYO).date()
    assert day_after(FIRM, day).astimezone(TOKYO).date() > day


def test_the_last_word_reaches_the_address_that_has_just_ended():
    """Who stops a channel, or is erased, is answered where they wrote, although it is theirs no longer."""
    gone = replace(OWNER, addresses=())
    said = Say(OWNER.id, "reply_channel_ended", mode=Mode.REPLY, channel="line", address="U1")
    assert route(said, gone, tokyo(2027, 3, 1, 10)).address == Address("line", "U1")
