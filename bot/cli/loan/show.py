"""`engawa loan show`: one edition: its rates and reductions, its rules with their limits, and whom to ask."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import At, named, today, told
from bot.cli.loan.table import show_words
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.core.municipality import PREFECTURES
from bot.programmes.check import as_json as plain
from bot.programmes.described import described, offices, summary
from bot.programmes.edition import Edition
from bot.programmes.rule import rules

AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Name = Annotated[str, typer.Argument(metavar="EDITION", help="an edition, as `engawa loan list` names it")]
Where = Annotated[str, typer.Option("--prefecture", help="only the offices that serve it, such as 富山県")]
SECTIONS = ("milestone", "duty", "printed")


def command(name: Name, prefecture: Where = "", at: At = "", as_json: AsJson = False) -> None:
    """An edition: where it stands, its rates, its rules with limits and sources, and its offices."""
    if prefecture and prefecture not in PREFECTURES:
        raise SettingsError(f"--prefecture {prefecture[:20]}: a prefecture such as 富山県 is wanted")
    edition, on = named(name), today(at)
    print_json(shown(edition, on, prefecture)) if as_json else _show(edition, on, prefecture)


def shown(edition: Edition, on: date, prefecture: str = "") -> dict[str, Any]:
    """All that is known of an edition, as plain values."""
    contacts = {key: plain(value) for key, value in edition.data.get("contacts", {}).items() if key != "office"}
    return {
        **summary(edition, on),
        **told(edition, on),
        "rates": plain(edition.data.get("rates", {})),
        "rules": [described(each, on) for each in rules().values() if each.edition is edition],
        "contacts": contacts | {"office": offices(edition, prefecture)},
        **{f"{section}s": plain(edition.data[section]) for section in SECTIONS if section in edition.data},
    }


def _show(edition: Edition, on: date, prefecture: str) -> None:
    head = told(edition, on)
    typer.echo(f"{edition.name_ja}（{head['status_ja']}）")
    typer.echo(f"{edition.name_en}, {head['status_en']}")
    typer.echo(edition.source_ja)
    if prefecture:
        _offices(edition, prefecture)
        return
    _rates(edition.data.get("rates", {}))
    lines = [
        (each["rule"].split("/")[1], each["title_ja"], each["limit_ja"] or str(each["limit"]))
        for each in shown(edition, on)["rules"]
    ]
    show_words(("rule", "項目", "基準"), lines)
    for duty in edition.data.get("duty", ()):
        typer.echo(f"- {duty['code']}: {duty.get('source', '')}")
    _offices(edition, "")


def _rates(rates: Mapping[str, Any]) -> None:
    """Percent a year, as printed."""
    rows = [(_conditions(one), f"{one['rate_pct']} %") for one in rates.get("reference", ())]
    rows += [
        (" + ".join(one["codes"]), f"-{one['off_pct']} %, {one['years']} years") for one in rates.get("reduction", ())
    ]
    if rows:
        show_words(("rate", "a year"), rows)


def _conditions(rate: Mapping[str, Any]) -> str:
    if "fixed_years" in rate:
        return f"fixed for {rate['fixed_years']} years, {'restricted' if rate['restricted'] else 'free'} prepayment"
    return f"{rate['term']}, {rate['ratio']}".replace("_", " ")


def _offices(edition: Edition, prefecture: str) -> None:
    contacts = edition.data.get("contacts", {})
    found = offices(edition, prefecture)
    if found:
        show_words(
            ("電話", "窓口", "地域"),
            [
                (one["phone"], f"{one.get('of', '')} {one['name']}".strip(), " ".join(one.get("prefectures", ["全国"])))
                for one in found
            ],
        )
    else:
        typer.echo("この資料には窓口の記載がありません。")
    for line in (contacts.get("hours", [""])[0], contacts.get("url", "")):
        if line:
            typer.echo(line)
