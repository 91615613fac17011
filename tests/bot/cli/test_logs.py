"""The log: one form for ours and the libraries', what a request or a row in hand is, and nothing of anybody's."""

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from fastapi import FastAPI
from starlette.requests import Request

from bot.cli.logs import configure_log, secrets_in
from handlers.web.app import EVERYWHERE
from handlers.web.traced import Traced

log = structlog.get_logger()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What stderr would hold; afterwards the log is as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_log("INFO", stream)
    yield stream
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:], root.level = before, level


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ours_and_the_libraries_have_one_form(written: io.StringIO):
    """One JSON object a line, each with its instant, its level and what happened."""
    log.warning("lease_lost", outbox=[3, 4])
    logging.getLogger("uvicorn.error").error("Exception in %s", "ASGI application")
    logging.getLogger("slack_bolt.App").warning("no")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("an old way of doing it", stacklevel=1)
    ours, *theirs = events(written)
    assert {name: ours[name] for name in ("event", "level", "outbox")} == {
        "event": "lease_lost",
        "level": "warning",
        "outbox": [3, 4],
    }
    assert [(one["logger"], one["level"]) for one in theirs] == [
        ("uvicorn.error", "error"),
        ("slack_bolt.App", "warning"),
        ("py.warnings", "warning"),
    ]
    assert all(one["timestamp"].endswith("+00:00") for one in [ours, *theirs])


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_libraries_tell_only_what_goes_wrong(written: io.StringIO, level: str):
    """What they say besides quotes requests and statements; ours is told from the level that was asked for."""
    stream = io.StringIO()
    configure_log(level, stream)
    for name in ("aiosqlite", "httpx", "sqlalchemy.engine", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).info("INSERT INTO people VALUES ('Taro')")
    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d")
    known = {"DEBUG": "abcd", "INFO": "bcd", "WARNING": "cd", "ERROR": "d"}
    assert "".join(one["event"] for one in events(stream)) == known[level]


def test_an_exception_is_told_by_its_kind_and_its_places(written: io.StringIO):
    """Its own words are left out: they quote what it choked on."""
    try:
        try:
            raise OSError(2, "no such file", "/home/Taro Yamada/letter.pdf")
        except OSError as error:
            raise ValueError("cannot read Taro Yamada") from error
    except ValueError:
        log.exception("round_failed")
    told = events(written)[0]["exception"]
    assert [one["type"] for one in told] == ["ValueError", "FileNotFoundError"]
    assert told[1]["errno"] == "ENOENT"
    assert all("test_logs.py:" in one["at"][-1] for one in told)
    assert "Taro" not in written.getvalue()


def test_groups_and_circles_of_exceptions_end(written: io.StringIO):
    """Whatever shape the trouble has."""
    one, other = ValueError("a"), KeyError("b")
    one.__context__, other.__context__ = other, one
    log.error("x", exc_info=ExceptionGroup("both", [one, TypeError("c")]))
    logging.getLogger("asyncio").error("lost", exc_info=(ValueError, one, None))
    assert {each["type"] for each in events(written)[0]["exception"]} == {
        "ExceptionGroup",
        "ValueError",
        "TypeError",
        "KeyError",
    }
    assert events(written)[1]["exception"][0]["type"] == "ValueError"


def test_what_is_told_of_values_is_redacted_at_any_depth(written: io.StringIO):
    """In lists, in mappings, as names, as objects with words of their own, and in what a library puts together."""
    log.error("a", who=["owner:O-H1", {"mail hanako@example.jp": ("090-1234-5678", 3)}], why=ValueError("'Taro'"))
    logging.getLogger("slack_bolt.App").warning("Unhandled request (%s)", {"text": "the roof leaks", "n": 5})
    told, theirs = events(written)
    assert told["who"] == ["owner:O-H1", {"mail …": ["…", 3]}]
    for word in ("Taro", "hanako", "1234", "roof"):
        assert word not in written.getvalue()
    assert theirs["event"].startswith("Unhandled request (")


