"""What our own mail server found of where a mail came from (RFC 8601, Authentication-Results).

Such a header counts only under the name that the settings give for our server (its authserv-id); the server has to
remove what others have written under that name (RFC 8601, 5). Everything in it may repeat what a stranger wrote, in
comments and between quotes, so both are taken out before anything is read.
"""

import re
from collections.abc import Iterable

_RESULT = re.compile(r"\s*(dkim|spf|dmarc)(?:\s*/\s*\d+)?\s*=\s*pass(?=[\s;]|$)(.*)", re.IGNORECASE | re.DOTALL)
_DOMAIN = {
    "dmarc": re.compile(r"(?:^|\s)header\.from\s*=\s*@?([a-z0-9.-]+)(?=\s|$)", re.IGNORECASE),
    "dkim": re.compile(r"(?:^|\s)header\.d\s*=\s*@?([a-z0-9.-]+)(?=\s|$)", re.IGNORECASE),
    "spf": re.compile(r"(?:^|\s)smtp\.mailfrom\s*=\s*(?:[^\s@]*@)?([a-z0-9.-]+)(?=\s|$)", re.IGNORECASE),
}


def vouches(headers: Iterable[str], server: str, domain: str) -> bool:
    """Whether our server says that the mail came from this domain: by DMARC, by a signature of the domain or of one
    above it, or by SPF for exactly this domain. ``server`` is its authserv-id; without one nothing vouches."""
    return bool(server and domain) and any(_passed(header, server.lower(), domain.lower()) for header in headers)


def _passed(header: str, server: str, domain: str) -> bool:
    text = _bare(header)
    if text is None:
        return False
    named, *results = text.split(";")
    words = named.split()
    if not words or words[0].lower() != server:
        return False
    return any(_is_of(result, domain) for result in results)


def _bare(header: str) -> str | None:
    """Without quotes and comments, read once from the left; None where they do not match up."""
    found: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in header:
        if escaped or quoted or depth:
            closes = not escaped and char == (")" if depth else '"')
            opens = bool(depth) and not escaped and char == "("
            escaped = not escaped and char == "\\"
            depth, quoted = depth + opens - (closes and bool(depth)), quoted and not closes
        elif char in '("':
            depth, quoted = int(char == "("), char == '"'
            found.append(" " if depth else "_")
        elif char in ")\\":
            return None
        else:
            found.append(char)
    return None if depth or quoted else "".join(found)


def _is_of(result: str, domain: str) -> bool:
    found = _RESULT.match(result)
    if found is None:
        return False
    way = found[1].lower()
    names = {name.lower().rstrip(".") for name in _DOMAIN[way].findall(found[2])}
    if len(names) != 1:
        return False
    (name,) = names
    return name == domain or (way == "dkim" and "." in name and domain.endswith(f".{name}"))
