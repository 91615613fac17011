"""What a strict mail server refuses: the commands out of order, and mails that the large providers do not take.

RFC 5321 (SMTP), RFC 5322 (what a mail is), and the rules of large providers for senders (one From, a Message-ID, a
Date).
"""

from email import message_from_bytes
from email.message import Message
from email.policy import compat32

LONGEST_LINE = 1000  # bytes, its end included (RFC 5321, 4.5.3.1.6)
LARGEST = 10 * 1024 * 1024  # bytes of a mail; told in EHLO
MOST_RECIPIENTS = 100
ONCE = ("From", "Date", "Message-ID")  # headers that a mail has once
SEQUENCE = "503 5.5.1 Bad sequence of commands"
PARAMETERS = {"MAIL": {"SIZE", "BODY", "RET", "ENVID"}, "RCPT": {"NOTIFY", "ORCPT"}}
# Which commands may come, by what came before; EHLO, RSET, NOOP and QUIT always may.
AFTER = {"MAIL": {"EHLO", "HELO", "DONE"}, "RCPT": {"MAIL", "RCPT"}, "DATA": {"RCPT"}}


def address_in(line: str) -> str:
    """The address between angle brackets; empty where there is none."""
    _, opened, rest = line.partition("<")
    address, closed, _ = rest.partition(">")
    return address if opened and closed else ""


def bad_command(verb: str, line: str, before: str) -> str:
    """The refusal of a command; empty for one that may be."""
    if verb in AFTER and before not in AFTER[verb]:
        return SEQUENCE
    if verb not in PARAMETERS:
        return ""
    given = {word.partition("=")[0].upper(): word.partition("=")[2] for word in line.partition(">")[2].split()}
    if set(given) - PARAMETERS[verb]:
        return f"555 5.5.4 Unsupported option: {' '.join(sorted(set(given) - PARAMETERS[verb]))}"
    if int(given.get("SIZE") or 0) > LARGEST:
        return "552 5.3.4 Message size exceeds fixed limit"
    address = address_in(line)
    if not address.isascii():
        return "553 5.6.7 Address is not ASCII, and SMTPUTF8 was not offered"
    if verb == "RCPT" and (address.count("@") != 1 or not all(address.split("@"))):
        return "501 5.1.3 Bad recipient address syntax"
    return ""


def bad_mail(content: bytes, *, eight_bit: bool) -> str:
    """The refusal of a mail; empty for one that is taken."""
    if len(content) > LARGEST:
        return "552 5.3.4 Message size exceeds fixed limit"
    if any(len(line) + 2 > LONGEST_LINE for line in content.split(b"\r\n")):
        return "554 5.6.0 Line too long"
    if b"\n" in content.replace(b"\r\n", b"") or b"\r" in content.replace(b"\r\n", b""):
        return "554 5.6.0 Bare line ending"
    if not eight_bit and not content.isascii():
        return "554 5.6.1 Eight-bit data without BODY=8BITMIME"
    return _bad_headers(message_from_bytes(content, policy=compat32))


def _bad_headers(mail: "Message[str, str]") -> str:
    for name in ONCE:
        if len(mail.get_all(name, [])) != 1:
            return f"550 5.7.1 Messages must have exactly one {name} header"
    if not any(mail.get(name) for name in ("To", "Cc", "Bcc")):
        return "550 5.7.1 Messages must say to whom they are"
    return ""
