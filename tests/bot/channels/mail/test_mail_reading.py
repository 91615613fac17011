"""What a mail that came in was: whose words, which mail of ours they answer, and what nobody wrote."""

import json
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.kept import HEADERS
from bot.channels.mail.reading import STOP, parse
from bot.core.arrival import Inbound, Remote, What
from tests.bot.channels.mail.mails import KEY, OWNER, PLUS, SINCE, event, heard, reply
from tests.bot.channels.mail.samples import SENDER

OURS = f"<{KEY}@example.jp>"


def test_an_answer_comes_in_with_its_writer_its_words_and_the_mail_it_answers():
    found = heard(reply(From=f'"山田 太郎" <{OWNER.upper()}>'))
    assert (found.what, found.address, found.name) == (What.SAID, OWNER, "山田 太郎")
    assert (found.text, found.answers_key, found.at) == ("11月24日でお願いします。", KEY, SINCE)
    assert (found.ticket, found.message_id, found.forgeable) == ("<a1@example.ne.jp>", "<a1@example.ne.jp>", True)


@pytest.mark.parametrize(
    "headers",
    [
        {"To": f"縁側 <{PLUS.upper()}>"},
        {"To": "engawa@example.jp", "Cc": PLUS},
        {"To": "engawa@example.jp", "Delivered_To": PLUS},
        {"To": "engawa@example.jp", "X_Original_To": PLUS},
        {"To": "engawa@example.jp", "In_Reply_To": OURS},
        {"To": "engawa@example.jp", "References": f"<x@y> {OURS.upper()} <8c5e0000-0000-4000-8000-000000000000@z>"},
        {"To": "engawa@example.jp", "In_Reply_To": "<x@y>", "References": f"<{'0' * 8}@example.jp> {OURS}"},
    ],
)
def test_the_mail_that_is_answered_is_found_wherever_it_is_named(headers):
    assert heard(reply(**headers)).answers_key == KEY


@pytest.mark.parametrize(
    "headers",
    [
        {"To": "engawa@example.jp"},
        {"To": "engawa+0f8fad5b@example.jp"},
        {"To": f"engawa+{KEY}@example.jp"},
        {"To": "engawa@example.jp", "In_Reply_To": f"<{KEY}@example.com>"},
    ],
)
def test_a_mail_that_answers_none_of_ours_says_so(headers):
    assert heard(reply(**headers)).answers_key == ""


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"])
def test_japanese_comes_in_whole_in_every_charset(charset):
    text = "11月24日(火)で、お願いします。ヴェランダは無し"
    assert heard(reply(text, charset)).text == text


@pytest.mark.parametrize(
    ("claimed", "data", "text"),
    [
        ("iso-2022-jp", b"\x1b$B-!-j9b\x1b(B ok", "①㈱高 ok"),  # what Windows writes into it
        ("us-ascii", "はい".encode("shift_jis"), "はい"),
        ("shift_jis", "はい".encode(), "はい"),
        ("iso-8859-99", "はい".encode("euc_jp"), "はい"),
        ("utf-8", "はい".encode("iso2022_jp"), "はい"),
        ("utf-8", b"\xe3\x81\xaf\xe3\x81\x84\xff", None),
    ],
)
def test_a_wrong_or_broken_charset_costs_no_mail(claimed, data, text):
    head = f"From: {OWNER}\r\nTo: {PLUS}\r\nContent-Type: text/plain; charset={claimed}\r\n\r\n".encode()
    found = heard(head + data)
    assert found.what is What.SAID
    assert text is None or found.text == text


def test_a_mail_of_html_alone_is_read_as_it_is_seen():
    message = reply()
    message.set_content(
        "<html><head><style>p{color:red}</style></head><body><p>12月1日で<br>お願いします&#12290;</p>"
        "<div>2026年11月26日(木) 9:00 縁側 &lt;engawa@example.jp&gt;:</div>"
        "<blockquote><p>終わった・異常なし</p></blockquote></body></html>",
        subtype="html",
    )
    assert heard(message).text == "12月1日で\nお願いします。"


def test_lines_that_a_phone_broke_are_whole_again():
    text = "2026年12 \r\n月1日でお願い \r\nします。\r\n"
    head = f"From: {OWNER}\r\nTo: {PLUS}\r\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    assert heard((head + text).encode()).text == "2026年12月1日でお願いします。"


