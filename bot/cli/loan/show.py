"""`engawa loan show`: one edition: its rates and reductions, its rules with their limits, and whom to ask."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.loan.edition import STATUS, At, Language, headed, named, spoken, today, told
from bot.cli.loan.table import show_words
from bot.cli.opening import print_json
from bot.config import SettingsError
from bot.core.municipality import PREFECTURES
from bot.programmes.check import as_json as plain
from bot.programmes.described import described, offices, summary
from bot.programmes.edition import Edition, Status
from bot.programmes.milestones import Step, duties, steps
from bot.programmes.rule import rules
from templates.catalogue import LANGUAGES
from templates.loan_list import list_words

AsJson = Annotated[bool, typer.Option("--json", help="answer as one line of JSON")]
Name = Annotated[str, typer.Argument(metavar="EDITION", help="an edition, as `engawa loan list` names it")]
Where = Annotated[str, typer.Option("--prefecture", help="only the offices that serve it, such as 富山県")]
Words = Mapping[str, Any]
SECTIONS = ("milestone", "duty", "printed")


def command(
    name: Name, prefecture: Where = "", at: At = "", language: Language = "ja", as_json: AsJson = False
) -> None:
    """An edition: where it stands, its rates, its rules with limits and sources, and its offices."""
    if prefecture and prefecture not in PREFECTURES:
        raise SettingsError(f"--prefecture {prefecture[:20]}: a prefecture such as 富山県 is wanted")
    edition, on = named(name), today(at)
    print_json(shown(edition, on, prefecture)) if as_json else _show(edition, on, prefecture, spoken(language))


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


def _show(edition: Edition, on: date, prefecture: str, language: str) -> None:
    """In one language; names of offices and places stay as they are."""
    words = list_words(language)
    typer.echo(headed(edition, on, language))
    if not prefecture:
        _rates(edition.data.get("rates", {}), words)
        rules_told = shown(edition, on)["rules"]
        lines = [
            (
                one["rule"].split("/")[1],
                _title(one, edition, on, language),
                one[f"limit_{language}"] or str(one["limit"]),
            )
            for one in rules_told
        ]
        show_words(words["rules"], lines)
        _steps(edition, words)
        for duty in duties(edition):
            typer.echo(f"- {words['duties'][duty.code]}")
    _offices(edition, prefecture, language)


def _title(told: Mapping[str, Any], edition: Edition, on: date, language: str) -> str:
    """What a rule is about; of one that is not asked as long as its edition, whether it is."""
    title, status = str(told[f"title_{language}"]), Status(told["status"])
    own = "" if status is edition.status(on) else f"[{STATUS[status][LANGUAGES.index(language)]}] "
    return own + title


def _steps(edition: Edition, words: Words) -> None:
    """The way to the money; by the loan's own days it is told at its house."""
    found = [
        (
            str(one.number),
            words["tell_as"].get(one.code, words["step"][one.code]),
            words["told"] if one.told else "",
            _papers(one, words),
        )
        for step in steps(edition)
        for one in (step, *step.parts)
    ]
    if found:
        show_words(words["steps"], found)


def _papers(step: Step, words: Words) -> str:
    return ", ".join(words["documents"][code] for code in step.documents)


def _rates(rates: Mapping[str, Any], words: Words) -> None:
    """Percent a year, as printed."""
    rows = [(_conditions(one, words), words["rate"].format(rate=one["rate_pct"])) for one in rates.get("reference", ())]
    for one in rates.get("reduction", ()):
        earned = words["plus"].join(words["earned"][code] for code in one["codes"])
        rows.append((earned, words["off"].format(off=one["off_pct"], years=one["years"])))
    if rows:
        show_words(words["rates"], rows)


def _conditions(rate: Mapping[str, Any], words: Words) -> str:
    if "fixed_years" in rate:
        fixed = words["years"].format(years=rate["fixed_years"])
        return f"{fixed}, {words['restricted' if rate['restricted'] else 'free']}"
    return f"{words['terms'][rate['term']]}, {words['terms'][rate['ratio']]}"


def _offices(edition: Edition, prefecture: str, language: str) -> None:
    contacts, words = edition.data.get("contacts", {}), list_words(language)
    found = offices(edition, prefecture)
    if found:
        lines = [
            (
                one["phone"],
                f"{one.get('of', '')} {one['name']}".strip(),
                " ".join(one.get("prefectures", [words["every"]])),
            )
            for one in found
        ]
        show_words(words["offices"], lines)
    else:
        typer.echo(words["no_office"])
    hours = contacts.get("hours", ["", ""])[LANGUAGES.index(language)]
    for line in (hours, contacts.get("url", "")):
        if line:
            typer.echo(line)
