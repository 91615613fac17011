"""The words of a mail that came as HTML only, with quotes marked as a plain mail marks them."""

import re
from html import unescape
from html.parser import HTMLParser

_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "blockquote",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "footer",
            "form",
            "header",
        ),
        *("header", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)
_UNSEEN = frozenset(("head", "script", "style", "title", "template"))
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<[^<>]*>")


def words_of(html: str) -> str:
    """Line by line, as a reader sees it."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # what the parser raises for declarations that are none
        return unescape(_TAG.sub(" ", html)).strip()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoted = 0
        self._unseen = 0

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._end_line(empty=True)
        elif tag == "hr":
            self._end_line()
            self._lines.append(self._mark() + "_" * 20)
        elif tag in _BLOCKS:
            self._end_line()
            self._quoted += tag == "blockquote"
        elif tag in ("td", "th"):
            self._line.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in _BLOCKS:
            self._end_line()
            self._quoted = max(self._quoted - (tag == "blockquote"), 0)
            if tag == "p":
                self._lines.append(self._mark())

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._line.append(data)

    def _end_line(self, *, empty: bool = False) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        if line or empty:
            self._lines.append(self._mark() + line)

    def _mark(self) -> str:
        return "> " if self._quoted else ""
