"""Marked copies of the files of one import, in a folder."""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from bot.cli.drafts import draft_of
from bot.intake.report import FileReport
from bot.intake.workbook.marked import NotMarked, write_marked
from bot.intake.workbook.words import Words


def write_copies(taken: Iterable[tuple[Path, FileReport]], folder: Path, words: Words) -> Iterator[str]:
    """Writes them, and tells of each in a line. What was sent is never written over."""
    sent = list(taken)
    barred = {file.absolute() for file, _ in sent}
    for file, report in sent:
        to = _free(folder, file, barred)
        barred.add(to.absolute())
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with draft_of(to) as draft:
                if not write_marked(file, report, words, draft):
                    raise NotMarked
        except NotMarked:
            yield f"{file}: no marked copy; the report says everything"
        except OSError as error:
            yield f"{file}: the marked copy {to} cannot be written: {error.strerror or error}"
        else:
            yield f"{file}: marked in {to}"


def _free(folder: Path, file: Path, barred: set[Path]) -> Path:
    """Where no file that was sent lies, and no other copy of this call goes."""
    names = (f"{file.stem}{'' if number == 1 else f'-{number}'}.marked.xlsx" for number in count(1))
    return next(folder / name for name in names if (folder / name).absolute() not in barred)
