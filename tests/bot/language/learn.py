"""Learns the second reader's weights from the labelled replies: `make second-reader`. Run by hand, never by a test.

All sets are learned from. What it is worth beside replies never seen is measured by learning without one of them, and
by the rules as they stood before that set was mended for. L1 keeps what tells little out of the files.
"""

import json
import warnings
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.core.meaning import Context
from bot.language.learned.features import circumstances, runs
from bot.language.learned.guess import BIAS, NO_RESULT
from bot.language.text.normal import normalise, own_words

HERE = Path(__file__).parent
LEARNED = HERE.parents[2] / "bot" / "language" / "learned"
SETS = ("written", "unread", "fifty", "strangers", "others", "last", "everyday", "lately", "daily")
STRENGTH = 10  # of the data against sparseness; 5 and 40 do as well
AT_LEAST = 2  # replies with a run of characters before it counts

Row = dict[str, Any]


def main() -> None:
    """Writes intents.txt from all replies, and results.txt from those that say that the inspection is done."""
    warnings.simplefilter("error", ConvergenceWarning)  # weights on the way are worth nothing
    rows = [json.loads(line) for name in SETS for line in _lines(name)]
    done = [row for row in rows if row["expect"]["intent"] == "done"]
    _learn("intents", rows, [_intents(row) for row in rows])
    _learn("results", done, [{row["expect"]["result"] or NO_RESULT} for row in done])


def _intents(row: Row) -> set[str]:
    """The intents that count as right: the expected one, and those accepted besides."""
    return {row["expect"]["intent"]} | {other["intent"] for other in row.get("accept", []) if "intent" in other}


def _lines(name: str) -> list[str]:
    return (HERE / f"replies_{name}.jsonl").read_text("utf-8").splitlines()


def _learn(question: str, rows: list[Row], labels: list[set[str]]) -> None:
    """Writes a line of answers, and one line a feature with the answers it speaks for or against."""
    columns = CountVectorizer(analyzer=_features, min_df=AT_LEAST, binary=True)
    counted = csr_matrix(columns.fit_transform(rows), dtype=float)
    seen = diags([1 / sqrt(len(runs(_plain(row)))) for row in rows]) @ counted
    answers = sorted(set().union(*labels))
    models = [_model(seen, np.array([answer in label for label in labels])) for answer in answers]
    lines = [answers, [BIAS, *_pairs([model.intercept_[0] for model in models])]]
    for at, name in enumerate(columns.get_feature_names_out()):
        pairs = _pairs([model.coef_[0][at] for model in models])
        lines += [[name, *pairs]] if pairs else []
    head = f"# Learned from {len(rows)} labelled replies: `make second-reader`. Do not edit."
    (LEARNED / f"{question}.txt").write_text("\n".join([head, *map("\t".join, lines)]) + "\n", "utf-8")


def _features(row: Row) -> list[str]:
    """What the reader will look at in that reply."""
    text = _plain(row)
    return [*runs(text), *circumstances(text, Context(row["context"]), row["role"] in ("servicer", "builder"))]


def _plain(row: Row) -> str:
    return normalise(own_words(row["text"]))


def _model(seen: csr_matrix, is_it: "np.ndarray[Any, Any]") -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, l1_ratio=1, solver="liblinear", max_iter=3000, random_state=0)
    return model.fit(seen, is_it)


def _pairs(weights: list[float]) -> list[str]:
    return [f"{which}:{weight:.2f}" for which, weight in enumerate(weights) if abs(weight) >= 0.005]


if __name__ == "__main__":
    main()
