"""The chart of what a loan costs. It loads matplotlib, so it is loaded by name, when a chart is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.programmes.loan import Loan
from bot.programmes.repayment import Payment, schedule
from templates.loan_chart import chart_words, sum_of, titled, yen_of
from templates.paper.font import font_path

SIZE = (9.6, 7.2)  # inches
DOTS = 120  # an inch
# Told apart by pattern as well as by colour; the colours are of Okabe and Ito (https://jfly.uni-koeln.de/color/).
LOOKS = (("#0072B2", "-"), ("#D55E00", "--"))
SAME_BYTES = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}


@dataclass(frozen=True, slots=True)
class Line:
    """One loan of a chart, under its name."""

    name: str
    loan: Loan


def draw(lines: Sequence[Line], below: str, language: str, to: Path) -> None:
    """Payment and balance by year, one above the other, as the suffix of ``to`` says. Raises OSError."""
    fontManager.addfont(font_path())
    family = FontProperties(fname=font_path()).get_name()
    words = chart_words(language)
    with rc_context({"font.family": family, "svg.hashsalt": "engawa", "axes.unicode_minus": False}):
        figure = Figure(figsize=SIZE, dpi=DOTS, layout="constrained")
        each, owed = figure.subplots(2, 1, sharex=True)
        figure.suptitle(titled(lines[0].loan, language), fontsize=15)
        for line, (color, pattern) in zip(lines, LOOKS, strict=False):
            payments = schedule(line.loan)
            years = [(one.number - 1) / 12 for one in payments]
            # The last payment takes the rest and would be drawn as a fall of its own.
            usual = payments[:-1] or payments
            each.step(years[: len(usual)], _yen(usual), color=color, linestyle=pattern, label=line.name, where="post")
            passed = [one.number / 12 for one in payments]
            owed.plot([0, *passed], _owed(line.loan, payments), color=color, linestyle=pattern)
        _dress(each, str(words["each"]), lambda yen: yen_of(yen, language))
        _dress(owed, str(words["owed"]), lambda yen: sum_of(yen, language))
        owed.set_xlabel(str(words["year"]))
        owed.set_ylim(bottom=0)
        if len(lines) > 1:
            each.legend(frameon=False, loc="best")
        figure.supxlabel(f"{below}\n{words['note']}", fontsize=10)
        figure.savefig(to, metadata=SAME_BYTES.get(to.suffix.lstrip("."), {}))


def _yen(payments: Sequence[Payment]) -> list[int]:
    return [one.yen for one in payments]


def _owed(loan: Loan, payments: Sequence[Payment]) -> list[int]:
    return [loan.principal, *(one.balance for one in payments)]


def _dress(axes: Axes, title: str, said: Callable[[int], str]) -> None:
    axes.set_title(title, loc="left", fontsize=12)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda yen, place: said(round(yen))))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.grid(color="#d0d0d0", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0)
