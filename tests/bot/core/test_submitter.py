"""What a submitter may touch, for whatever house and whichever companies."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.submitter import OPERATOR, HeldHouse, Submitter, SubmitterKind, may_touch, other_owner, wrong_companies

COMPANIES = st.sampled_from(["B1", "B2", "B3"])
HOUSES = st.builds(
    HeldHouse,
    builder=COMPANIES,
    servicer=COMPANIES | st.none(),
    backup=COMPANIES | st.none(),
    left=st.frozensets(COMPANIES),
    owner_id=st.sampled_from(["O1", "O2"]),
    owner_name=st.sampled_from(["山田", "佐藤"]),
    agreed=st.booleans(),
    guaranteed=st.booleans(),
)
GUARANTOR = Submitter("G1", SubmitterKind.GUARANTOR, companies=frozenset({"G1"}))
SUBMITTERS = st.builds(
    Submitter, id=COMPANIES, kind=st.just(SubmitterKind.BUILDER), companies=st.frozensets(COMPANIES, max_size=2)
)
NAMED = st.fixed_dictionaries(
    {"builder_id": COMPANIES, "servicer_id": COMPANIES, "backup_servicer_id": COMPANIES | st.none()}
)


@given(SUBMITTERS, HOUSES)
def test_only_a_builder_or_servicer_touches_a_house(who: Submitter, held: HeldHouse):
    """And a builder that has left it only as its servicer."""
    mine = may_touch(who, held)
    assert not mine or who.companies & {held.builder, held.servicer}
    assert held.servicer not in who.companies or mine
    if held.builder in held.left and held.servicer not in who.companies:
        assert not mine


@given(HOUSES, NAMED)
def test_the_operators_touch_everything(held: HeldHouse, named: dict[str, str | None]):
    assert may_touch(OPERATOR, held)
    assert wrong_companies(OPERATOR, named, held) == ()


@given(HOUSES, NAMED)
def test_the_guarantor_touches_what_it_guarantees_and_moves_none_of_it(held: HeldHouse, named: dict[str, str | None]):
    assert may_touch(GUARANTOR, held) == held.guaranteed
    stands = {"builder_id": held.builder, "servicer_id": held.servicer, "backup_servicer_id": held.backup}
    moved = {field for field, company in named.items() if company and company != stands[field]}
    assert set(wrong_companies(GUARANTOR, named, held)) == moved
    assert wrong_companies(GUARANTOR, named, None) == ()


@given(SUBMITTERS, HOUSES | st.none(), NAMED)
def test_what_is_named_rightly_stays_theirs(who: Submitter, held: HeldHouse | None, named: dict[str, str | None]):
    """Nobody gives a house away, or names a company that does not stand there."""
    if wrong_companies(who, named, held):
        return
    after = HeldHouse(named["builder_id"], named["servicer_id"])
    assert may_touch(who, after)
    assert {one for one in named.values() if one} <= who.companies | (held.companies if held else frozenset())


@given(HOUSES, st.sampled_from(["O1", "O2"]) | st.none(), st.sampled_from(["山田", "佐藤"]))
def test_who_has_agreed_is_not_replaced(held: HeldHouse, owner_id: str | None, name: str):
    field = other_owner(held, owner_id, name, None)
    same = owner_id == held.owner_id if owner_id else name == held.owner_name
    assert bool(field) == (held.agreed and not same)
    assert other_owner(replace(held, agreed=False), owner_id, name, frozenset({"鈴木"})) == ""
