"""The bytes of a mail, held against the standard library's own writer and reader."""

import base64
import email
import email.policy
import re
import unicodedata
from dataclasses import replace
from datetime import timedelta, timezone
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime, parseaddr, parsedate_to_datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.address import BadAddress, Mailbox
from bot.channels.mail.body import answer_links, html_body, text_body
from bot.channels.mail.compose import Composer, Unsendable
from bot.core.message import Button
from bot.core.visit import calendar_file
from tests.bot.channels.mail.samples import MESSAGE, SENDER, VISIT, WORDS, WRITTEN_AT, envelope

COMPOSER = Composer(SENDER, WORDS)
STRICT = email.policy.default.clone(raise_on_defect=True)
# The library's default folds List-Unsubscribe into pieces that no mail service understands.
WRITER = email.policy.SMTP.clone(max_line_length=998, cte_type="7bit")

any_text = st.text(max_size=120) | st.text(st.characters(codec=None), max_size=60)  # half surrogates included
awkward = st.sampled_from(
    [
        "",
        " ",
        "😀" * 40,
        "👨‍👩‍👧‍👦",
        "あ" * 300,
        "=?utf-8?q?=41?=",
        'a "b" \\ c',
        "x\r\nBcc: y@z.jp",
        "\x00\x1b[0m",
        "a,b;c:<d>",
    ]
)
words = any_text | awkward


def parsed(envelope_) -> EmailMessage:
    return email.message_from_bytes(COMPOSER.compose(envelope_).raw, policy=STRICT)


def shown_name(header: str) -> str:
    """The name in an address header by the older reader: the newer puts spaces between and into encoded words."""
    return str(make_header(decode_header(parseaddr(header)[0])))


def for_header(text: str) -> str:
    """What a header may hold of a text: one space for any run of spaces, control characters and line separators."""
    marked = "".join(
        ["\0" if char == " " or unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text]
    )
    return re.sub("\0+", " ", marked.encode("utf-8", "replace").decode()).strip()


def for_body(text: str) -> str:
    """What a body may hold of a text: everything but control characters other than line break and tab."""
    kept = "".join([char for char in text if char in "\n\t" or (ord(char) >= 32 and ord(char) != 127)])
    return kept.encode("utf-8", "replace").decode()


def reference(envelope_) -> EmailMessage:
    """The same mail built and written by the standard library, and read back."""
    built = EmailMessage(policy=WRITER)
    built["To"] = Address(for_header(envelope_.name), addr_spec=envelope_.address)
    built["Subject"] = for_header(envelope_.message.title)
    built["Date"] = format_datetime(envelope_.written_at.astimezone(timezone(timedelta(hours=9))))
    built["Message-ID"] = f"<{envelope_.key}@example.jp>"
    built["List-Unsubscribe"] = f"<{envelope_.stop_url}>"
    built["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    built["From"] = Address(SENDER.name, addr_spec=SENDER.address)
    built["Auto-Submitted"] = "auto-generated"
    answers = answer_links(envelope_)
    spoken = WORDS[envelope_.message.language]
    built.set_content(for_body(text_body(envelope_, spoken, answers)), cte="base64")
    built.add_alternative(for_body(html_body(envelope_, spoken, answers)), subtype="html", cte="base64")
    if envelope_.message.visit:
        file = calendar_file(envelope_.message.visit, envelope_.written_at, (SENDER.name, SENDER.address)).decode()
        method = {"method": "PUBLISH"}
        built.add_attachment(file, subtype="calendar", cte="base64", filename="visit.ics", params=method)
    built["Content-Language"] = envelope_.message.language
    return email.message_from_bytes(built.as_bytes(), policy=STRICT)


def shape(part: MIMEPart) -> object:
    """Type, parameters and content of a part and of everything in it; boundaries are each writer's own affair."""
    params = {name: value for name, value in part["Content-Type"].params.items() if name != "boundary"}
    about = (part.get_content_type(), params, part.get_content_disposition(), part.get_filename())
    if part.is_multipart():
        return about, [shape(child) for child in part.iter_parts()]
    return about, part["Content-Transfer-Encoding"], part.get_payload(decode=True)


def headers(message: EmailMessage) -> dict[str, object]:
    values = {name: str(value) for name, value in message.items() if not name.startswith(("Content-T", "To"))}
    return values | {"To": [one.addr_spec for one in message["To"].addresses]}


@given(name=words, title=words, paragraphs=st.lists(words, max_size=3), label=words, action=words)
def test_reads_back_as_what_the_library_writes_from_the_same_content(name, title, paragraphs, label, action):
    """Whatever names, titles and texts hold, the mail says what was meant, as EmailMessage would have said it."""
    message = replace(MESSAGE, title=title, paragraphs=tuple(paragraphs), buttons=(Button(label, for_body(action)),))
    letter = envelope(message=message, name=name)
    ours = parsed(letter)
    assert str(ours["Subject"]) == for_header(title)
    raw = email.message_from_bytes(COMPOSER.compose(letter).raw)
    assert shown_name(raw["To"]) == for_header(name)
    if "=?" not in name + title:  # the library would take such text for an encoded word
        theirs = reference(letter)
        assert headers(ours) == headers(theirs)
        assert shape(ours) == shape(theirs)


def test_a_fixed_visit_brings_its_calendar_file():
    """The date comes as a file that a tap puts into the phone's calendar, beside the two bodies."""
    letter = envelope(message=replace(MESSAGE, visit=VISIT))
    ours = parsed(letter)
    assert shape(ours) == shape(reference(letter))
    (file,) = ours.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file["Content-Type"].params["method"] == "PUBLISH"
    assert file.get_filename() == "visit.ics"


@given(name=words, title=words, number=st.integers(0, 10**12 - 1), visit=st.sampled_from([None, VISIT]))
def test_every_line_is_one_that_any_server_takes(name, title, number, visit):
    """ASCII, CRLF only, at most 998 columns; nothing but List-Unsubscribe and boundaries is wider than 78."""
    raw = COMPOSER.compose(envelope(number, replace(MESSAGE, title=title, visit=visit), name=name)).raw
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line or len(line) > 998]
    wide = [line for line in lines if len(line) > 78]
    assert not [line for line in wide if not line.startswith((b"List-Unsubscribe: ", b"Content-Type: multipart/"))]


