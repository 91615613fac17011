"""What is left of a mail when everything that its writer did not write just now is taken off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mail.quotes import LONGEST, own_words

ASKED = "5年目の点検（外まわり・床下）の日取り\n終わった・異常なし\nまだ\n12月24日(木)"
MARKED = "\n".join(f"> {line}" for line in ASKED.split("\n"))

REPLIES = {
    "gmail": (
        f"11月24日で\n\n2026年11月26日(木) 9:00 縁側（残価保証機構） <engawa@example.jp>:\n\n{MARKED}",
        "11月24日で",
    ),
    "gmail, broken line": (
        f"はい\n\n2026年11月26日(木) 9:00 縁側（残価保証機構）\n<engawa@example.jp>:\n\n{MARKED}",
        "はい",
    ),
    "gmail, unmarked": (f"はい\n\n2026年11月26日(木) 9:00 縁側 <engawa@example.jp>:\n{ASKED}", "はい"),
    "gmail, english": (f"Yes\n\nOn Thu, Nov 26, 2026 at 9:00 AM 縁側 <engawa@example.jp>\nwrote:\n\n{MARKED}", "Yes"),
    "iphone": (
        f"終わりました\n\niPhoneから送信\n\n2026/11/26 9:00、縁側 <engawa@example.jp>のメール:\n\n{MARKED}",
        "終わりました",
    ),
    "iphone, unmarked": (f"はい\n2026年11月26日 9:00、縁側のメール：\n{ASKED}", "はい"),
    "outlook": (f"まだです\n\n-----元のメッセージ-----\n差出人: 縁側\n件名: 点検\n{ASKED}", "まだです"),
    "outlook, new": (
        f"まだです\n\n________________________________\n差出人: 縁側 <e@example.jp>\n送信日時: 2026年11月26日 9:00\n"
        f"宛先: 山田\n件名: 点検\n\n{ASKED}",
        "まだです",
    ),
    "outlook, english": (f"ok\n\nFrom: 縁側\nSent: Thursday\nTo: 山田\nSubject: 点検\n\n{ASKED}", "ok"),
    "outlook, phone": (
        f"はい\n\nOutlook for iOS を入手\n________________________________\nFrom: a\nSent: b\nTo: c\n{ASKED}",
        "はい",
    ),
    "docomo": (f"お願いします\n\n---- Original Message ----\nFrom: 縁側\nDate: 2026/11/26\n{ASKED}", "お願いします"),
    "au": (f"はい\n\n-------- 元のメッセージ --------\n{ASKED}", "はい"),
    "samsung": (f"はい\n\nGalaxyから送信\n\n-------- 元のメッセージ --------\n差出人: 縁側\n{ASKED}", "はい"),
    "yahoo": (f"はい\n\n----- Original Message -----\n{MARKED}", "はい"),
    "thunderbird": (f"On 2026/11/26 9:00, 縁側 wrote:\n{MARKED}\n\n12月1日でお願いします", "12月1日でお願いします"),
    "becky": (f"縁側 <engawa@example.jp> さんは書きました:\n{MARKED}\n\n12月1日です", "12月1日です"),
    "between": (
        "縁側様\n\n> ご都合のよい日は\n\n12月1日です。\n\n> 立ち会いは\n\nします。",
        "縁側様\n\n12月1日です。\n\n\n\nします。",
    ),
    "wide mark": ("＞ いつですか\n12月1日です", "12月1日です"),
    "signature": ("12月1日です\n\n-- \n丸太工務店\n03-0000-0000", "12月1日です"),
    "card": (f"伺います\n\n━━━━━━━━━━\n丸太工務店 丸太\nTEL 03-0000-0000\n━━━━━━━━━━\n\n{MARKED}", "伺います"),
    "card of stars": ("伺います\n\n*:・☆*:・☆*:・☆\n丸太\nmaruta@example.jp\n", "伺います"),
    "a rule in the text": ("屋根：異常なし\n----------\n床下：指摘あり\n以上です", None),
    "a day in the text": ("2026年11月24日(火) 10:00に来てもらいました:\n異常なしです", None),
    "nothing": (MARKED, ""),
    "a quoted line that was broken": ("> " + "長" * 40 + "\n終わった\n> はい\n\n12月1日", "12月1日"),
}


@pytest.mark.parametrize(("text", "own"), REPLIES.values(), ids=REPLIES)
def test_own_words_alone_are_left(text, own):
    """Above all none of the words that we had offered to choose from."""
    expected = text if own is None else own
    assert own_words(text).replace("\n\n\n", "\n\n") == expected.replace("\n\n\n\n", "\n\n")


@given(st.text(max_size=300) | st.text(st.sampled_from("> ＞\n-_差出人:年月日2026/11 9:<a@b>wrote"), max_size=300))
def test_any_text_has_own_words_or_none(text):
    own = own_words(text)
    assert len(own) <= LONGEST
    assert own == own.strip()


def test_a_long_mail_takes_no_longer_than_it_is():
    """Patterns that go back and forth would take minutes for this."""
    assert own_words("On 2026年11月26日 9:00 <a@b" * 20_000 + "\n" + "- " * 50_000 + "\n" + "月" * 100_000)
