"""What really comes out of the deciding code, with the particulars it really gives, can be said in both languages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.action import Action
from bot.core.advance import advance
from bot.core.candidates import Company, Ranked
from bot.core.case import Candidacy, Scene
from bot.core.days import civil
from bot.core.meaning import Context, Intent
from bot.core.outcome import Outcome, Say, Talk
from bot.core.people import MACHINES, Person, Role
from bot.core.turn import Claim, Reply, Turn
from bot.language.understand import understand
from handlers import guest, owner, servicer, staff
from templates.catalogue import LANGUAGES
from tests.templates.samples import (
    CATALOGUE,
    HOUSEHOLD,
    NOW,
    OWNER,
    RENDERER,
    SERVICER,
    desk_scene,
    milestone_scenes,
    part,
    scenes,
    with_matter,
)
from tests.templates.spoken import ROOT
from tests.templates.test_kinds import understood

DECIDES = {Role.OWNER: owner.reply, Role.SERVICER: servicer.reply, Role.STAFF: staff.reply, Role.GUEST: guest.reply}
DESK = Person("staff:desk", "事務局")
PEOPLE = {Role.OWNER: OWNER, Role.SERVICER: SERVICER, Role.STAFF: DESK, Role.GUEST: Person("guest:line-1", "")}
QUESTIONS: dict[str, dict[str, Any]] = {
    "": {},
    "ask_date": {"cases": ["H-0001-1"], "result": "ok", "performer": ""},
    "confirm_date": {"cases": ["H-0001-1"], "date": "2027-02-20", "result": "ok", "performer": ""},
    "ask_result": {"cases": ["H-0001-1"], "date": "2027-02-20", "sure": True, "performer": "あおぞら建設"},
    "ask_check": {"cases": ["H-0001-1"], "date": "2027-02-20", "sure": True, "result": "ok", "performer": ""},
    "ask_day": {"verb": "wish"},
    "confirm_day": {"verb": "wish", "date": "2027-02-25"},
    "ask_offer": {},
    "confirm_offer": {"days": ["2027-02-25", "2027-02-27"]},
    "end_support": {},
    "erase": {},
    "consent": {},
    "ask_reason": {},
}
WORDS = (
    ("昨日終わりました。異常なしです", Context.REMINDER_DUE),
    ("2月20日に終わりました", Context.REMINDER_DUE),
    ("あおぞら建設に見てもらいました。2月20日、異常なしです", Context.REMINDER_DUE),
    ("2020年3月1日に終わりました", Context.ASK_DATE),
    ("2024年3月1日に終わりました", Context.ASK_DATE),
    ("3月5日に終わりました", Context.ASK_DATE),
    ("まだです", Context.OVERDUE),
    ("来月にしてください", Context.REMINDER_DUE),
    ("3月10日にお願いします", Context.ASK_DATE),
    ("3月10日、3月12日なら行けます", Context.ASK_DATE),
    ("2月1日にお願いします", Context.ASK_DATE),
    ("ガス臭い", Context.NONE),
    ("雨漏りしています", Context.NONE),
    ("担当者と話したい", Context.NONE),
    ("停止", Context.NONE),
    ("夜は送らないでください", Context.NONE),
    ("支援をやめたいので停止してください", Context.NONE),
    ("個人情報を消してください", Context.NONE),
    ("同意します", Context.ASK_CONSENT),
    ("同意しません", Context.ASK_CONSENT),
    ("家を売りました", Context.NONE),
    ("費用はいくらですか", Context.NONE),
    ("やったことにしておいて", Context.OVERDUE),
    ("ありがとうございます", Context.NONE),
    ("はい", Context.CONFIRM_DATE),
    ("いいえ", Context.CONFIRM_DATE),
    ("？？", Context.NONE),
)
CANDIDATE = Person("servicer:S2", "あおぞら建設")
ARGS = {
    "pick": ("2027-02-24", "2031-01-01"),
    "day": ("2027-02-20", "2027-03-05", "2021-01-01", "2023-01-01"),
    "offer_these": ("2027-02-25,2027-02-27", "2020-01-01"),
    "decide": ("owner", "servicer", "owner=issues"),
    "assign": ("S2", "nobody"),
    "called": ("closed_down",),
    "snooze": ("7",),
    "consent": ("1", "0"),
    "stop_channel": ("email", ""),
    "hours": ("", "9-17"),
    "language": ("en", ""),
    "yes": ("", "end_support", "erase"),
    "no": ("", "erase"),
}


def points() -> list[Scene]:
    """Every scene there is, some with a matter on the staff's table."""
    plain = [*scenes().values(), desk_scene(), milestone_scenes()[0]]
    return [*plain, with_matter(scenes()["asked"], "servicer_silent"), with_matter(desk_scene(), "human"), *chosen()]