@given(text=words | st.just("a" + "点検😀" * 30))
def test_every_encoded_word_stands_alone(text):
    """Readers decode word by word: none cuts a character in two, and all keep to RFC 2047's widths."""
    raw = COMPOSER.compose(envelope(message=replace(MESSAGE, title=text), name=text)).raw
    head = raw[: raw.index(b"\r\n\r\n")].decode("ascii")
    for line in [line for line in head.split("\r\n") if "=?utf-8?b?" in line]:
        assert len(line) <= 76
        for word in re.findall(r"=\?utf-8\?b\?([^?]*)\?=", line):
            base64.b64decode(word, validate=True).decode("utf-8")


@given(name=words, title=words)
def test_the_same_envelope_is_always_the_same_bytes(name, title):
    """A repeat from another process folds into the first: same Message-ID, same boundaries, same everything."""
    letter = envelope(message=replace(MESSAGE, title=title, visit=VISIT), name=name)
    assert COMPOSER.compose(letter) == Composer(SENDER, WORDS).compose(letter)


def test_two_keys_are_two_mails():
    """Message-ID and boundaries come from the key."""
    first, second = parsed(envelope(1)), parsed(envelope(2))
    assert first["Message-ID"] == "<0f8fad5b-d9cb-469f-a165-000000000001@example.jp>"
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_boundary() != second.get_boundary()


@given(value=st.text(max_size=20) | st.just("x\r\nBcc: victim@example.jp"))
def test_no_text_adds_a_header(value):
    """Names and titles cannot end a line; keys, addresses, languages and links that could are refused."""
    usual = set(parsed(envelope()).keys())
    assert set(parsed(envelope(name=value, message=replace(MESSAGE, title=value))).keys()) == usual
    for changes in (
        {"key": value},
        {"address": f"a{value}@example.jp"},
        {"stop_url": "https://example.jp/" + value},
        {"elsewhere_url": "https://example.jp/" + value},
        {"message": replace(MESSAGE, language=value)},
    ):
        try:
            letter = parsed(envelope(**changes))
        except (BadAddress, Unsendable):
            continue
        assert set(letter.keys()) == usual


