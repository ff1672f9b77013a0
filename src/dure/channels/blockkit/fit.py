"""Cards that automations fill with data: a customer's name of 200 letters must not keep a deal's room from opening.

Texts are cut to what Block Kit holds and empty ones become a dash; anything else stays as it is.
"""

from __future__ import annotations

from typing import Any

_LONGEST = {"header": 150, "section": 3000, "context": 3000, "fields": 2000, "button": 75, "option": 75}


def fit(blocks: list[Any] | None) -> list[Any] | None:
    """The blocks with their texts made to fit."""
    return None if blocks is None else [_block(block) for block in blocks]


def _block(block: Any) -> Any:
    if not isinstance(block, dict):
        return block
    kind = block.get("type")
    made = dict(block)
    if kind in ("header", "section") and "text" in made:
        made["text"] = _text(made["text"], _LONGEST[kind])
    if isinstance(made.get("fields"), list):
        made["fields"] = [_text(one, _LONGEST["fields"]) for one in made["fields"]]
    if isinstance(made.get("elements"), list) and kind in ("context", "actions"):
        made["elements"] = [_element(one) for one in made["elements"]]
    if "accessory" in made:
        made["accessory"] = _element(made["accessory"])
    return made


def _element(element: Any) -> Any:
    if not isinstance(element, dict):
        return element
    if element.get("type") in ("mrkdwn", "plain_text"):
        return _text(element, _LONGEST["context"])
    if element.get("type") == "button" and "text" in element:
        return {**element, "text": _text(element["text"], _LONGEST["button"])}
    return element


def _text(text: Any, longest: int) -> Any:
    if not isinstance(text, dict) or not isinstance(text.get("text"), str):
        return text
    said = text["text"] if text["text"].strip() else "–"
    return {**text, "text": said if len(said) <= longest else said[: longest - 1] + "…"}
