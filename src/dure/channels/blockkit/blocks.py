"""Blocks by type, and which of them each surface takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from dure.channels.blockkit.choosing import BESIDE, BOXES, BUTTONS, DATES, MENUS, MOMENTS, MULTI_MENUS
from dure.channels.blockkit.composition import block_id, kind, marked, measured, plain, slack_file
from dure.channels.blockkit.rich_text import rich_text
from dure.channels.blockkit.shape import (
    Check,
    anything,
    by_type,
    either,
    flag,
    many,
    not_both,
    one_of,
    shape,
    text,
    url,
)
from dure.channels.blockkit.writing import FIELDS

Surface = Literal["message", "modal", "home"]
# How many blocks each surface holds.
MOST: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}

_SELF = {"type": kind}
_MAY = {"block_id": block_id}
_PICTURE: dict[str, Check] = {"image_url": url, "slack_file": slack_file, **measured}
_one_picture = (either("image_url", "slack_file"), not_both("image_url", "slack_file"))
_image = shape({**_SELF, "alt_text": text(2000)}, _PICTURE, *_one_picture)

ACCESSORIES = {"image": _image, **BUTTONS, **MENUS, **MULTI_MENUS, **BOXES, **DATES}
ACTIONS = {**BUTTONS, **MENUS, **MULTI_MENUS, **BOXES, **DATES, **MOMENTS, **FIELDS}
INPUTS = {**MENUS, **MULTI_MENUS, **BOXES, **DATES, **MOMENTS, **FIELDS}
_CONTEXT = {
    "image": _image,
    "plain_text": shape({**_SELF, "text": text(3000)}, {"emoji": flag}),
    "mrkdwn": shape({**_SELF, "text": text(3000)}, {"verbatim": flag}),
}
_source = by_type({"url": shape({**_SELF, "url": url, "text": text(1000)})})
_TASK: tuple[dict[str, Check], dict[str, Check]] = (
    {**_SELF, "task_id": text(255), "title": text(1000)},
    {**_MAY, "status": one_of("pending", "in_progress", "complete", "error"), "details": rich_text,
     "output": rich_text, "sources": many(_source, 100)},
)  # fmt: skip
_cell = by_type(
    {
        "raw_text": shape({**_SELF, "text": text(10_000, 0)}),
        "raw_number": shape({**_SELF, "value": anything}, {"text": text(100)}),
        "rich_text": rich_text,
    }
)
_column = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})

EVERYWHERE: Mapping[str, Check] = {
    "section": shape(
        _SELF,
        {**_MAY, "text": marked(3000), "fields": many(marked(2000), 10), "accessory": by_type(ACCESSORIES),
         "expand": flag},
        either("text", "fields"),
    ),
    "divider": shape(_SELF, _MAY),
    "header": shape({**_SELF, "text": plain(150)}, _MAY),
    "image": shape({**_SELF, "alt_text": text(2000)}, {**_MAY, **_PICTURE, "title": plain(2000)}, *_one_picture),
    "context": shape({**_SELF, "elements": many(by_type(_CONTEXT), 10)}, _MAY),
    "actions": shape({**_SELF, "elements": many(by_type(ACTIONS), 25)}, _MAY),
    "rich_text": rich_text,
    "input": shape(
        {**_SELF, "label": plain(2000), "element": by_type(INPUTS)},
        {**_MAY, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "video": shape(
        {**_SELF, "alt_text": text(2000), "title": plain(200), "video_url": url, "thumbnail_url": url},
        {**_MAY, "title_url": url, "author_name": text(50), "description": plain(200), "provider_name": text(255),
         "provider_icon_url": url},
    ),
}  # fmt: skip
IN_MESSAGES: Mapping[str, Check] = {
    "markdown": shape({**_SELF, "text": text(12_000)}, _MAY),
    "file": shape({**_SELF, "external_id": text(255), "source": one_of("remote")}, _MAY),
    "table": shape(
        {**_SELF, "rows": many(many(_cell, 20), 100)}, {**_MAY, "column_settings": many(_column, 20, 0)}
    ),
    "context_actions": shape({**_SELF, "elements": many(by_type(BESIDE), 5)}, _MAY),
    "task_card": shape(*_TASK),
    "plan": shape({**_SELF, "title": text(1000)}, {**_MAY, "tasks": many(by_type({"task_card": shape(*_TASK)}), 100)}),
    "call": shape({**_SELF, "call_id": text(255)}, {**_MAY, "call": anything, "api_decoration_available": flag}),
}  # fmt: skip

BY_SURFACE: Mapping[Surface, Mapping[str, Check]] = {
    "message": {**EVERYWHERE, **IN_MESSAGES},
    "modal": EVERYWHERE,
    "home": EVERYWHERE,
}
