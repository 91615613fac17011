"""What the mail tests send: the words around a mail, and envelopes as the service writes them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.channels.mail import MailWords
from bot.channels.mail.address import Mailbox
from bot.core.delivery import Envelope
from bot.core.message import Button, Message, Visit

WORDS = {
    "ja": MailWords(
        answer="お返事は、次のアドレスを開いてお知らせください。",
        answer_one="お返事は、こちらを開いてください。",
        fallback="ボタンが押せないときは、次のアドレスを開いてください。",
        page="あなたのページを開く",
        stop="メールでのお知らせを止める",
        elsewhere="ほかの方法でも受け取る",
        unread="このメールへの返信は読めません。",
    ),
    "en": MailWords(
        answer="To answer, please open one of these addresses.",
        answer_one="To answer, please open this address.",
        fallback="If the buttons do not work, please open this address.",
        page="Open your page",
        stop="Stop these mails",
        elsewhere="Receive notices elsewhere too",
        unread="Replies to this mail are not read.",
    ),
}
SENDER = Mailbox("engawa@example.jp", "縁側（残価保証機構）")
WRITTEN_AT = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
MESSAGE = Message(
    kind="visit_done",
    language="ja",
    title="5年目の点検（外まわり・床下・配管）は終わりましたか",
    paragraphs=(
        "山田 太郎 様",
        "昨日11月24日(火)に、青葉工務店が5年目の点検にうかがう予定でした。\n終わったかどうかをお知らせください。",
    ),
    facts=(("住宅", "みどり町の家"), ("会社", "青葉工務店"), ("予定の日", "2026年11月24日(火)")),
    buttons=(
        Button("終わった・異常なし", "w:12:done ok"),
        Button("終わった・指摘あり", "w:12:done&issues"),
        Button("まだ", "w:12:not_yet"),
    ),
    footer=("残価保証機構の委託で「縁側」がお送りしています。無料です。", "電話 03-0000-0000"),
)
VISIT = Visit("case-12@example.jp", date(2026, 11, 24), "5年目の点検, 青葉工務店", "外まわり; 床下\n配管", sequence=2)


def envelope(number: int = 1, message: Message = MESSAGE, **changes: object) -> Envelope:
    """The ``number``-th envelope; anything in it can be changed by name."""
    usual = Envelope(
        key=f"0f8fad5b-d9cb-469f-a165-{number:012d}",
        address=f"owner{number}@example.jp",
        name="山田 太郎",
        message=message,
        written_at=WRITTEN_AT,
        page_url="https://engawa.example.jp/c/token",
        button_url="https://engawa.example.jp/c/token?answer=",
        stop_url="https://engawa.example.jp/stop/token",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # the names are the tests' affair
