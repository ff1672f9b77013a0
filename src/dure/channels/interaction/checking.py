"""What a view may be: Slack's bounds, and messages that point at what is beyond them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dure.channels.blockkit import check as blockkit
from dure.channels.interaction.elements import Json
from dure.channels.interaction.model import Kind
from dure.channels.interaction.refusals import InvalidView, ViewTooLarge
from dure.channels.rules import clean

_LARGEST = 250_000
_BLOCKS = 100
_TEXTS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}
_FLAGS = ("clear_on_close", "notify_on_close", "submit_disabled")


def check_view(view: Any, kind: Kind) -> Json:
    """The view as it is kept, every block and element named. Raises InvalidView, ViewTooLarge."""
    if not isinstance(view, Mapping):
        raise InvalidView(["must provide an object [json-pointer:/view]"])
    if len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass")) > _LARGEST:
        raise ViewTooLarge(field="view")
    view = clean(dict(view))
    problems = list(_problems(view, kind))
    if problems:
        raise InvalidView(problems)
    kept: Json = {"type": kind, "blocks": blockkit.complete(view["blocks"])}
    if kind == "modal":
        kept |= {key: _plain(view.get(key)) for key in ("title", "submit", "close")}
        kept |= {flag: bool(view.get(flag)) for flag in _FLAGS}
    kept |= {key: str(view.get(key) or "") for key in _TEXTS}
    return kept


def _problems(view: Json, kind: Kind) -> Iterator[str]:
    if view.get("type") != kind:
        yield f"`type` must be `{kind}` [json-pointer:/view/type]"
    if kind == "modal":
        if view.get("title") is None:
            yield "missing required field: title [json-pointer:/view]"
        for key in ("title", "submit", "close"):
            yield from _short(view.get(key), key)
    for key, longest in _TEXTS.items():
        value = view.get(key)
        if value is not None and (not isinstance(value, str) or len(value) > longest):
            yield f"must be less than {longest + 1} characters [json-pointer:/view/{key}]"
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield "missing required field: blocks [json-pointer:/view]"
        return
    if len(blocks) > _BLOCKS:
        yield f"no more than {_BLOCKS} items allowed [json-pointer:/view/blocks]"
        return
    if blocks:  # an empty home is how an app clears it
        yield from blockkit.check(blocks, kind, at="/view/blocks")
    if kind == "modal" and not view.get("submit") and any(_is_input(block) for block in blocks):
        yield "`submit` is required when `blocks` contains input blocks [json-pointer:/view]"


def _short(text: Any, key: str) -> Iterator[str]:
    if text is None:
        return
    if not isinstance(text, Mapping) or text.get("type") != "plain_text" or not isinstance(text.get("text"), str):
        yield f"must be a plain_text object [json-pointer:/view/{key}]"
    elif not 1 <= len(text["text"]) <= 24:
        yield f"must be less than 25 characters [json-pointer:/view/{key}/text]"


def _is_input(block: Any) -> bool:
    return isinstance(block, Mapping) and block.get("type") == "input"


def _plain(text: Any) -> Json | None:
    return None if text is None else {"type": "plain_text", "text": text["text"], "emoji": text.get("emoji", True)}
