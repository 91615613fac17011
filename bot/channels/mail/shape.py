"""A message as the mail that it would be, for looking at: from an address that is nobody's, to one that is nobody's."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from bot.channels.mail.address import Mailbox
from bot.channels.mail.body import answer_links
from bot.channels.mail.compose import Composer
from bot.channels.mail.words import MailWords
from bot.channels.registry import Setting
from bot.core.delivery import Envelope, Shape

SENDER, READER = "sender@example.jp", "reader@example.jp"  # example.jp is nobody's (JPRS)


def shaped(envelope: Envelope, around: Setting) -> Shape:
    words = {language: MailWords(**lines["mail"]) for language, lines in around.words.items()}
    composer = Composer(Mailbox(SENDER, around.office), words)
    mail = composer.compose(replace(envelope, address=READER))
    read = message_from_bytes(mail.raw, policy=default)
    assert isinstance(read, EmailMessage)
    lines = [line for line in _part(read, "plain").splitlines() if line]
    buttons = tuple(label for label, _ in answer_links(envelope))
    headers = "\n".join(f"{name}: {value}" for name, value in read.items())
    return Shape(str(read["Subject"]), tuple(lines), buttons, f"{headers}\n\n{_part(read, 'html')}", len(mail.raw))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
