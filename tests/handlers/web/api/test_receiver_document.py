"""The receiver of docs/api.md, run as it stands there: it takes what we sign, once, and nothing else."""

import re
import threading
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from bot.channels.submitter_http.channel import SubmitterChannel
from bot.core.delivery import Outcome
from bot.core.hook import News
from bot.core.signature import written_secret
from scheduler.clock import machine_now
from tests.bot.channels.submitter_http.test_submitter_channel import news
from tests.handlers.web.api.test_api_document import PAGE

KEY = b"r" * 32
(EXAMPLE,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


async def test_the_receiver_takes_what_we_sign_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("WEBHOOK_SECRET", written_secret(KEY))
    known: dict[str, Any] = {"__name__": "receiver"}
    exec(compile(EXAMPLE, "docs/api.md", "exec"), known)  # the page's own words
    monkeypatch.setattr(known["Receiver"], "log_message", lambda *_: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), known["Receiver"]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        ours, other = [SubmitterChannel(lambda name, key=key: key, machine_now, own=True) for key in (KEY, b"x" * 32)]  # type: ignore[misc]
        late = SubmitterChannel(lambda name: KEY, lambda: machine_now().replace(year=2020), own=True)
        same = news(url)
        outcomes = [(await one.send(same)).outcome for one in (other, late, ours, ours)]
        for one in (ours, other, late):
            await one.close()
        server.shutdown()
    assert outcomes == [Outcome.LATER, Outcome.LATER, Outcome.SENT, Outcome.SENT]
    told = capsys.readouterr().out.strip().splitlines()
    assert len(told) == 1
    assert "work.due" in told[0]


def test_the_page_tells_of_everything_that_is_told():
    """Each by its whole name, or as one of several that begin alike."""
    for one in News:
        first, _, last = one.partition(".")
        assert f"`{one}`" in PAGE or (f"`{first}." in PAGE and f"`.{last}`" in PAGE), one
