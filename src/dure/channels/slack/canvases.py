"""`canvases.*` and `conversations.canvases.create`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from dure.channels.canvas import sections
from dure.channels.canvas.model import Change, Level, Operation
from dure.channels.canvas.refusals import CanvasEditingFailed
from dure.channels.refusals import InvalidBlocks
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.kernel.errors import TooLarge

_READ, _WRITE = ("canvases:read",), ("canvases:write",)
_OPERATIONS: tuple[Operation, ...] = get_args(Operation)
_LEVELS: tuple[Level, ...] = get_args(Level)


async def create(call: Call) -> dict[str, Any]:
    channel = call.arguments.text("channel_id").strip()
    body = _markdown(call.arguments.structure("document_content", dict), "canvas_creation_failed")
    try:
        made = await call.services.pages.create(
            call.principal, call.arguments.text("title"), body,
            (await call.channels.info(call.principal, channel)).id if channel else "",
        )  # fmt: skip
    except TooLarge as error:
        raise Refused("canvas_creation_failed", f"[ERROR] {error.message}") from error
    return {"canvas_id": made.id}


async def create_in_channel(call: Call) -> dict[str, Any]:
    channel = (await call.channels.info(call.principal, call.arguments.needed("channel_id", "channel_not_found"))).id
    body = _markdown(call.arguments.structure("document_content", dict), "channel_canvas_creation_failed")
    try:
        made = await call.services.pages.create_in(call.principal, channel, call.arguments.text("title"), body)
    except TooLarge as error:
        raise Refused("channel_canvas_creation_failed", f"[ERROR] {error.message}") from error
    return {"canvas_id": made.id}


async def edit(call: Call) -> dict[str, Any]:
    try:
        listed = call.arguments.structure("changes", list)
    except InvalidBlocks:
        listed = None
    if not listed:
        raise Refused("invalid_arguments", "[ERROR] changes: a list of changes")
    try:
        await call.services.pages.edit(call.principal, _canvas(call), [_change(one) for one in listed])
    except TooLarge as error:
        raise CanvasEditingFailed(error.message) from error
    return {}


async def delete(call: Call) -> dict[str, Any]:
    await call.services.pages.delete(call.principal, _canvas(call))
    return {}


async def lookup(call: Call) -> dict[str, Any]:
    criteria = call.arguments.structure("criteria", dict) or {}
    kinds, contains = criteria.get("section_types") or [], criteria.get("contains_text") or ""
    if not isinstance(kinds, list) or not set(map(str, kinds)) <= set(sections.TYPES) or not isinstance(contains, str):
        raise Refused("invalid_arguments", f"[ERROR] section_types: {', '.join(sections.TYPES)}")
    found = await call.services.pages.lookup(call.principal, _canvas(call), kinds, contains)
    return {"sections": [{"id": one.id} for one in found]}


async def set_access(call: Call) -> dict[str, Any]:
    level: Level | None = next((one for one in _LEVELS if one == call.arguments.text("access_level")), None)
    if level is None:
        raise Refused("invalid_arguments", f"[ERROR] access_level: {', '.join(_LEVELS)}")
    return await _let_in(call, level)


async def delete_access(call: Call) -> dict[str, Any]:
    return await _let_in(call, None)


async def _let_in(call: Call, level: Level | None) -> dict[str, Any]:
    channels, users = call.arguments.items("channel_ids"), call.arguments.items("user_ids")
    if bool(channels) is bool(users):
        raise Refused("invalid_parameters", "[ERROR] user_ids or channel_ids, not both")
    await call.services.pages.let_in(call.principal, _canvas(call), level, channels=channels, users=users)
    return {}


def _canvas(call: Call) -> str:
    return call.arguments.needed("canvas_id", "canvas_not_found")


def _change(one: Any) -> Change:
    if not isinstance(one, dict) or one.get("operation") not in _OPERATIONS:
        raise Refused("invalid_arguments", f"[ERROR] operation: {', '.join(_OPERATIONS)}")
    operation: Operation = one["operation"]
    text = _markdown(one.get("title_content" if operation == "rename" else "document_content"), "canvas_editing_failed")
    if operation not in ("delete", "replace") and not text.strip():
        raise CanvasEditingFailed("The change has no content.", field="document_content")
    return Change(operation, str(one.get("section_id") or ""), text)


def _markdown(content: Any, error: str) -> str:
    """The Markdown of a `document_content`, "" where there is none."""
    if content is None:
        return ""
    text = content.get("markdown", "") if isinstance(content, dict) else None
    if text is None or not isinstance(text, str) or content.get("type") != "markdown":
        raise Refused(error, "[ERROR] document_content: {type: markdown, markdown: …}")
    return text


METHODS: Mapping[str, Method] = {
    "canvases.access.delete": Method(delete_access, _WRITE),
    "canvases.access.set": Method(set_access, _WRITE),
    "canvases.create": Method(create, _WRITE),
    "canvases.delete": Method(delete, _WRITE),
    "canvases.edit": Method(edit, _WRITE),
    "canvases.sections.lookup": Method(lookup, _READ),
    "conversations.canvases.create": Method(create_in_channel, _WRITE),
}
