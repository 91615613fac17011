"""What platforms send us, read with care: bytes from outside are small JSON objects or they are nothing."""

import json
import re
from collections.abc import Mapping
from typing import Any

DEEPEST = 40  # levels of a JSON text; no platform's goes beyond ten
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)  # also one that never ends: nothing is looked at twice


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``. Raises ValueError for anything else, however it is broken or nested."""
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(body) > DEEPEST:
        raise ValueError("nested too deeply")
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _depth(body: bytes) -> int:
    """Brackets that people write are no levels: whoever likes them would shut out all that comes with their words."""
    deepest = depth = 0
    for byte in _STRING.sub(b"", body):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def text_at(raw: Mapping[str, Any], *path: str) -> str:
    """The text under these keys; empty where there is none."""
    found: Any = raw
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""
