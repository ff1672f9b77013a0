"""The interactive elements of blocks: their ids filled in, found again, and what a person chose in Slack's words.

A browser sends a plain value (a text, a list, a number, an option); what apps are told is made here from the element
itself, so that nothing reaches an app that was not offered to the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dure.kernel.errors import Invalid

Json = dict[str, Any]

_USER, _CONVERSATION = re.compile(r"[UW][A-Z0-9]{2,20}"), re.compile(r"[CGD][A-Z0-9]{2,20}")
_DATE, _TIME = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?")
_LONGEST = 3000

# What a kind of element calls the ids that were chosen in it, and what such an id looks like.
_IDS = {
    "users_select": ("selected_user", _USER),
    "conversations_select": ("selected_conversation", _CONVERSATION),
    "channels_select": ("selected_channel", _CONVERSATION),
    "multi_users_select": ("selected_users", _USER),
    "multi_conversations_select": ("selected_conversations", _CONVERSATION),
    "multi_channels_select": ("selected_channels", _CONVERSATION),
}
_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_OPTION = ("static_select", "radio_buttons", "overflow", "external_select")
_OPTIONS = ("multi_static_select", "checkboxes", "multi_external_select")
_BUTTONS = ("button", "workflow_button", "icon_button")
_PRESSED = (*_BUTTONS, "feedback_buttons", "overflow")
_ROWS = ("actions", "context_actions")
_KEPT = (*_TEXTS, *_IDS, *_OPTION, *_OPTIONS, "datepicker", "timepicker", "datetimepicker", "rich_text_input",
         "file_input")  # fmt: skip
INTERACTIVE = frozenset((*_KEPT, *_PRESSED))


def placed(blocks: Sequence[Json]) -> list[Json]:
    """Blocks whose every block and element has an id; one that has none is named by its place, always the same."""
    return [_placed(block, f"b{number}") for number, block in enumerate(blocks)]


def _placed(block: Json, name: str) -> Json:
    made = {**block, "block_id": str(block.get("block_id") or name)}
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            made[key] = _named(block[key], f"{name}.0")
    if isinstance(block.get("elements"), list) and block.get("type") in _ROWS:
        made["elements"] = [
            _named(one, f"{name}.{number}") if isinstance(one, dict) else one
            for number, one in enumerate(block["elements"])
        ]
    return made


def _named(element: Json, name: str) -> Json:
    if element.get("type") not in INTERACTIVE or element.get("action_id"):
        return element
    return {**element, "action_id": name}


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, in order."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element")]
        if block.get("type") in _ROWS and isinstance(block.get("elements"), list):
            inside += block["elements"]
        for element in inside:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE:
                yield block, element


def find(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The element of this name, with its block. `blocks` are placed."""
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    return None


def chosen(element: Json, raw: Any) -> Json:
    """What was put into an element, as Slack writes it; what was not offered is Invalid."""
    kind = element["type"]
    if kind in _BUTTONS:
        return {key: element[key] for key in ("text", "value", "style") if key in element}
    if kind == "feedback_buttons":
        return _feedback(element, raw)
    if kind in _TEXTS:
        return {"value": _text(element, raw)}
    if kind in _IDS:
        key, shape = _IDS[kind]
        return {key: _ids(raw, shape, element) if key.endswith("s") else _one_id(raw, shape)}
    if kind in _OPTION:
        return {"selected_option": _option(element, raw)}
    if kind in _OPTIONS:
        picked = [one for one in (_option(element, one) for one in _list(raw)) if one is not None]
        _bounded(element, len(picked))
        return {"selected_options": picked}
    if kind == "datepicker":
        return {"selected_date": _like(raw, _DATE, "a date such as 2026-11-23")}
    if kind == "timepicker":
        return {"selected_time": _like(raw, _TIME, "a time such as 09:30")}
    if kind == "datetimepicker":
        return {"selected_date_time": _moment(raw)}
    if kind == "rich_text_input":
        return {"rich_text_value": _rich(raw)}
    return {"files": [{"id": one} for one in _list(raw) if isinstance(one, str) and one.startswith("F")]}


def values(blocks: Sequence[Json], given: Mapping[str, Any]) -> Json:
    """`state.values`: what stands in every element that keeps something, by block and action. Raises Invalid."""
    found: Json = {}
    for block, element in elements(blocks):
        if element["type"] in _PRESSED:
            continue
        here = given.get(block["block_id"])
        known = isinstance(here, Mapping) and element["action_id"] in here
        raw = here[element["action_id"]] if isinstance(here, Mapping) and known else initial(element)
        try:
            value = chosen(element, raw)
        except Invalid as error:
            raise Invalid(error.message, field=block["block_id"]) from error
        found.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **value}
    return found


