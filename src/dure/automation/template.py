"""Values with holes: `"Deal {{ event.properties.name }}, {{ event.properties.amount | money }}"`.

A hole is a path into the scope (`event`, `run`, `steps.<node>`, `person`, …) and filters: `default: "x"`,
`money: "USD"`, `date: "%d %b"`, `percent: 1`. A text that is one hole and nothing else keeps the value's type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dure.kernel.errors import Invalid

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_][\w$]*(?:\.[\w$ -]*[\w$])*")
_FILTER = re.compile(r"(\w+)(?:\s*:\s*(.+))?", re.DOTALL)
_SPLIT = re.compile(r"""\|(?=(?:[^"']*(?:"[^"]*"|'[^']*'))*[^"']*$)""")
_SIGNS = {"KRW": ("₩", 0), "JPY": ("¥", 0), "USD": ("$", 2), "EUR": ("€", 2), "GBP": ("£", 2)}


class Missing(Invalid):
    """A template names a value that is not there."""

    code = "missing_value"


@dataclass(frozen=True, slots=True)
class Hole:
    """`{{ path | filter: argument | … }}`, read."""

    path: str
    filters: tuple[tuple[str, str | None], ...] = ()

    def fill(self, scope: Mapping[str, Any]) -> Any:
        """The value, through its filters; Missing names the path."""
        value = look(scope, self.path)
        for name, argument in self.filters:
            if name == "default":
                if value is None:
                    value = _argument(argument, scope)
                continue
            if value is None:
                continue
            value = _FILTERS[name](value, _argument(argument, scope) if argument else None, scope)
        if value is None:
            raise Missing(f"There is no `{self.path}` here.", data={"path": self.path})
        return value


def read(text: str) -> tuple[str | Hole, ...]:
    """A text as literal parts and holes; Invalid says what is wrong with it."""
    return _read(text)


def render(value: Any, scope: Mapping[str, Any]) -> Any:
    """A JSON value with every hole filled; mappings and lists are walked."""
    if isinstance(value, str):
        return _render_text(value, scope) if "{{" in value else value
    if isinstance(value, Mapping):
        return {key: render(item, scope) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [render(item, scope) for item in value]
    return value


def holes(value: Any, place: str = "") -> Iterator[tuple[str, Hole]]:
    """Every hole of a JSON value with the place it stands at (`blocks[0].text`)."""
    if isinstance(value, str):
        if "{{" in value:
            try:
                parts = read(value)
            except Invalid as error:
                raise Invalid(error.message, field=place) from error
            yield from ((place, part) for part in parts if isinstance(part, Hole))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from holes(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from holes(item, f"{place}[{index}]")


def has_holes(value: Any) -> bool:
    """Whether rendering would change anything."""
    if isinstance(value, str):
        return "{{" in value
    if isinstance(value, Mapping):
        return any(has_holes(item) for item in value.values())
    return isinstance(value, list | tuple) and any(has_holes(item) for item in value)


def filled(text: str, value: str) -> str:
    """A text with the same value in all its holes."""
    return "".join(part if isinstance(part, str) else value for part in read(text))


def look(scope: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None where there is none. Property names with dots are found whole first."""
    here: Any = scope
    rest = path
    while rest:
        if isinstance(here, Mapping):
            if rest in here:
                return here[rest]
            head, _, rest = rest.partition(".")
            here = here.get(head)
        elif isinstance(here, Sequence) and not isinstance(here, str):
            head, _, rest = rest.partition(".")
            here = here[int(head)] if head.isdigit() and int(head) < len(here) else None
        else:
            return None
    return here


def money(amount: Any, currency: str) -> str:
    """Minor units as people write them: `₩1,250,000`, `$12.50`."""
    sign, decimals = _SIGNS.get(currency, (currency + " ", 2))
    number = float(amount) / 10**decimals
    return f"{'-' if number < 0 else ''}{sign}{abs(number):,.{decimals}f}"


@lru_cache(maxsize=10_000)
def _read(text: str) -> tuple[str | Hole, ...]:
    parts: list[str | Hole] = []
    at = 0
    for match in _HOLE.finditer(text):
        if match.start() > at:
            parts.append(text[at : match.start()])
        parts.append(_hole(match[1].strip()))
        at = match.end()
    if "{{" in text[at:] or "}}" in text[at:]:
        raise Invalid(f"A `{{{{` in {text!r} is not closed.")
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def _hole(inside: str) -> Hole:
    path, *rest = (part.strip() for part in _SPLIT.split(inside))
    if not _PATH.fullmatch(path):
        raise Invalid(f"`{path}` is not a path such as event.properties.name.")
    filters = []
    for part in rest:
        match = _FILTER.fullmatch(part)
        if not match or match[1] not in _NAMES:
            raise Invalid(f"There is no filter `{part}`; there are {', '.join(_NAMES)}.")
        filters.append((match[1], match[2]))
    return Hole(path, tuple(filters))


def _render_text(text: str, scope: Mapping[str, Any]) -> Any:
    parts = read(text)
    if len(parts) == 1 and isinstance(parts[0], Hole):
        return parts[0].fill(scope)
    return "".join(part if isinstance(part, str) else _text(part.fill(scope)) for part in parts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _argument(raw: str | None, scope: Mapping[str, Any]) -> Any:
    if raw is None:
        return None
    raw = raw.strip()
    if len(raw) > 1 and raw[0] in "\"'" and raw[-1] == raw[0]:
        return raw[1:-1]
    if re.fullmatch(r"-?\d+(\.\d+)?", raw):
        return float(raw) if "." in raw else int(raw)
    return look(scope, raw)


def _money(value: Any, argument: Any, scope: Mapping[str, Any]) -> str:
    currency = argument or look(scope, "event.properties.currency") or "KRW"
    try:
        return money(value, str(currency))
    except (TypeError, ValueError) as error:
        raise Invalid(f"{value!r} is not an amount.") from error


def _date(value: Any, argument: Any, scope: Mapping[str, Any]) -> str:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(f"{value!r} is not a date.") from error
    zone = look(scope, "run.zone")
    if zone and at.tzinfo:
        at = at.astimezone(ZoneInfo(zone))
    return at.strftime(argument or "%Y-%m-%d")


def _percent(value: Any, argument: Any, _: Mapping[str, Any]) -> str:
    try:
        return f"{float(value) * 100:.{int(argument or 0)}f}%"
    except (TypeError, ValueError) as error:
        raise Invalid(f"{value!r} is not a share such as 0.25.") from error


_FILTERS: Mapping[str, Callable[[Any, Any, Mapping[str, Any]], str]] = {
    "money": _money,
    "date": _date,
    "percent": _percent,
}
_NAMES = ("default", *_FILTERS)
