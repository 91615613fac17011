"""What stories about earthquakes and storms have in common: bulletins as the agency writes them, and who is there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.days import TOKYO
from bot.intake.bulletin import read_bulletin
from storage.bulletins import take_bulletin
from tests.stories.town import Town

SETAGAYA, SUGINAMI, WAJIMA = "1311200", "1311500", "1720400"
STAFF = "staff:desk"


def bulletin(
    areas: Mapping[str, str],
    *,
    info: str = "発表",
    serial: int = 1,
    told: str = "2026-11-01T22:10:00",
    at: str = "2026-11-01T22:05:00",
    number: str = "20261101220500",
    status: str = "通常",
) -> bytes:
    """A 震源・震度に関する情報 (VXSE53). Times are those of Tokyo; ``areas``: seven digits → what was felt there."""
    sent = datetime.fromisoformat(told) - timedelta(hours=9)
    cities = "".join(_city(code, level) for code, level in areas.items())
    body = (
        "<Text>震源・震度情報を取り消します。</Text>"
        if info == "取消"
        else f"<Earthquake><OriginTime>{at}+09:00</OriginTime><ArrivalTime>{at}+09:00</ArrivalTime>"
        '<Hypocenter><Area><Name>東京湾</Name><Code type="震央地名">350</Code></Area></Hypocenter>'
        '<jmx_eb:Magnitude type="Mj" description="Ｍ６．９">6.9</jmx_eb:Magnitude></Earthquake>'
        "<Intensity><Observation><MaxInt>6-</MaxInt><Pref><Name>東京都</Name><Code>13</Code><MaxInt>6-</MaxInt>"
        f"<Area><Name>東京都２３区</Name><Code>350</Code><MaxInt>6-</MaxInt>{cities}</Area></Pref>"
        "</Observation></Intensity>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        '<Report xmlns="http://xml.kishou.go.jp/jmaxml1/" xmlns:jmx="http://xml.kishou.go.jp/jmaxml1/">'
        f"<Control><Title>震源・震度に関する情報</Title><DateTime>{sent.isoformat()}Z</DateTime>"
        f"<Status>{status}</Status><EditorialOffice>気象庁本庁</EditorialOffice>"
        "<PublishingOffice>気象庁</PublishingOffice></Control>"
        '<Head xmlns="http://xml.kishou.go.jp/jmaxml1/informationBasis1/"><Title>震源・震度情報</Title>'
        f"<ReportDateTime>{told}+09:00</ReportDateTime><TargetDateTime>{told}+09:00</TargetDateTime>"
        f"<EventID>{number}</EventID><InfoType>{info}</InfoType><Serial>{serial}</Serial>"
        "<InfoKind>地震情報</InfoKind><InfoKindVersion>1.0_1</InfoKindVersion>"
        "<Headline><Text>　１日２２時０５分ころ、地震がありました。</Text></Headline></Head>"
        '<Body xmlns="http://xml.kishou.go.jp/jmaxml1/body/seismology1/" '
        f'xmlns:jmx_eb="http://xml.kishou.go.jp/jmaxml1/elementBasis1/">{body}</Body></Report>'
    ).encode()


def _city(code: str, level: str) -> str:
    told = "<Condition>震度５弱以上未入電</Condition>" if level == "?" else f"<MaxInt>{level}</MaxInt>"
    station = "震度５弱以上未入電" if level == "?" else level
    return (
        f"<City><Name>市</Name><Code>{code}</Code>{told}"
        f"<IntensityStation><Name>観測点</Name><Code>1311231</Code><Int>{station}</Int></IntensityStation></City>"
    )


async def comes(town: Town, raw: bytes) -> None:
    """A bulletin comes in, and the desk hears of it."""
    async with town.service.store.write() as connection:
        await take_bulletin(connection, town.service.store.pins, read_bulletin(raw), town.service.clock.now())
    await town.run()


async def at(town: Town, instant: str) -> None:
    """The clock is wound to that moment in Tokyo, and everything that is due then happens."""
    town.service.clock.fixed = datetime.fromisoformat(instant).replace(tzinfo=TOKYO)
    await town.run()


async def shaken(town: Town, **areas: str) -> None:
    """Last night the earth shook in Setagaya, the staff have seen it and let the asking begin; it is the morning."""
    await at(town, "2026-11-01T22:15")
    await comes(town, bulletin(areas or {SETAGAYA: "6-"}))
    await town.taps(STAFF, "event_release")
    await at(town, "2026-11-02T09:05")


def write(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path