def missing(blocks: Sequence[Json], state: Mapping[str, Any]) -> dict[str, str]:
    """What keeps a modal from being sent, by block: what must be filled in and is not, or is not what is asked for."""
    wrong: dict[str, str] = {}
    for block in blocks:
        element = block.get("element")
        if block.get("type") != "input" or not isinstance(element, dict):
            continue
        value = state.get(block["block_id"], {}).get(element.get("action_id"), {})
        content = next((item for key, item in value.items() if key != "type"), None)
        if not content and content != 0:
            if not block.get("optional"):
                wrong[block["block_id"]] = "Please fill this in."
            continue
        problem = _problem(element, content)
        if problem:
            wrong[block["block_id"]] = problem
    return wrong


def initial(element: Json) -> Any:
    """What an element holds before anybody touches it, as a browser would send it."""
    for key in (
        "initial_value", "initial_option", "initial_options", "initial_date", "initial_time", "initial_date_time",
        "initial_user", "initial_users", "initial_conversation", "initial_conversations", "initial_channel",
        "initial_channels",
    ):  # fmt: skip
        if element.get(key) is not None:
            return element[key]
    return None


def offered(element: Json) -> list[Json]:
    """The options an element lists itself, those of groups included."""
    groups = element.get("option_groups")
    listed = list(element.get("options") or ())
    if isinstance(groups, list):
        listed += [one for group in groups if isinstance(group, dict) for one in group.get("options") or ()]
    return [one for one in listed if isinstance(one, dict)]


def _feedback(element: Json, raw: Any) -> Json:
    """The thumb that was pressed, up or down."""
    for key in ("positive_button", "negative_button"):
        button = element.get(key)
        if isinstance(button, dict) and button.get("value") == raw:
            return {name: button[name] for name in ("text", "value") if name in button}
    raise Invalid("This is not one of the buttons.")


def _text(element: Json, raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Invalid("A text is needed.")
    text = str(raw)
    if len(text) > min(int(element.get("max_length") or _LONGEST), _LONGEST):
        raise Invalid("The text is too long.")
    return text


def _option(element: Json, raw: Any) -> Json | None:
    """An option that the element offers; of an external one the person brings what the app itself has offered."""
    if raw is None or raw == "":
        return None
    if element["type"].endswith("external_select"):
        text = raw.get("text") if isinstance(raw, dict) else None
        if not isinstance(text, dict) or not isinstance(raw.get("value"), str) or len(raw["value"]) > 150:
            raise Invalid("This is not one of the app's options.")
        return {"text": {"type": "plain_text", "text": str(text.get("text", ""))[:75], "emoji": True},
                "value": raw["value"]}  # fmt: skip
    value = raw.get("value") if isinstance(raw, dict) else raw
    for one in offered(element):
        if one.get("value") == value:
            return one
    raise Invalid("This is not one of the options.")


def _ids(raw: Any, shape: re.Pattern[str], element: Json) -> list[str]:
    picked = [one for one in (_one_id(one, shape) for one in _list(raw)) if one]
    _bounded(element, len(picked))
    return picked


def _one_id(raw: Any, shape: re.Pattern[str]) -> str | None:
    return _like(raw, shape, "an id")


def _bounded(element: Json, count: int) -> None:
    most = element.get("max_selected_items")
    if isinstance(most, int) and count > most:
        raise Invalid(f"Choose at most {most}.")


def _like(raw: Any, shape: re.Pattern[str], what: str) -> str | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str) or not shape.fullmatch(raw):
        raise Invalid(f"This is not {what}.")
    return raw


def _moment(raw: Any) -> int | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw < 10**11:
        raise Invalid("This is not a moment in seconds.")
    return raw


def _rich(raw: Any) -> Json | None:
    """A text as it was typed becomes rich text of one section."""
    if isinstance(raw, dict) and raw.get("type") == "rich_text":
        return raw
    if raw is None or raw == "":
        return None
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        raise Invalid("The text is too long.")
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": raw}]}],
    }


def _list(raw: Any) -> list[Any]:
    if raw is None or raw == "":
        return []
    if not isinstance(raw, list) or len(raw) > 100:
        raise Invalid("A list of at most 100 is needed.")
    return raw


def _problem(element: Json, content: Any) -> str:
    kind = element["type"]
    if kind == "plain_text_input" and len(content) < int(element.get("min_length") or 0):
        return f"Write at least {element['min_length']} characters."
    if kind == "email_text_input" and not _EMAIL.fullmatch(content):
        return "This is not an e-mail address."
    if kind == "url_text_input" and not content.startswith(("http://", "https://")):
        return "This is not a web address."
    if kind == "number_input":
        return _number_problem(element, content)
    return ""


def _number_problem(element: Json, content: str) -> str:
    if not _NUMBER.fullmatch(content) or (not element.get("is_decimal_allowed") and "." in content):
        return "This is not a number." if element.get("is_decimal_allowed") else "This is not a whole number."
    try:
        low, high = (
            float(element[key]) if element.get(key) is not None else None for key in ("min_value", "max_value")
        )
    except (TypeError, ValueError):
        return ""
    if low is not None and float(content) < low:
        return f"It must be at least {element['min_value']}."
    if high is not None and float(content) > high:
        return f"It must be at most {element['max_value']}."
    return ""