def test_a_stop_mail_says_stop_whatever_stands_in_it():
    """What mail programs send for List-Unsubscribe; to no key of ours it is words like any others."""
    assert heard(reply("This is an automatic message", Subject="stop")).text == STOP
    assert heard(reply("x", Subject="stop", To="engawa@example.jp")).text == "x"


def test_the_subject_speaks_where_nothing_else_does():
    assert heard(reply("\n", Subject="終わりました")).text == "終わりました"
    assert heard(reply("\n", Subject="Re: 点検は終わりましたか")).text == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example.jp>"},
        {"Subject": "自動返信: 不在にしております"},
        {"Subject": "Automatic reply: 点検"},
        {"X_Spam_Flag": "YES"},
        {"From": "engawa@example.jp"},
        {"From": f"縁側 <{PLUS}>"},
        {"From": "no address at all"},
        {"From": ""},
        {"From": "山田@example.jp"},
    ],
)
def test_what_nobody_wrote_is_nothing(headers):
    assert heard(reply(**headers)).what is What.NOTHING


def test_a_person_who_says_so_is_a_person():
    assert heard(reply(Auto_Submitted="no", Return_Path=f"<{OWNER}>")).what is What.SAID


def test_odd_addresses_come_in_as_we_know_them():
    """Carriers' dots need quotes on the way, and have none in anybody's files."""
    assert heard(reply(From='"taro..y."@docomo.ne.jp')).address == "taro..y.@docomo.ne.jp"


def with_files() -> EmailMessage:
    message = reply("写真を送ります")
    message.add_attachment(b"\xff\xd8" + b"x" * 100, maintype="image", subtype="jpeg", filename="屋根.jpg")
    message.add_attachment("日付,結果\n", subtype="csv", filename="a.csv")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="visit.ics")
    return message


def test_files_are_named_by_their_place_and_carry_no_bytes():
    kept = event(with_files())
    assert [(file["part"], file["type"]) for file in kept.raw["files"]] == [("2", "image/jpeg"), ("3", "text/csv")]
    found = heard(kept.raw)
    assert found.remote == (Remote("1700000000:7:2:base64"), Remote("1700000000:7:3:"))
    assert (found.text, found.refused) == ("写真を送ります", False)


def test_a_logo_is_no_photo_and_a_photo_in_the_text_is_one():
    message = reply("はい")
    for size, name in ((2_000, "logo"), (90_000, "photo")):
        message.add_related(b"x" * size, maintype="image", subtype="png", cid=f"<{name}>")
    assert [file["size"] > 80_000 for file in event(message).raw["files"]] == [True]


def test_a_mail_too_large_to_fetch_says_so():
    head = bytes(reply()).partition(b"\n\n")[0]
    found = heard(event(head, whole=False).raw)
    assert (found.what, found.refused, found.remote) == (What.SAID, True, ())


def test_a_mail_keeps_its_name_and_one_without_gets_one():
    assert event(reply()).id == "<a1@example.ne.jp>"
    nameless, other = event(reply(Message_ID="")), event(reply("別の話", Message_ID=""))
    assert nameless.id.startswith("sha256:")
    assert nameless.id != other.id
    assert nameless == event(reply(Message_ID=""))


def test_nested_without_end_is_kept_without_its_content():
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1500))
    found = heard(f"From: {OWNER}\r\nTo: {PLUS}\r\n".encode() + deep)
    assert (found.what, found.address) == (What.SAID, OWNER)


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_kept_as_json_and_read(data, addressed):
    head = f"From: {OWNER}\r\nTo: {PLUS}\r\n".encode() if addressed else b""
    kept = event(head + data)
    text = json.dumps(kept.raw, ensure_ascii=False)
    text.encode()
    assert "\0" not in text
    assert "\\u0000" not in text
    assert isinstance(heard(json.loads(text)), Inbound)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("v", "id", "at", "uid", "validity", "headers", "text", "files", "report", "returned", "large", "unreadable")


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)),
    st.dictionaries(st.sampled_from(sorted(HEADERS)), JSON),
)
def test_whatever_is_stored_is_understood_or_refused_in_one_way(raw, headers):
    """Nothing but ValueError comes out of a stored event, whatever a database or a later version holds."""
    whole = {"v": 1, "id": "a", "at": SINCE.isoformat(), "headers": headers}
    for stored in (raw, {**raw, **whole}):
        try:
            assert isinstance(parse(stored, SENDER), Inbound)
        except ValueError:
            continue
