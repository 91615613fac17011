"""The words that a person reads in a workbook, in one language; they are handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.intake.report import Problem, label_of
from bot.intake.tables import Column, Table


@dataclass(frozen=True, slots=True)
class Words:
    """As they stand in ``templates/ja/workbook.toml``, which says what each is for.

    Without ``reasons`` a problem is told as in the report, in Japanese.
    """

    language: str
    required: str
    optional: str
    pick: str
    not_listed: str
    operators: str
    examples: str
    examples_of: str
    hints: Mapping[str, Mapping[str, str]]
    result: Mapping[str, Any]
    verdicts: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)

    def hint(self, table: Table, column: Column) -> str:
        """What belongs into a column, and whether it must be filled in."""
        if column.operators:
            return self.operators
        told = [self.hints[table.name][column.key], self.required if column.required else self.optional]
        if column.choices:
            told.insert(1, self.pick)
        return ("" if self.language == "ja" else " ").join(told)

    def message(self, found: Problem) -> str:
        """A problem in this language."""
        told = self.reasons.get(found.reason)
        return told.format(label=label_of(found.table, found.field), value=found.value or "") if told else found.message

    def counted(self, key: str, count: int) -> str:
        return str(self.result[key]).format(count=count)

    @property
    def headers(self) -> Sequence[str]:
        """The headings of the list of problems."""
        return tuple(self.result["headers"])