def test_secrets_of_ours_are_known_by_what_they_are(monkeypatch: pytest.MonkeyPatch, written: io.StringIO):
    """Whatever they look like, and wherever a library puts them."""
    given = {
        "ENGAWA_SLACK_SIGNING_SECRET": "correct-horse",
        "ENGAWA_SECRET_KEY": "older-key newer-key",
        "ENGAWA_PROVIDER_TOKENS": "history.example.jp=lantern-token",
        "ENGAWA_SMTP_URL": "smtps://user:open%2Fsesame@mail.example.jp",
        "ENGAWA_HEARTBEAT_URL": "https://hc.example/ping/walrus",
        "ENGAWA_KEY_FILE": "engawa.key",
        "OTHER_TOKEN": "not-ours-at-all",
    }
    assert set(secrets_in(given)) >= {"correct-horse", "older-key", "newer-key", "lantern-token", "open/sesame"}
    assert not {"engawa.key", "not-ours-at-all"} & set(secrets_in(given))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    configure_log("INFO", stream)
    log.error("x", a="correct-horse older-key lantern-token open/sesame", b=given["ENGAWA_HEARTBEAT_URL"])
    for secret in ("correct", "older-key", "lantern", "sesame", "walrus"):
        assert secret not in stream.getvalue()


def test_what_came_in_a_file_is_as_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: io.StringIO):
    """A secret that no environment holds is hidden all the same."""
    (tmp_path / "ENGAWA_SMTP_URL").write_text("smtp://user:geheim99@127.0.0.1:1\n", "utf-8")
    monkeypatch.setenv("ENGAWA_SECRETS_DIR", str(tmp_path))
    stream = io.StringIO()
    configure_log("INFO", stream)
    log.error("x", a="tried with geheim99")
    assert "tried" in stream.getvalue()
    assert "geheim99" not in stream.getvalue()


def test_at_a_terminal_it_is_plain(written: io.StringIO):
    """A person reads it there; it says the same, and hides the same."""
    stream = Terminal()
    configure_log("INFO", stream)
    log.warning("file_not_kept", why="too large for hanako@example.jp")
    logging.getLogger("uvicorn.error").warning("late")  # one whose level nobody sets
    lines = stream.getvalue().splitlines()  # a warning of Python's own may fall in between
    first, second = (next(line for line in lines if word in line) for word in ("file_not_kept", "late"))
    assert "warning" in first
    assert "hanako" not in first
    assert not first.startswith("{")
    assert not second.startswith("{")


async def told_of(app: Any, *paths: str) -> None:
    """Requests one after the other in one task: nothing of one may stay for the next."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
        for path in paths:
            await client.get(path)


async def test_each_line_says_of_which_request_it_is(written: io.StringIO):
    """By a number of its own and by its route: the path is a key, and stands nowhere."""
    app = FastAPI(dependencies=EVERYWHERE)
    app.add_middleware(Traced)

    @app.get("/c/{token}")
    async def page(token: str) -> str:
        log.info("looked")
        await asyncio.create_task(later())
        return "x"

    async def later() -> None:
        log.info("behind")

    await told_of(app, "/c/secret-word", "/c/another-word")
    log.info("outside")
    *inside, outside = events(written)
    assert [(one["event"], one["route"], one["method"]) for one in inside] == [
        ("looked", "/c/{token}", "GET"),
        ("behind", "/c/{token}", "GET"),
    ] * 2
    numbers = [one["request"] for one in inside]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    assert not {"request", "route", "method"} & set(outside)
    assert "-word" not in written.getvalue()


async def test_a_request_that_fails_is_known_by_its_number(written: io.StringIO):
    """The server tells of it outside of everything, and still says which it was; the next one is another."""
    app = FastAPI(dependencies=EVERYWHERE)
    app.add_middleware(Traced)

    @app.get("/c/{token}")
    async def page(request: Request, token: str) -> str:
        log.info("looked")
        raise ValueError(f"cannot show {token}")

    async def served(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except ValueError as error:  # as uvicorn does
            logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)

    await told_of(served, "/c/secret-word", "/c/another-word")
    looked, failed, *_ = events(written)
    assert failed["request"] == looked["request"]
    assert failed["route"] == "/c/{token}"
    assert failed["exception"][0]["type"] == "ValueError"
    assert len({one["request"] for one in events(written)}) == 2
    assert "-word" not in written.getvalue()
