"""Files that have their name only once they are whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def draft_of(to: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes its place when all went well, and otherwise leaves nothing. Raises OSError.

    Only we can read it: what stands in it is a person's.
    """
    with tempfile.NamedTemporaryFile(dir=to.absolute().parent, suffix=".part", delete=False) as draft:
        try:
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(to)
        finally:
            Path(draft.name).unlink(missing_ok=True)
