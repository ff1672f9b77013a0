"""Judges blocks and completes them: `check` says what is wrong, `complete` gives ids to what has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dure.channels.blockkit.blocks import ACTIONS, BY_SURFACE, MOST, Surface
from dure.channels.blockkit.choosing import BESIDE
from dure.channels.blockkit.shape import Check, Findings, Place, by_type, fail, many

_ROOT: Mapping[Surface, str] = {"message": "/blocks", "modal": "/view/blocks", "home": "/view/blocks"}
_CHECKS: Mapping[Surface, Check] = {
    surface: many(by_type(BY_SURFACE[surface]), MOST[surface], 0 if surface == "message" else 1) for surface in MOST
}
_INTERACTIVE = frozenset({*ACTIONS, *BESIDE})
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def check(blocks: Any, surface: Surface = "message", at: str = "") -> list[str]:
    """What is wrong with blocks, each as `must provide an object [json-pointer:/blocks/0/text]`; empty where nothing.

    `at` is where they lie, by default `/blocks` in a message and `/view/blocks` in a view. Slack puts `[ERROR] ` before
    each in `response_metadata.messages`.
    """
    found: Findings = []
    root: Place = (at or _ROOT[surface],)
    _CHECKS[surface](blocks, root, found)
    if not found:
        _alone(blocks, root, found)
    return found


def complete(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Checked blocks with a `block_id` for each and an `action_id` for each element that acts.

    A made-up id depends on the place alone, so that a message that is written anew keeps its ids.
    """
    taken = {block["block_id"] for block in blocks if block.get("block_id")}
    for number, block in enumerate(blocks):
        if not block.get("block_id"):
            block["block_id"] = _free(number, taken)
            taken.add(block["block_id"])
        acting = list(_acting(block))
        if acting:
            used = {element["action_id"] for _, element in acting if element.get("action_id")}
            for place, (_, element) in enumerate(acting):
                if not element.get("action_id"):
                    element["action_id"] = _free(place, used)
                    used.add(element["action_id"])
    return blocks


def _alone(blocks: list[dict[str, Any]], root: Place, found: Findings) -> None:
    """Ids are given once: a `block_id` among the blocks, an `action_id` within its block. Only one table a message."""
    seen: set[str] = set()
    tables = 0
    for number, block in enumerate(blocks):
        own = block.get("block_id")
        if own:
            if own in seen:
                fail(found, f'block_id "{own}" already exists', ((root, number), "block_id"))
            seen.add(own)
        actions: set[str] = set()
        for where, element in _acting(block):
            action = element.get("action_id")
            if action:
                if action in actions:
                    message = f'action_id "{action}" already exists for block_id "{own or number}"'
                    fail(found, message, (_below((root, number), where), "action_id"))
                actions.add(action)
        tables += block["type"] == "table"
        if tables > 1 and block["type"] == "table":
            fail(found, "only one table is allowed", ((root, number), "type"))


def _acting(block: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The elements of a block that somebody can act on, with the steps that lead to them."""
    kind = block["type"]
    if kind in ("actions", "context_actions"):
        for number, element in enumerate(block["elements"]):
            yield ("elements", number), element
    elif kind == "section":
        accessory = block.get("accessory")
        if accessory is not None and accessory["type"] in _INTERACTIVE:
            yield ("accessory",), accessory
    elif kind == "input":
        yield ("element",), block["element"]


def _below(place: Place, steps: tuple[Any, ...]) -> Place:
    for step in steps:
        place = (place, step)
    return place


def _free(number: int, taken: set[str]) -> str:
    """Five letters by a number; the next ones where somebody has them."""
    while True:
        mixed, letters = (number + 1) * 48_271_009 % 916_132_832, ""
        for _ in range(5):
            mixed, digit = divmod(mixed, 62)
            letters += _LETTERS[digit]
        if letters not in taken:
            return letters
        number += 1_000
