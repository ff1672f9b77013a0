"""Decisions: reading a design, the short form of one, and what may change after a launch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dure.campaigns.checking import problems_of
from dure.campaigns.design import Design, Messaging
from dure.campaigns.model import Problem
from dure.kernel.errors import Invalid

_SHORT = ("name", "trigger", "texts", "goal", "wait", "window", "holdout", "audience")
# Where the parts of a short design lie in the one it unfolds into.
_PLACES = {
    "nodes[1].texts": "texts", "nodes[0].for": "wait", "entry.trigger": "trigger", "entry.audience": "audience",
    "goal.event": "goal",
}  # fmt: skip


def read_design(raw: object) -> Design:
    """A design out of decoded JSON, in its long or its short form; Invalid names the field."""
    design = _read(raw)
    found = next(iter(problems_of(design)), None)
    if found is not None:
        raise Invalid(found.message, field=_place(found.field, raw))
    return design


def problems(raw: object) -> list[Problem]:
    """All that keeps a design from being launched, in reading order."""
    try:
        design = _read(raw)
    except Invalid as error:
        return [Problem(error.field or "design", error.message)]
    return [Problem(_place(one.field, raw), one.message, one.code) for one in problems_of(design)]


def kept_design(raw: object) -> Design:
    """A design that was checked when it was kept."""
    return msgspec.convert(unfold(raw) if is_short(raw) else raw, Design)


def is_short(raw: object) -> bool:
    return isinstance(raw, Mapping) and "nodes" not in raw and "texts" in raw


def unfold(raw: object) -> dict[str, Any]:
    """The long form of a short one: whoever comes back within `wait` is out, the others are sent one e-mail."""
    given = dict(raw) if isinstance(raw, Mapping) else {}
    unknown = sorted(set(given) - set(_SHORT))
    if unknown:
        raise Invalid(f"Object contains unknown field `{unknown[0]}`", field=unknown[0])
    if "trigger" not in given:
        raise Invalid("A campaign has a trigger event and a goal event.", field="trigger")
    goal = {"event": given.get("goal", "Listen Started")}
    return {
        "name": given.get("name"),
        "kind": "triggered",
        "entry": {"trigger": given["trigger"], "audience": given.get("audience")},
        "start": "wait",
        "nodes": [
            {"id": "wait", "kind": "delay", "for": given.get("wait", "20h"), "next": "message"},
            {
                "id": "message", "kind": "message", "channel": "email", "texts": given["texts"],
                "items": {"kind": "together", "count": 3},
            },
        ],
        "exits": [goal],
        "goal": goal,
        "window": given.get("window", "1d"),
        "holdout": given.get("holdout", 0.5),
    }  # fmt: skip


def only_words_differ(before: Design, after: Design) -> bool:
    """Whether nothing but a campaign's name and its messages' texts was changed: the rest would spoil its result."""
    return _without_words(before) == _without_words(after)


def _read(raw: object) -> Design:
    try:
        return msgspec.convert(unfold(raw) if is_short(raw) else raw, Design)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=_place(path.rstrip("`").lstrip(".") or "design", raw)) from error


def _place(field: str, raw: object) -> str:
    if is_short(raw):
        for long, short in _PLACES.items():
            if field.startswith(long):
                return short + field.removeprefix(long)
    return field


def _without_words(design: Design) -> Design:
    nodes = tuple(
        msgspec.structs.replace(node, texts={}) if isinstance(node, Messaging) else node for node in design.nodes
    )
    return msgspec.structs.replace(design, name={}, nodes=nodes)
