"""`engawa check`: one answer to whether it is ready and well."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.cli.audit import audited
from bot.cli.check import looked_at
from engawa_fakes.line import FakeLine
from engawa_fakes.slack import FakeSlack
from engawa_fakes.telegram import FakeTelegram
from storage.tables import outbox
from tests.bot.channels.slack.conftest import environment as of_slack
from tests.stories.town import Town, town_at

Run = Callable[..., Any]


async def seen(town: Town) -> dict[str, tuple[str, str]]:
    return {line.about: (line.state, line.said) for line in await looked_at(town.service)}


@pytest.fixture
def platforms(
    fake_line: FakeLine, fake_telegram: FakeTelegram, fake_slack: FakeSlack, smtp_sink: Any
) -> dict[str, str]:
    """The settings of four platforms on loopback."""
    return {
        "ENGAWA_LINE_CHANNEL_SECRET": fake_line.secret,
        "ENGAWA_LINE_CHANNEL_TOKEN": fake_line.token,
        "ENGAWA_LINE_API_BASE": fake_line.url,
        "ENGAWA_TELEGRAM_TOKEN": fake_telegram.token,
        "ENGAWA_TELEGRAM_API_BASE": fake_telegram.api,
        "ENGAWA_SMTP_URL": smtp_sink.url,
        **of_slack(fake_slack),
    }


def at(folder: Path, environment: dict[str, str]):
    return town_at(folder, f"sqlite:///{folder / 'engawa.db'}", "2026-11-01", environment)


async def test_every_platform_is_really_asked(tmp_path: Path, platforms: dict[str, str], fake_line: FakeLine):
    """Each answers to our keys, and nothing is sent to anybody."""
    async with at(tmp_path, platforms) as town:
        lines = await seen(town)
    assert {name: lines[name][0] for name in ("line", "telegram", "slack", "email", "chat")} == dict.fromkeys(
        ("line", "telegram", "slack", "email", "chat"), "ok"
    )
    assert [call.path for call in fake_line.calls] == ["/v2/bot/info"]


@pytest.mark.parametrize(
    ("channel", "wrong"),
    [
        ("line", {"ENGAWA_LINE_CHANNEL_TOKEN": "another-line-token-123"}),
        ("line", {"ENGAWA_LINE_API_BASE": "http://127.0.0.1:1"}),
        ("telegram", {"ENGAWA_TELEGRAM_TOKEN": "123456:another-telegram-token-1234567890"}),
        ("telegram", {"ENGAWA_TELEGRAM_API_BASE": "http://127.0.0.1:1/bot"}),
        ("slack", {"ENGAWA_SLACK_BOT_TOKEN": "xoxb-another-slack-token"}),
        ("slack", {"ENGAWA_SLACK_API_BASE": "http://127.0.0.1:1/api/"}),
        ("email", {"ENGAWA_SMTP_URL": "smtp://user:open-sesame@127.0.0.1:1"}),
        ("email", {"ENGAWA_IMAP_URL": "imap://user:open-sesame@127.0.0.1:1"}),
        ("guarantor_http", {"ENGAWA_GUARANTOR_URL": "http://127.0.0.1:1", "ENGAWA_GUARANTOR_SECRET": "s" * 16}),
    ],
)
async def test_a_platform_that_turns_us_away_is_not_ok(
    tmp_path: Path, platforms: dict[str, str], channel: str, wrong: dict[str, str]
):
    """With a wrong key, or nobody there: that line alone, with what to do and without the key."""
    async with at(tmp_path, platforms | wrong) as town:
        lines = await seen(town)
    assert [name for name, (state, _) in lines.items() if state == "not ok"] == [channel]
    said = lines[channel][1]
    assert "README.md" in said
    for secret in [*wrong.values(), "open-sesame"]:
        assert secret not in str(lines)


async def test_it_says_whether_the_service_is_well(tmp_path: Path):
    """What is found, what is late, and whose outcome nobody knows."""
    async with at(tmp_path, {}) as town:
        await town.companies()
        await town.house()
        await town.skip_to("2027-02-01")
        assert (await seen(town))["audit"][0] == "to do"
        assert await audited(town.service, "") == []
        assert (await seen(town))["audit"] == ("ok", "")
        await town.skip_clock("2027-02-05")
        assert (await seen(town))["audit"][0] == "not ok"
        async with town.service.store.write() as connection:
            await connection.execute(text("UPDATE cases SET next_action_at = NULL"))
            await connection.execute(update(outbox).values(state="waiting"))
        await audited(town.service, "")
        lines = await seen(town)
        assert lines["audit"][0] == lines["sending"][0] == "not ok"
        assert "engawa audit" in lines["audit"][1]
        async with town.service.store.write() as connection:
            await connection.execute(update(outbox).values(state="unknown"))
        assert (await seen(town))["outbox unknown"][0] == "to do"


def test_a_new_installation_is_ready_and_is_told_what_is_left(engawa: Run):
    """Nothing is missing that it needs; what real people would want is listed beside."""
    done = engawa("check")
    assert done.status == 0
    assert "all is ready" in done.out
    assert "to do   pages: " in done.out
    assert "not ok" not in done.out
    told = json.loads(engawa("check", "--json").out)
    assert told["ready"] is True
    assert {"about": "database", "state": "ok", "said": "sqlite"} in told["checks"]


@pytest.mark.parametrize(
    "settings",
    [
        {"database_url": "postgresql://user:open-sesame@127.0.0.1:1/x"},
        {"line_channel_token": "a-token-without-a-secret"},
        {"events_secret": "short"},
        {"public_url": "http://engawa.example.jp"},
        {"public_url": "https://127.0.0.2:1"},
    ],
)
def test_what_cannot_be_used_is_not_ok(engawa: Run, settings: dict[str, str]):
    """In one line, with exit status 1 and no secret; as JSON too."""
    done = engawa("check", **settings)
    assert (done.status, done.err) == (1, "")
    assert done.out.count("not ok  ") == 1
    assert done.out.endswith("1 not ok\n")
    told = json.loads(engawa("check", "--json", **settings).out)
    assert told["ready"] is False
    for secret in ("open-sesame", "a-token-without-a-secret"):
        assert secret not in done.out + json.dumps(told)


def test_what_only_this_machine_was_told_is_left_open(engawa: Run):
    """With keys of its own, an office and a watch outside, those lines are gone."""
    given = {"secret_key": "k" * 20, "record_key": "r" * 20, "office_phone": "03-0000-0000"}
    before, after = engawa("check").out, engawa("check", **given, heartbeat_url="https://hc.example/x").out
    for about in ("keys", "office", "heartbeat"):
        assert f"to do   {about}: " in before
        assert f"to do   {about}: " not in after