@pytest.mark.parametrize(
    ("stop_url", "one_click"),
    [
        ("https://engawa.example.jp/stop/token", True),
        ("http://127.0.0.1:8000/stop/token", True),
        ("http://localhost/stop/token", True),
        ("http://[::1]:8000/stop/token", True),
        ("http://engawa.example.jp/stop/token", False),
        ("http://localhost.example.jp/stop/token", False),
        ("http://127.0.0.1.example.jp/stop/token", False),
        ("https://engawa.example.jp/" + "t" * 400, True),
    ],
)
def test_one_click_is_offered_over_https_or_on_this_machine_only(stop_url, one_click):
    """The stop link stands on one line, whole; pressing it without a page is promised only where RFC 8058 allows."""
    raw = COMPOSER.compose(envelope(stop_url=stop_url)).raw
    assert f"\r\nList-Unsubscribe: <{stop_url}>\r\n".encode() in raw
    assert (b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw) is one_click


def test_an_unsubscribe_mailbox_stands_beside_the_link():
    """Where mail can come in, it is offered as the second way, and is the only one without a link."""
    composer = Composer(SENDER, WORDS, "stop@example.jp")
    both = email.message_from_bytes(composer.compose(envelope()).raw, policy=STRICT)
    mailto = f"<mailto:stop@example.jp?subject=stop%20{envelope().key}>"
    assert both["List-Unsubscribe"] == f"<https://engawa.example.jp/stop/token>, {mailto}"
    alone = email.message_from_bytes(composer.compose(envelope(stop_url="")).raw, policy=STRICT)
    assert alone["List-Unsubscribe"] == mailto
    assert "List-Unsubscribe-Post" not in alone
    assert "List-Unsubscribe" not in parsed(envelope(stop_url=""))


def test_the_date_is_when_it_was_written_in_japanese_time():
    """20:30 UTC is half past five the next morning in Tokyo."""
    date = parsed(envelope())["Date"]
    assert date == "Sat, 21 Nov 2026 05:30:00 +0900"
    assert parsedate_to_datetime(date) == WRITTEN_AT


def test_machines_are_told_that_a_machine_wrote():
    """Auto-Submitted keeps absence notes away; Content-Language tells readers aloud which voice to take."""
    mail = parsed(envelope(message=replace(MESSAGE, language="en")))
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "en")


def test_a_carrier_address_with_odd_dots_is_quoted_and_reaches_both_lines():
    """Owners of old phones have them."""
    mail = COMPOSER.compose(envelope(address="taro..y@docomo.example"))
    assert mail.recipient == '"taro..y"@docomo.example'
    to = email.message_from_bytes(mail.raw, policy=STRICT)["To"].addresses[0]
    assert (to.username, to.domain, to.display_name) == ("taro..y", "docomo.example", "山田 太郎")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": ""}, "key"),
        ({"key": "a/../b"}, "key"),
        ({"key": "a" * 61}, "key"),
        ({"written_at": WRITTEN_AT.replace(tzinfo=None)}, "time zone"),
        ({"stop_url": "javascript:alert(1)"}, "link"),
        ({"elsewhere_url": "javascript:alert(1)"}, "link"),
        ({"page_url": "https://example.jp/\"onclick='"}, "link"),
        ({"opens": (("資料", "https://example.jp/\"onclick='"),)}, "link"),
        ({"button_url": "https://example.jp/a b"}, "link"),
        ({"button_url": "https://example.jp/" + "a" * 500}, "link"),
        ({"message": replace(MESSAGE, language="fr")}, "language"),
    ],
)
def test_what_can_never_be_a_mail_is_refused_with_its_reason(changes, reason):
    """Never half a mail: the reason goes on record."""
    with pytest.raises(Unsendable, match=reason):
        COMPOSER.compose(envelope(**changes))


def body_of(envelope_, kind: str) -> str:
    body = parsed(envelope_).get_body((kind,))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def html_of(envelope_) -> BeautifulSoup:
    return BeautifulSoup(body_of(envelope_, "html"), "html.parser")


def test_the_owner_sees_everything_on_the_phone_and_answers_with_one_tap():
    """Title, paragraphs, facts, one button per answer, the bare address below, who writes, and how to stop."""
    page = html_of(envelope())
    assert page.select_one("html[lang=ja]")
    assert [title.get_text() for title in page.find_all("h1")] == [MESSAGE.title]
    assert [row.get_text(" ") for row in page.find_all("tr")] == [f"{label} {value}" for label, value in MESSAGE.facts]
    links = [(link.get_text(), link["href"]) for link in page.find_all("a")]
    assert links == [
        ("終わった・異常なし", "https://engawa.example.jp/c/token?answer=w%3A12%3Adone%20ok"),
        ("終わった・指摘あり", "https://engawa.example.jp/c/token?answer=w%3A12%3Adone%26issues"),
        ("まだ", "https://engawa.example.jp/c/token?answer=w%3A12%3Anot_yet"),
        ("https://engawa.example.jp/c/token", "https://engawa.example.jp/c/token"),
        ("メールでのお知らせを止める", "https://engawa.example.jp/stop/token"),
    ]
    for line in (*MESSAGE.paragraphs[0].split("\n"), *MESSAGE.footer, WORDS["ja"].fallback, WORDS["ja"].unread):
        assert line in page.get_text()