def chosen() -> list[Scene]:
    """Another company is asked, and one has accepted."""
    asked, today = scenes()["asked"], civil(NOW)
    candidacy = Candidacy(CANDIDATE.id, "staff:sato", today, today)
    both = (candidacy, replace(candidacy, accepted=True, fee=30_000))
    return [replace(asked, case=replace(asked.case, candidacy=each)) for each in both]


def turns(role: Role) -> Iterator[Turn]:
    """Everything a person of this role can do at every point: press any button, or write."""
    tables = understood(role)
    verbs = sorted(set().union(*tables.values()))
    words = [(text, understand(text, NOW, role, context)) for text, context in WORDS]
    for scene in [*points(), None]:
        for question, data in QUESTIONS.items():
            usual = Turn(
                person=PEOPLE[role],
                reply=Reply("chat", "inbound:1"),
                talk=Talk(PEOPLE[role].id, question, case_id=scene.case.id if scene else "", data=data),
                now=NOW,
                household=HOUSEHOLD,
                unconsented=(HOUSEHOLD.house.id,),
                scene=scene,
                scenes=(scene,) if scene else (),
                next_number=7,
                candidates=(Ranked(Company(CANDIDATE), ("own_backup", "room")),),
                candidate=CANDIDATE if scene and scene.case.candidacy else None,
                consent={"version": "1", "hash": "x"},
            )
            for verb in verbs:
                answers = (usual.talk.asked,) if verb in tables["ANSWERS"] else ("",)
                for arg in ARGS.get(verb, answers):
                    action = Action(verb, scene.case.id if scene else "", scene.case.round if scene else 0, arg)
                    yield replace(usual, reply=replace(usual.reply, action=action))
            for text, meaning in words:
                yield replace(usual, reply=replace(usual.reply, text=text, meaning=meaning))
            yield replace(usual, reply=replace(usual.reply, evidence=("file:1",)))
            for claim in (Claim(OWNER, "d1", "U1", replaces=False), Claim(OWNER, "d1", "U1", replaces=True)):
                yield replace(usual, claim=claim, code_tried=True)
            yield replace(usual, code_tried=True)


def years_of_silence() -> Iterator[Outcome]:
    """Every case left alone for a year and a half: each ladder to its end."""
    unmandated = replace(scenes()["asked"], household=replace(HOUSEHOLD, mandated=False))
    closed = replace(scenes()["asked"], household=replace(HOUSEHOLD, servicer=replace(SERVICER, active=False)))
    for scene in [*points(), *milestone_scenes(), *milestone_scenes(Role.STAFF), unmandated, closed]:
        for day in range(-120, 400):
            now = NOW + timedelta(days=day)
            due = scene.case.next_action_at
            if civil(now) < scene.case.opened_on or (due is not None and due > now) or not scene.case.open:
                continue
            outcome = advance(scene, now)
            scene = replace(scene, case=next(case for case in outcome.cases if case.id == scene.case.id))
            yield outcome


def rendered(said: Say, role: str = "") -> None:
    """It can be said in both languages, as storage would keep it, whoever reads it."""
    params = {**said.params, "role": role} if role else said.params
    for language in LANGUAGES:
        message = RENDERER.render([part(said.kind, params, said.mode, case=said.case_id)], language, "山田 花子")
        assert message.title


