"""An answer on a narrow terminal."""

import pytest

from bot.cli.layout import show

LINK = f"https://engawa.example.jp/staff/enter/{'x' * 80}"


def test_a_link_is_copied_in_one_piece(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """An entrance that was folded opens nothing; what is only long is folded as ever."""
    monkeypatch.setenv("COLUMNS", "60")
    show({"staff": {"id": "staff:sato", "entrance": LINK, "note": "y" * 80}})
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith(LINK)]
    assert max(len(line) for line in lines if LINK not in line) <= 60
