"""The styles of somebody's workbook, with colours of ours laid over them, and taken off again.

A style of ours is the person's own with another fill. Under our colour, where a full fill shows nothing, we keep the
colour that was there, so that a mended row gets its own back when the workbook comes again.
"""

import re
from enum import StrEnum

from bot.intake.reasons import Severity
from bot.intake.workbook.echo import DECLARATION, Echo, local, named
from bot.intake.xlsx_package import Package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Shade(StrEnum):
    """Colours that hardly anybody has in a workbook of their own."""

    ERROR = "FFFF9C9D"
    WARNING = "FFFFEB8D"
    REFUSED_ROW = "FFFFE3E4"


OF_SEVERITY = {Severity.ERROR: Shade.ERROR, Severity.WARNING: Shade.WARNING}
_EMPTY = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}">'
    '<fonts><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_GROWING = ("fonts", "fills", "cellXfs")
_FULL = re.compile(r'patternType="solid"')
_COLOUR = re.compile(r"<(?:\w+:)?(fg|bg)Color ([^/>]*)")
_NO_COLOUR = 'indexed="64"'


class _StylesEcho(Echo):
    """Keeps each font, fill and cell style as it is written, and where more of them go."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {name: [] for name in _GROWING}
        self.ends: dict[str, int] = {}
        self._inside: list[str] = []
        self._from = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._growing(1) and len(self._inside) == 2:
            self.close_tag()
            self._from = len(self.out)
        self._inside.append(local(name))
        if self._growing(1) and len(self._inside) == 2:
            attributes = {key: value for key, value in attributes.items() if key != "count"}
        super().start(name, attributes)

    def end(self, name: str) -> None:
        if self._growing(1) and len(self._inside) == 2:
            self.close_tag()
            self.ends[self._inside[1]] = len(self.out)
        super().end(name)
        if self._growing(1) and len(self._inside) == 3:
            self.found[self._inside[1]].append("".join(self.out[self._from :]))
        self._inside.pop()

    def _growing(self, depth: int) -> bool:
        return len(self._inside) > depth and self._inside[depth] in _GROWING


class Shades:
    """The styles of a workbook, by number; new ones are added as they are asked for."""

    def __init__(self, package: Package, part: str | None) -> None:
        echo = _StylesEcho()
        if part is not None and part in package:
            for _ in package.feed(part, echo.parser(part)):
                pass
        if set(echo.ends) != set(_GROWING) or not echo.found["cellXfs"]:
            echo = _StylesEcho()
            echo.parser("").Parse(_EMPTY, True)
        self._pieces, self._ends, self._prefix = echo.out, echo.ends, echo.prefix
        self._all = echo.found
        self._before = {name: len(found) for name, found in self._all.items()}
        self._known: dict[tuple[str, int | str], int] = {}

    def shaded(self, style: int, shade: Shade | None) -> int:
        """A style under a colour of ours; without one, as it was before it had any."""
        style = style if style < self._before["cellXfs"] else 0
        known = (shade or "", style)
        if known not in self._known:
            own = self._own_colour(style)
            if shade is None:
                self._known[known] = style if own is None else self._restored(style, own)
            else:
                self._known[known] = self._clone(style, self._fill(shade, own or self._colour(style)))
        return self._known[known]

    def lettered(self, font: str, alignment: str = "", style: int = 0) -> int:
        """A style of text in a font of ours."""
        fonts = self._all["fonts"]
        fonts.append(named(self._prefix, f"<font>{font}</font>"))
        fill = self._fill_of(style)
        xf = f'<xf numFmtId="49" fontId="{len(fonts) - 1}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1"'
        xf += f' applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top"{alignment}/></xf>'
        return self._added("cellXfs", named(self._prefix, xf))

    def written(self) -> bytes:
        """The part, with what was added."""
        pieces = list(self._pieces)
        for name, at in sorted(self._ends.items(), key=lambda end: -end[1]):
            pieces[at:at] = self._all[name][self._before[name] :]
        return "".join([DECLARATION, *pieces]).encode()

    def _restored(self, style: int, own: str) -> int:
        if own == _NO_COLOUR:
            return self._clone(style, 0)
        fill = f'<fill><patternFill patternType="solid"><fgColor {own}/><bgColor {_NO_COLOUR}/></patternFill></fill>'
        return self._clone(style, self._added("fills", named(self._prefix, fill)))

    def _clone(self, style: int, fill: int) -> int:
        start, close, rest = self._all["cellXfs"][style].partition(">")
        empty = "/" if start.endswith("/") else ""
        plain = re.sub(r' (?:fillId|applyFill)="[^"]*"', "", start.removesuffix("/"))
        return self._added("cellXfs", f'{plain} fillId="{fill}" applyFill="1"{empty}{close}{rest}')

    def _fill(self, shade: Shade, under: str) -> int:
        known = (f"fill {shade}", under)
        if known not in self._known:
            colours = f'<fgColor rgb="{shade}"/><bgColor {under}/>'
            fill = named(self._prefix, f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>')
            self._known[known] = self._added("fills", fill)
        return self._known[known]

    def _own_colour(self, style: int) -> str | None:
        """What is kept under our colour; None where a style has none of ours."""
        fill = self._raw_fill(style)
        colours = dict(_COLOUR.findall(fill))
        ours = any(f'rgb="{shade}"' in colours.get("fg", "") for shade in Shade)
        return colours.get("bg", _NO_COLOUR).strip() if ours else None

    def _colour(self, style: int) -> str:
        fill = self._raw_fill(style)
        colours = dict(_COLOUR.findall(fill))
        return colours.get("fg", _NO_COLOUR).strip() if _FULL.search(fill) else _NO_COLOUR

    def _raw_fill(self, style: int) -> str:
        at = self._fill_of(style)
        return self._all["fills"][at] if at < len(self._all["fills"]) else ""

    def _fill_of(self, style: int) -> int:
        found = re.search(r' fillId="([0-9]{1,9})"', self._all["cellXfs"][style].partition(">")[0])
        return int(found[1]) if found else 0

    def _added(self, name: str, markup: str) -> int:
        self._all[name].append(markup)
        return len(self._all[name]) - 1
