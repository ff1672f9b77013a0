"""Fields as Block Kit's inputs, what was put into them as plain values, and those values in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dure.channels.forms.model import Choice, Field, in_both
from dure.channels.forms.refusals import AnswerWrong
from dure.channels.interaction import elements
from dure.kernel.errors import Invalid

Json = dict[str, Any]
ACTION = "v"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_MOST_FIELDS, _MOST_CHOICES = 40, 100
_ELEMENTS: Mapping[str, Json] = {
    "text": {"type": "plain_text_input"},
    "long_text": {"type": "plain_text_input", "multiline": True},
    "number": {"type": "number_input", "is_decimal_allowed": True},
    "date": {"type": "datepicker"},
    "choice": {"type": "static_select"},
    "choices": {"type": "multi_static_select"},
    "user": {"type": "users_select"},
    "channel": {"type": "channels_select"},
    "file": {"type": "file_input", "max_files": 10},
}


def check(fields: Sequence[Field], place: str = "fields") -> list[Field]:
    """The fields as they are kept; Invalid names the one that makes no sense."""
    if not 1 <= len(fields) <= _MOST_FIELDS:
        raise Invalid(f"A form has 1 to {_MOST_FIELDS} fields.", field=place)
    seen: set[str] = set()
    for index, field in enumerate(fields):
        at = f"{place}[{index}]"
        if not _NAME.fullmatch(field.name):
            raise Invalid("`name` is a word of letters, digits and _.", field=f"{at}.name")
        if field.name in seen:
            raise Invalid(f"Two fields are named {field.name}.", field=f"{at}.name")
        seen.add(field.name)
        if not 1 <= max(len(text.strip()) for text in in_both(field.title).values()) <= 150:
            raise Invalid("`title` has 1 to 150 characters.", field=f"{at}.title")
        if field.type in ("choice", "choices"):
            values = [_choice(one).value for one in field.choices]
            if not 1 <= len(values) <= _MOST_CHOICES or len(set(values)) < len(values):
                raise Invalid(f"`choices` are 1 to {_MOST_CHOICES} that differ.", field=f"{at}.choices")
            if any(not 1 <= len(value.strip()) <= 75 for value in values):
                raise Invalid("A choice has 1 to 75 characters.", field=f"{at}.choices")
        elif field.choices:
            raise Invalid(f"A {field.type} has no `choices`.", field=f"{at}.choices")
    return list(fields)


def blocks(fields: Sequence[Field], language: str) -> list[Json]:
    """The fields as input blocks in a language; a block's id is the field's name."""
    return [_block(field, language) for field in fields]


def _block(field: Field, language: str) -> Json:
    element = {**_ELEMENTS[field.type], "action_id": ACTION}
    if field.type in ("choice", "choices"):
        element["options"] = [
            {"text": _plain(in_both(one.title or one.value)[language]), "value": one.value}
            for one in map(_choice, field.choices)
        ]
    made: Json = {
        "type": "input", "block_id": field.name, "label": _plain(in_both(field.title)[language]), "element": element,
        "optional": not field.required,
    }  # fmt: skip
    if any(in_both(field.about).values()):
        made["hint"] = _plain(in_both(field.about)[language])
    return made


def read(fields: Sequence[Field], given: Mapping[str, Any]) -> Json:
    """What stands in the inputs (`{name: {"v": raw}}`) as plain values by name: texts, numbers, ids, lists of them.

    Raises AnswerWrong with what is wrong by field.
    """
    shown = blocks(fields, "en")
    wrong: dict[str, str] = {}
    state: Json = {}
    for block in shown:
        try:
            state |= elements.values([block], given)
        except Invalid as error:
            wrong[block["block_id"]] = error.message
    wrong |= elements.missing([block for block in shown if block["block_id"] not in wrong], state)
    if wrong:
        raise AnswerWrong(field=f"values.{next(iter(wrong))}", data={"fields": wrong})
    return {field.name: _value(field, state[field.name][ACTION]) for field in fields}


def _value(field: Field, state: Mapping[str, Any]) -> Any:
    match field.type:
        case "number":
            text = state.get("value")
            return None if text is None else int(text) if re.fullmatch(r"-?\d+", text) else float(text)
        case "choice":
            return (state.get("selected_option") or {}).get("value")
        case "choices":
            return [one["value"] for one in state.get("selected_options") or ()]
        case "file":
            return [one["id"] for one in state.get("files") or ()]
        case _:
            return next((value for key, value in state.items() if key != "type"), None)


def lines(fields: Sequence[Field], values: Mapping[str, Any], language: str) -> Iterator[str]:
    """The answers as a message writes them: `*Budget*: 100`. What was typed cannot be read as markup."""
    for field in fields:
        value = values.get(field.name)
        if value is None or value == [] or value == "":
            continue
        yield f"*{safe(in_both(field.title)[language])}*: {_written(field, value, language)}"


def safe(text: str) -> str:
    """A text with Slack's three control characters made plain: nobody is called and no link is hidden by it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _written(field: Field, value: Any, language: str) -> str:
    if field.type == "user":
        return f"<@{value}>"
    if field.type == "channel":
        return f"<#{value}>"
    if field.type == "number":
        return f"{value:,}"
    if field.type == "file":
        return {"ko": f"파일 {len(value)}개", "en": f"{len(value)} file(s)"}[language]
    named = {one.value: in_both(one.title or one.value)[language] for one in map(_choice, field.choices)}
    picked = value if isinstance(value, list) else [value]
    return safe(", ".join(named.get(str(one), str(one)) for one in picked))


def _choice(one: str | Choice) -> Choice:
    return Choice(one) if isinstance(one, str) else one


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text[:2000]}
