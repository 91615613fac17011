"""What the workspace refuses in a message and in a modal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import ActionsBlock, Block, ContextBlock, HeaderBlock, InputBlock, SectionBlock
from slack_sdk.models.views import View

from engawa_fakes.slack.shown import RefusedError, read, unescaped

BLOCKS: dict[str, Callable[..., Block]] = {
    "section": SectionBlock,
    "actions": ActionsBlock,
    "header": HeaderBlock,
    "context": ContextBlock,
    "input": InputBlock,
}
# What blocks, their elements and their texts may hold (https://docs.slack.dev/reference/block-kit); slack_sdk's models
# keep to themselves what they do not know.
FIELDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(fields.split()) | {"type"}
    for kind, fields in {
        "section": "text block_id fields accessory expand",
        "actions": "elements block_id",
        "header": "text block_id level",
        "context": "elements block_id",
        "input": "label element dispatch_action block_id hint optional",
        "button": "text action_id url value style confirm accessibility_label",
        "static_select": "action_id placeholder options option_groups initial_option confirm focus_on_load",
        "plain_text_input": "action_id initial_value multiline min_length max_length dispatch_action_config"
        " focus_on_load placeholder",
        "plain_text": "text emoji",
        "mrkdwn": "text verbatim",
    }.items()
}
MOST_BLOCKS, LONGEST_TEXT, MOST_TEXT = 50, 40_000, 13_200


def text_of(given: Mapping[str, Any]) -> str:
    text = given.get("text") or ""
    if not text and not given.get("blocks"):
        raise RefusedError("no_text")
    if len(text) > LONGEST_TEXT:
        raise RefusedError("msg_too_long")
    unescaped(text)
    return str(text)


def checked(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(blocks) > MOST_BLOCKS:
        raise RefusedError("invalid_blocks")
    for block in blocks:
        _check(block)
    if sum(len(text) for text in read(blocks)) > MOST_TEXT:
        raise RefusedError("msg_blocks_too_long")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        raise RefusedError("invalid_blocks")
    return list(blocks)


def _check(block: dict[str, Any]) -> None:
    """By slack_sdk's models, and by what they let pass."""
    if block.get("type") not in BLOCKS:
        raise RefusedError("invalid_blocks")
    try:
        BLOCKS[block["type"]](**{name: value for name, value in block.items() if name != "type"}).to_dict()
    except (SlackObjectFormationError, TypeError) as error:
        raise RefusedError("invalid_blocks") from error
    if not _known(block):
        raise RefusedError("invalid_blocks")
    texts = read([block])
    ids = [element.get("action_id", "") for element in block.get("elements", []) if "action_id" in element]
    odd = any(not text or len(text) > 3000 for text in texts) or len(ids) != len(set(ids))
    if odd or (block["type"] in ("actions", "context") and not block.get("elements")):
        raise RefusedError("invalid_blocks")


def _known(found: Any) -> bool:
    """Whether everything in it has only fields that Slack knows."""
    if isinstance(found, list):
        return all(_known(each) for each in found)
    if not isinstance(found, dict):
        return True
    kind = found.get("type")
    return (kind is None or set(found) <= FIELDS.get(kind, frozenset())) and _known(list(found.values()))


def checked_view(view: Any) -> dict[str, Any]:
    if not isinstance(view, dict) or view.get("type") != "modal":
        raise RefusedError("invalid_arguments")
    try:
        View(**view).to_dict()
    except (SlackObjectFormationError, TypeError) as error:
        raise RefusedError("invalid_arguments") from error
    for block in view["blocks"]:
        _check(block)
    if any(block["type"] == "input" for block in view["blocks"]) and not view.get("submit"):
        raise RefusedError("invalid_arguments")
    for option in _options(view["blocks"]):
        if len(option["text"]["text"]) > 75 or not 0 < len(option["value"]) <= 150:
            raise RefusedError("invalid_arguments")
    return view


def _options(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [option for block in blocks for option in block.get("element", {}).get("options", [])]
