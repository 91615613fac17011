"""A bulletin of the meteorological agency, and whatever else may be handed in as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import TOKYO
from bot.core.event import UNREPORTED, Hazard
from bot.intake.bulletin import LARGEST, BulletinError, read_bulletin
from tests.stories.event_town import SETAGAYA, WAJIMA, bulletin

USUAL = bulletin({SETAGAYA: "6-", WAJIMA: "7"})
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))


def test_what_it_tells():
    told = read_bulletin(USUAL)
    assert told.areas == {"13112": "6弱", "17204": "7"}
    assert (told.event, told.hazard, told.serial) == ("jma-20261101220500", Hazard.EARTHQUAKE, 1)
    assert told.at is not None
    assert told.at.astimezone(TOKYO).isoformat() == "2026-11-01T22:05:00+09:00"
    assert told.told_at.astimezone(TOKYO).isoformat() == "2026-11-01T22:10:00+09:00"


@pytest.mark.parametrize(
    ("written", "meant"), [("4", "4"), ("5-", "5弱"), ("5+", "5強"), ("6+", "6強"), ("7", "7"), ("?", UNREPORTED)]
)
def test_the_levels(written, meant):
    assert read_bulletin(bulletin({SETAGAYA: written})).areas == {"13112": meant}


def test_a_station_that_is_not_heard_of_beside_weaker_ones():
    """The agency says so in the city's condition, and the city's own strongest is only what was heard."""
    raw = bulletin({SETAGAYA: "4"}).replace(
        b"<MaxInt>4</MaxInt><IntensityStation>",
        "<MaxInt>4</MaxInt><Condition>震度５弱以上未入電</Condition><IntensityStation>".encode(),
    )
    assert read_bulletin(raw).areas == {"13112": UNREPORTED}


def test_a_correction_and_a_cancellation():
    assert read_bulletin(bulletin({SETAGAYA: "5+"}, info="訂正", serial=2)).areas == {"13112": "5強"}
    gone = read_bulletin(bulletin({}, info="取消", serial=3))
    assert (gone.cancelled, gone.areas, gone.at) == (True, {}, None)


@pytest.mark.parametrize("status", ["訓練", "試験"])
def test_a_drill_is_no_earthquake(status):
    with pytest.raises(BulletinError, match="drill"):
        read_bulletin(bulletin({SETAGAYA: "7"}, status=status))


def far(raw: bytes) -> bytes:
    """The same as a 遠地地震に関する情報: of the same kind, under a title of its own, and without a place here."""
    return raw.replace("<Title>震源・震度情報</Title>".encode(), "<Title>遠地地震に関する情報</Title>".encode())


@pytest.mark.parametrize("info", ["発表", "取消"])
def test_an_earthquake_on_the_other_side_of_the_world_is_none_here(info):
    """Nor is its cancellation: what was never proposed must not stand on the list as called off."""
    with pytest.raises(BulletinError, match="far away"):
        read_bulletin(far(bulletin({}, info=info)))


def test_a_bulletin_over_several_prefectures_that_goes_on_being_revised():
    """As the later ones of a large earthquake are: places added and raised (追加, 上方修正), stations not heard of."""
    city = "<City><Name>市</Name><Code>{}</Code><MaxInt>{}</MaxInt>{}</City>".format
    station = "<IntensityStation><Name>観測点＊</Name><Code>{}</Code><Int>{}</Int>{}</IntensityStation>".format
    silent = "<Condition>震度５弱以上未入電</Condition>"
    areas = (
        ("岩手県", "03", city("0321500", "6+", "<Revise>上方修正</Revise>" + station("0321531", "6+", ""))),
        ("岩手県", "03", city("0320600", "4", silent + station("0320620", "震度５弱以上未入電", ""))),
        ("宮城県", "04", city("0421300", "6+", station("0421330", "6+", "<Revise>追加</Revise>"))),
        ("宮城県", "04", f"<City><Name>市</Name><Code>0422800</Code>{silent}</City>"),
        ("宮城県", "04", city("0421300", "5+", "")),  # a municipality may stand in two areas
    )
    prefectures = "".join(
        f"<Pref><Name>{name}</Name><Code>{code}</Code><MaxInt>6+</MaxInt><Revise>上方修正</Revise>"
        f"<Area><Name>区域</Name><Code>211</Code><MaxInt>6+</MaxInt>{told}</Area></Pref>"
        for name, code, told in areas
    )
    before, _, rest = bulletin({WAJIMA: "3"}, serial=3).decode().partition("<Pref>")
    told = read_bulletin(f"{before}{prefectures}{rest.partition('</Pref>')[2]}".encode())
    assert told.areas == {"03215": "6強", "03206": UNREPORTED, "04213": "6強", "04228": UNREPORTED}
    assert told.serial == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not xml",
        b"<Report/>",
        USUAL[: len(USUAL) // 2],
        USUAL.replace("震源・震度に関する情報".encode(), "津波情報".encode()),
        USUAL.replace(b"1311200", b"9911200"),
        USUAL.replace(b"<MaxInt>7</MaxInt><Intensity", b"<MaxInt>9</MaxInt><Intensity"),
        USUAL.replace(b"20261101220500", b"../../etc/passwd"),
        USUAL.replace(b"<DateTime>2026-11-01T13:10:00Z", b"<DateTime>yesterday"),
        USUAL.replace(b"<DateTime>2026-11-01T13:10:00Z", b"<DateTime>2026-11-01T13:10:00"),
        USUAL.decode().encode("utf-16")[3:],
        USUAL.replace(b"UTF-8", b"no-such-code"),
        bulletin({}),
    ],
    ids=range(13),
)
def test_rubbish_is_refused(raw):
    with pytest.raises(BulletinError):
        read_bulletin(raw)


@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE Report [<!ENTITY e0 "x">{ENTITIES}]>',
        '<!DOCTYPE Report [<!ENTITY e19 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Report SYSTEM "http://127.0.0.1:1/evil.dtd">',
    ],
)
def test_what_expands_or_reaches_out_is_never_begun(declared):
    raw = USUAL.replace(b"<Report ", f"{declared}<Report ".encode(), 1).replace(b"<Name>", b"<Name>&e19;", 1)
    with pytest.raises(BulletinError, match="document type"):
        read_bulletin(raw)


def test_neither_depth_nor_size_hurts():
    with pytest.raises(BulletinError, match="too deep"):
        read_bulletin(b"<a>" * 100_000)
    with pytest.raises(BulletinError, match="larger"):
        read_bulletin(b" " * (LARGEST + 1))


@given(st.binary(max_size=300))
def test_whatever_comes_is_answered(raw):
    with pytest.raises(BulletinError):
        read_bulletin(raw)


@given(st.integers(0, len(USUAL) - 1), st.binary(min_size=1, max_size=3))
def test_a_bulletin_that_was_spoilt_is_read_or_refused(place, spoilt):
    try:
        told = read_bulletin(USUAL[:place] + spoilt + USUAL[place + len(spoilt) :])
    except BulletinError:
        return
    assert told.event.startswith("jma-")