def test_time_says_only_what_can_be_said():
    """Every ladder to its end, in silence."""
    says = [say for outcome in years_of_silence() for say in outcome.says]
    for say in says:
        rendered(say)
    said = {say.kind for say in says}
    assert said >= {kind for kind in CATALOGUE.versions if kind.startswith("owner_milestone")}
    assert said >= {"owner_ask", "owner_wait", "owner_overdue", "owner_self", "owner_day_before", "owner_confirm"}
    assert said >= {"servicer_offer", "servicer_overdue", "servicer_finding", "servicer_confirm", "staff_alert"}


@pytest.mark.parametrize("role", [role for role in Role if role not in MACHINES])
def test_every_answer_can_be_said(role: Role):
    """Whatever a person presses or writes, at whatever point, they and everybody concerned can be told."""
    seen: dict[str, Say] = {}
    for turn in turns(role):
        for outcome in DECIDES[role](turn):
            seen |= {repr(said): said for said in outcome.says}
    for said in seen.values():
        rendered(said, said.to.partition(":")[0])
    assert ROLE_KINDS[role] - {said.kind for said in seen.values()} == set()


# What each of them must have been able to hear or bring about in all this: nearly everything.
ROLE_KINDS = {
    Role.OWNER: {
        *("owner_fixed", "owner_closed", "servicer_wish", "servicer_fixed", "servicer_confirm", "servicer_visit_off"),
        *("servicer_problem", "staff_alert", "consent_ask", "reply_consented", "reply_declined", "reply_support_page"),
        *("reply_support_ended", "reply_erase_page", "reply_erased", "reply_goes_on", "reply_channel_ended"),
        *("reply_over", "reply_changed", "reply_read_back", "reply_ask_date", "reply_ask_result", "reply_reported"),
        *(
            "reply_self_check",
            "reply_day_future",
            "reply_day_past",
            "reply_day_old",
            "reply_day_too_early",
            "reply_other_company",
        ),
        *("reply_later", "reply_not_yet", "reply_wished", "reply_files", "reply_unclear", "reply_emergency"),
        *("reply_not_done_not_recorded", "reply_human", "reply_problem", "reply_change", "reply_help"),
        *("reply_stop_what", "reply_hours", "reply_hours_set", "reply_language_set"),
    },
    Role.SERVICER: {
        *("owner_ask", "owner_fixed", "owner_confirm", "owner_closed", "owner_visit_off", "servicer_closed"),
        *("reply_ask_offer", "reply_offered", "reply_read_back_days", "reply_servicer_list", "reply_servicer_case"),
        *("reply_cannot", "reply_problem_noted", "reply_reported", "reply_not_yet", "reply_later", "reply_human"),
    },
    Role.STAFF: {
        *(
            "owner_company",
            "owner_closed",
            "staff_company",
            "reply_taken",
            "reply_asleep",
            "reply_call",
            "reply_called",
        ),
        *("reply_choose_servicer", "reply_candidate_asked", "reply_ask_reason", "reply_matter_closed", "reply_decided"),
        *("reply_over", "reply_staff_help"),
    },
    Role.GUEST: {
        *("reply_stranger", "reply_code_unknown", "reply_linked", "reply_link_ask", "reply_link_waits"),
        *("reply_emergency", "reply_unknown_change", "staff_note"),
    },
}

TOLD_TO_SEND = {
    "ja": r"「([^」]+)」と(?:お送り|お返事|お知らせ|お書き)ください",
    "en": r"(?:send|answer|write) “([^”]+)”",
}
MEANT = {Intent.STOP, Intent.CONSENT, Intent.DECLINE, Intent.DONE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_are_told_to_send_is_understood(language: str):
    """A word that a message puts into somebody's mouth does what the message says."""
    files = sorted((ROOT / "templates" / language).glob("*.toml"))
    told = {word for path in files for word in re.findall(TOLD_TO_SEND[language], path.read_text("utf-8"))}
    assert len(told) >= 3
    for word in told:
        meaning = understand(word, NOW, Role.OWNER, Context.OVERDUE)
        assert meaning.intent in MEANT, word
        assert not meaning.ask, word
