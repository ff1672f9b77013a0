"""The language of texts: Liquid, without a way to files or to memory, where a missing value is an error.

`{{ person.name }}`, `{{ items[0].title }}`, `{{ person.name | default: "there" }}`, `{% if %}`, `{% for %}`. What is
empty counts as missing: a message with a hole in it is not sent.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from liquid import BoundTemplate, Environment, FalsyStrictUndefined, RenderContext, is_undefined
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import LiquidError, UndefinedError
from liquid.stringify import to_liquid_string
from liquid.token import TOKEN_OUTPUT

from dure.kernel.errors import Invalid

ROOTS = frozenset({"person", "account", "event", "items", "campaign", "journey", "unsubscribe_url", "now"})
_MOST = 200_000  # bytes of what one text becomes
_MOST_ROUNDS = 1_000
_OUTSIDE = ("include", "render", "echo", "liquid", "increment", "decrement", "ifchanged", "doc")
_FILTERS_OUT = ("safe", "base64_decode", "base64_url_safe_decode", "base64_encode", "base64_url_safe_encode",
                "escapejs")  # fmt: skip


class Missing(Invalid):
    """The text names a value that this person does not have, or what it becomes does not fit."""

    code = "missing_value"


def render(text: str, scope: Mapping[str, Any], *, as_html: bool = False) -> str:
    """The text filled; with `as_html` every value is escaped. Missing names the path and the line."""
    if "{" not in text:
        return text
    try:
        return compiled(text, as_html).render(**scope)
    except UndefinedError as error:
        path = str(error.message).removesuffix(" is undefined")
        raise Missing(f"There is no {path} for this person.", data={"path": path, **_place(error)}) from error
    except LiquidError as error:
        raise Missing(f"{error.message}", data=_place(error)) from error


def check(text: str, field: str, *, as_html: bool = False) -> None:
    """Invalid, with the line, for a text that no person could fill."""
    try:
        template = compiled(text, as_html)
        found = template.analyze()
    except LiquidError as error:
        place = _place(error)
        told = f"Line {place['line']}: {error.message}" if place else str(error.message)
        raise Invalid(f"{told}.", field=field, data=place) from error
    unknown = [(places[0].span.index, name) for name, places in found.globals.items() if name not in ROOTS]
    unknown += [(spans[0].index, name) for name, spans in found.filters.items() if name not in template.env.filters]
    for index, name in sorted(unknown):
        line = text.count("\n", 0, index) + 1
        known = ", ".join(sorted(ROOTS))
        what = f"`{name}` is no filter here" if name in found.filters else f"`{name}`: a value begins with {known}"
        raise Invalid(f"Line {line}: {what}.", field=field, data={"line": line})


def paths(text: str) -> Iterator[str]:
    """Every path that a text names, such as `person.name`."""
    for places in compiled(text, False).analyze().globals.values():
        for place in places:
            yield "".join(
                f"[{part}]" if isinstance(part, int) else f".{part}" if number else str(part)
                for number, part in enumerate(place.segments)
            )


def filled(value: Any) -> Any:
    """A value without what is empty in it, so that what a text says of an empty trait is what it says of none."""
    # Most are texts: asking an abstract class whether one is a mapping costs more than all the rest.
    if isinstance(value, str):
        return value or None
    if isinstance(value, dict | Mapping):
        kept = {str(key): filled(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one is not None}
    if isinstance(value, list | Sequence):
        return [filled(one) for one in value]
    return value


@functools.lru_cache(maxsize=1024)
def compiled(text: str, as_html: bool) -> BoundTemplate:
    """A text made ready once for all who get it."""
    return (_HTML if as_html else _PLAIN).from_string(text)


class _Output(OutputNode):
    """An output that is nothing, or a thing instead of a text, ends the message."""

    expression: FilteredExpression

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        missing = is_undefined(value)
        if not missing and isinstance(value, Mapping | list | tuple | range):
            raise Missing(f"{self.expression.left} is not a text.", data=self._where())
        text = "" if missing else to_liquid_string(value, context.autoescape)
        if not text and (missing or all(one.name != "default" for one in self.expression.filters or ())):
            raise Missing(f"There is no {self.expression.left} for this person.", data=self._where())
        return buffer.write(text)

    def _where(self) -> dict[str, object]:
        line = self.token.source.count("\n", 0, self.token.start_index) + 1
        return {"path": str(self.expression.left), "line": line}


class _OutputTag(Output):
    node_class = _Output


class _Environment(Environment):
    output_stream_limit = _MOST
    local_namespace_limit = _MOST
    loop_iteration_limit = _MOST_ROUNDS

    def __init__(self, autoescape: bool) -> None:
        super().__init__(undefined=FalsyStrictUndefined, strict_filters=True, autoescape=autoescape)
        self.tags[TOKEN_OUTPUT] = _OutputTag(self)
        for name in _OUTSIDE:
            self.tags.pop(name, None)
        for name in _FILTERS_OUT:
            self.filters.pop(name, None)
        self.filters["json"] = _as_json
        self.filters = {name: _bounded(name, apply) for name, apply in self.filters.items()}


def _bounded(name: str, apply: Any) -> Any:
    """A long range becomes a long text, and an empty text is found between all letters: both would fill the memory."""

    @functools.wraps(apply)
    def bounded(value: object, *args: object, **options: object) -> object:
        if isinstance(value, range) and len(value) > _MOST_ROUNDS:
            raise Missing("A range is too long.")
        if name.startswith("replace") and (len(str(value)) + 1) * (len(str(args[-1:])) + 1) > _MOST:
            raise Missing("A replaced text becomes too long.")
        return apply(value, *args, **options)

    return bounded


def _as_json(value: object) -> str:
    """A value as JSON, for the bodies of webhooks."""
    if is_undefined(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _place(error: LiquidError) -> dict[str, int]:
    found = error.context()
    return {"line": found[0], "column": found[1] + 1} if found else {}


_PLAIN, _HTML = _Environment(autoescape=False), _Environment(autoescape=True)
