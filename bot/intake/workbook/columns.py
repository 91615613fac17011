"""The columns of a sheet: their widths and styles, with room for the reasons."""

from collections.abc import Callable

from bot.intake.workbook.echo import tag

REASONS_WIDTH = "60"


class Columns:
    """Collects what a sheet says of its columns; the column of reasons is shown, and wide enough to be read."""

    def __init__(self, reasons_at: int) -> None:
        self._reasons = reasons_at + 1
        self._spans: list[tuple[int, int, dict[str, str]]] = []
        self.told = False

    def add(self, attributes: dict[str, str]) -> None:
        self._spans.append((int(attributes["min"]), int(attributes["max"]), attributes))

    def written(self, prefix: str) -> str:
        """All of them as the sheet holds them; where one span reaches over the column of reasons, it is parted."""
        self.told = True
        reasons = (self._reasons, self._reasons, {"width": REASONS_WIDTH, "customWidth": "1"})
        spans = [reasons]
        for first, last, attributes in self._spans:
            spans += [
                (first, min(last, self._reasons - 1), attributes),
                (max(first, self._reasons + 1), last, attributes),
            ]
        kept = sorted((span for span in spans if span[0] <= span[1]), key=lambda span: span[0])
        return "".join(
            tag(f"{prefix}col", {**attributes, "min": str(first), "max": str(last)}) + "/>"
            for first, last, attributes in kept
        )

    def style_under(self, row_style: int | None) -> Callable[[int], int]:
        """What style an empty cell has, by its column, counted from 0: the row's own, else the column's."""

        def style_of(at: int) -> int:
            if row_style is not None:
                return row_style
            over = (spans for first, last, spans in self._spans if first <= at + 1 <= last)
            return int(next(over, {}).get("style", "0"))

        return style_of
