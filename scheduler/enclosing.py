"""What goes with a message besides its words: links to what it tells of, and files."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from bot.core.delivery import Enclosure, Envelope
from bot.core.links import MessageLinks
from bot.core.people import Role
from scheduler.post import Post
from storage.claims import Claimed

MOST_OPENED = 4  # links in one message; the page that it leads to shows them all
LARGEST_ENCLOSED = 8 << 20  # bytes, of all files together: many a mail server takes ten MiB, and coded they are longer
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What can only be done on a page of the house, since a name stands in it: a change of owners.
OF_OWNERS = frozenset({"change", "bereavement", "no_owner", "option_used", "guarantor_death"})
ABOUT_A_CASE = ("staff_alert", "staff_moved")
BROUGHT = ("reply_intake_taken", "reply_intake_look")  # what a company is answered whose files came by mail


def opens(post: Post, claimed: Claimed, links: MessageLinks) -> tuple[tuple[str, str], ...]:
    """Where the papers lie that a message tells of, one link for each house; where its reader signs in, does what only
    the console can, sees what became of the files that came, finds what a colleague gave them, or reads the whole of
    what they are asked to agree to."""
    words = post.renderer.catalogue.words[claimed.language]
    if any(part["kind"] == "staff_login" for part in claimed.parts):
        return ((words["sign_in"], post.links.login(claimed.id)),)
    given = tuple(dict.fromkeys(part["case"] for part in claimed.parts if part["kind"] == "staff_given"))
    if given:
        return _given(post, words, given)
    asked = next((part for part in claimed.parts if part["kind"] == "consent_ask"), None)
    if asked is not None:
        version = str(asked["params"].get("version", ""))  # of the text that a yes to this very message agrees to
        return ((words["full_text"], post.links.contract(claimed.language, "consent", version)),)
    if claimed.person.role is Role.STAFF:
        return tuple(dict.fromkeys(_at_console(post, claimed, words)))[:MOST_OPENED]
    brought = [(words[word].format(place=file["place"]), links.intake + path) for file, word, path in _brought(claimed)]
    houses = dict.fromkeys(part["house"] for part in claimed.parts if part["kind"] == "servicer_pack")
    label = words["papers"] if len(houses) == 1 else words["papers_of"]
    papers = [(label.format(house=house), links.papers + quote(house, safe="")) for house in houses]
    return tuple((papers + brought)[:MOST_OPENED])


def _given(post: Post, words: Mapping[str, Any], case_ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The cases that one of the staff was given; where they are many, their own list."""
    if len(case_ids) > MOST_OPENED:
        return ((words["own_list"], post.links.console("?whose=mine")),)
    return tuple(_case_page(post, words, case) for case in case_ids)


def _case_page(post: Post, words: Mapping[str, Any], case_id: str) -> tuple[str, str]:
    return words["case_page"].format(case=case_id), post.links.console(f"case/{quote(case_id, safe='')}")


def _at_console(post: Post, claimed: Claimed, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Where the staff find what they cannot do, or read, in the channel itself: no name may stand there."""
    for part in claimed.parts:
        house = quote(part["house"], safe="")
        if part["kind"] == "staff_lapse_undo":
            yield words["house_page"].format(house=part["house"]), post.links.console(f"houses/{house}")
        if part["kind"] in ABOUT_A_CASE and part["params"].get("reason") in OF_OWNERS:
            yield _case_page(post, words, part["case"])
            yield words["owners_page"].format(house=part["house"]), post.links.console(f"houses/{house}/owners")


def _brought(claimed: Claimed) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """Each file with the word of its link, and where on the company's page that leads."""
    for file in _files(claimed):
        if file["number"]:
            yield file, "intake_taken", str(file["number"])
        elif file["lies"]:
            yield file, "intake_look", f"sent/{file['lies']}"


def _files(claimed: Claimed) -> list[Mapping[str, Any]]:
    return [file for part in claimed.parts if part["kind"] in BROUGHT for file in part["params"]["files"]]


async def with_files(post: Post, claimed: Claimed, ready: Envelope) -> Envelope:
    """With the file that goes along, for a machine; with their marked copies, for who sent files. One that is gone
    since goes along no more."""
    if post.files is None:
        return ready
    ref = ready.record.get("enclose", "")
    found = await post.files.read(ref) if ref else None
    copies = [await _copy(post, file) for file in _files(claimed) if file["marked"]]
    attached: tuple[Enclosure, ...] = ()
    for copy in copies:
        if copy is not None and sum(len(one.data) for one in (*attached, copy)) <= LARGEST_ENCLOSED:
            attached = (*attached, copy)
    return replace(ready, enclosed=Enclosure(ref, *found) if found else None, attached=attached)


async def _copy(post: Post, file: Mapping[str, Any]) -> Enclosure | None:
    assert post.files is not None
    data = await post.files.kept(file["marked"])
    return Enclosure(f"{file['place']}.marked.xlsx", data, XLSX) if data is not None else None