def test_without_buttons_there_is_one_link_to_the_persons_page():
    """A notice that asks nothing still leads somewhere."""
    notice = envelope(message=replace(MESSAGE, buttons=()))
    assert [link.get_text() for link in html_of(notice).find_all("a")] == [WORDS["ja"].page, WORDS["ja"].stop]
    plain = body_of(notice, "plain")
    assert f"{WORDS['ja'].page}\nhttps://engawa.example.jp/c/token\n" in plain
    bare = envelope(message=replace(MESSAGE, buttons=()), page_url="", button_url="", stop_url="")
    assert html_of(bare).find_all("a") == []


def test_the_plain_text_says_the_same_and_each_answer_is_an_address():
    """For readers without HTML."""
    plain = body_of(envelope(), "plain")
    for line in (MESSAGE.title, MESSAGE.paragraphs[1], *MESSAGE.footer, WORDS["ja"].answer, WORDS["ja"].unread):
        assert line in plain
    assert "会社: 青葉工務店" in plain
    assert "[まだ]\nhttps://engawa.example.jp/c/token?answer=w%3A12%3Anot_yet\n" in plain
    assert plain.endswith(f"{WORDS['ja'].stop}\nhttps://engawa.example.jp/stop/token\n")


def test_a_single_answer_is_not_said_to_be_one_of_several():
    one = envelope(message=replace(MESSAGE, buttons=MESSAGE.buttons[:1]))
    plain = body_of(one, "plain")
    assert WORDS["ja"].answer_one in plain
    assert WORDS["ja"].answer not in plain


def test_what_a_message_tells_of_is_one_tap_away_beside_the_answers():
    """The papers of a house, say: before the answers, as a button of their own."""
    told = envelope(opens=(("引継ぎの資料を受け取る", "https://engawa.example.jp/c/token/handover/H1"),))
    first = html_of(told).find_all("a")[0]
    assert (first.get_text(), first["href"]) == told.opens[0]
    plain = body_of(told, "plain")
    assert plain.index("[引継ぎの資料を受け取る]\nhttps://engawa.example.jp/c/token/handover/H1") < plain.index(
        "[まだ]"
    )


def test_type_is_large_and_nothing_is_loaded_from_anywhere():
    """No letter below 18 px, no picture, no script, no style sheet, and no address but the service's own."""
    source = str(html_of(envelope()))
    sizes = [int(size) for size in re.findall(r"font(?:-size)?:(\d+)px", source)]
    assert sizes
    assert min(sizes) >= 18
    page = BeautifulSoup(source, "html.parser")
    assert not page.find_all(["img", "script", "link", "style", "iframe"])
    assert "url(" not in source
    assert all(found.startswith("https://engawa.example.jp/") for found in re.findall(r"https?://[^\s\"<]+", source))


@given(text=words)
def test_no_text_becomes_markup(text):
    """Whatever builders' files and people wrote shows as text, in every place it can stand in."""
    evil = f"<img src=x onerror=alert(1)>\"'&amp;{text}"
    message = replace(
        MESSAGE, title=evil, paragraphs=(evil,), facts=((evil, evil),), buttons=(Button(evil, evil),), footer=(evil,)
    )
    page = html_of(envelope(message=message))
    assert not page.find_all("img")
    assert [title.get_text() for title in page.find_all("h1")] == [for_body(evil)]
    allowed = {"html", "head", "title", "meta", "body", "div", "h1", "p", "br", "table", "tr", "th", "td", "a"}
    assert {tag.name for tag in page.find_all(True)} <= allowed
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


@pytest.mark.parametrize("name", ["Engawa", "Engawa, Inc.", 'The "Veranda"', "縁側", "back\\slash", "=?utf-8?q?=41?="])
def test_the_sender_shows_its_name(name):
    """With commas, quotes, Japanese, and text that looks like an encoded word."""
    raw = Composer(Mailbox("engawa@example.jp", name), WORDS).compose(envelope()).raw
    sender = email.message_from_bytes(raw, policy=STRICT)["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in sender] == [(name, "engawa@example.jp")]
