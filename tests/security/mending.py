"""A request that was refused for what it says is mended by what the refusal says, until tenancy is what is asked."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

# What a field of this name mostly takes; the first that fits wins.
_BY_NAME: tuple[tuple[str, Any], ...] = (
    (r"currency", "KRW"), (r"zone|timezone", "Asia/Seoul"), (r"lang(uage)?", "ko"), (r"e?mail(s)?", "x@rival.example"),
    (r"url|website|address|link|endpoint|issuer|target|place", "https://rival.example/"),
    (r"csv|people", "distinct_id\nu-1\n"),
    (r"(start|end|close|due|from|to|until|since|at)_?(day|date)?|date|day|begin", "2026-11-25"),
    (r".*_at|until|since|expires|time", "2026-11-25T00:00:00Z"), (r"event", "Song Played"),
    (r"rule|definition", {"kind": "did", "event": "Song Played", "at_least": 1}),
    (r"question", {"kind": "trend", "series": [{"event": "Song Played"}]}), (r"share|control_share|gate|rate", 0.5),
    (r"minutes|seconds|days|hours|number|limit|size|units|goal|version|amount|quantity", 1), (r"prop|trait", "plan"),
    (r"key|id|shortcut|handle|name", "own-word"), (r"password", "correct horse battery staple"),
    (r"function|team|to", "marketing"), (r"network", "mastodon"), (r"window", "7d"), (r"interval", "day"),
)  # fmt: skip
_ANY: tuple[Any, ...] = (
    "2026-11-25", "2026-11-25T00:00:00Z", 1, "1", [], {}, True, "word", "00000000-0000-0000-0000-000000000000", None,
)  # fmt: skip
# The kind of thing that a refusal asks for.
_OF_KIND: tuple[tuple[str, type], ...] = (
    (r"Expected `\w+ \| null`", type(None)), (r"valid string|Expected `str`|is a text", str),
    (r"valid list|Expected `array`|Send a list", list),
    (r"valid dictionary|Expected `object`|Object missing", dict), (r"valid integer|Expected `int`", int),
)  # fmt: skip
_CHOICES = re.compile(r"(?:one of|there are|among|Input should be(?= ')|are:|has:) ?((?:[`'\w.-]+(?:, | or | and )?)+)")
_MOST = 6
Say = Callable[[Any, Any], Any]


async def as_far_as_it_goes(
    say: Say, body: Any, query: dict[str, Any], named: Callable[[str], Any]
) -> list[httpx.Response]:
    """Every answer on the way, the last one last: no 422 and no 400 where the refusals told enough."""
    tried: set[tuple[str, str]] = set()
    body, query = copy.deepcopy(body), dict(query)
    answers = [await say(body, query)]
    while answers[-1].status_code in (400, 422) and len(answers) < _MOST:
        error = _error(answers[-1])
        field, message = str(error.get("field") or ""), str(error.get("message", ""))
        if not _mend(body, query, field, message, named, tried):
            break
        answers.append(await say(body, query))
    return answers


def _error(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    found = told.get("error") if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}


def _mend(body: Any, query: dict[str, Any], field: str, message: str, named: Callable[[str], Any],
          tried: set[tuple[str, str]]) -> bool:  # fmt: skip
    """Puts something else where the refusal points; False where nothing is left to try."""
    path = [int(part) if part.isdigit() else part for part in re.split(r"[.\[\]]+", field) if part]
    unknown = re.search(r"unknown field|has no field|Extra inputs|Unexpected keyword", message) is not None
    if unknown and not path:
        path = re.findall(r"`([\w.]+)`", message)[:1]
    lacks = re.search(r"missing required field `(\w+)`", message)
    if lacks and path[-1:] != [lacks[1]]:
        path.append(lacks[1])
    if not path:
        return False
    name = str(next((part for part in reversed(path) if isinstance(part, str)), ""))
    for holder, key in ((query, path[-1]), _holder(body, path)):
        if not isinstance(holder, dict | list) or (holder is query and key not in query):
            continue
        if isinstance(holder, list) and not (isinstance(key, int) and key < len(holder)):
            continue
        if unknown:
            if isinstance(holder, dict) and holder.pop(key, None) is not None:
                return True
            continue
        if isinstance(holder, dict) and key not in holder and "required" not in message:
            continue
        was = holder[key] if isinstance(holder, list) or key in holder else None
        for value in _candidates(name, message, named, type(was)):
            if (field, repr(value)) not in tried:
                tried.add((field, repr(value)))
                holder[key] = value  # type: ignore[index, call-overload]
                return True
    return False


def _holder(body: Any, path: list[Any]) -> tuple[Any, Any]:
    held = body
    for part in path[:-1]:
        if (isinstance(held, dict) and part in held) or (
            isinstance(held, list) and isinstance(part, int) and part < len(held)
        ):
            held = held[part]
        else:
            return None, path[-1]
    return held, path[-1]


def _candidates(name: str, message: str, named: Callable[[str], Any], was: type) -> Iterator[Any]:
    """What may be meant, the likeliest first, of the kind that the refusal asks for, or of the kind that it was."""
    wanted = next((kind for said, kind in _OF_KIND if re.search(said, message)), was)
    for value in _likely(name, message, named):
        if wanted is type(None) or (isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))):
            yield value


def _likely(name: str, message: str, named: Callable[[str], Any]) -> Iterator[Any]:
    one = named(name) or named(name.rstrip("s"))
    choices = _CHOICES.search(message)
    if either := re.search(r"` is ((?:[\w.-]+, )*[\w.-]+ or [\w.-]+)", message):
        yield from re.split(r", | or ", either[1])[:2]
    if choices:
        yield from re.findall(r"[\w.-]{2,40}", choices[1])[:2]
    if "ISO date" in message or "valid date" in message or "datetime" in message:
        yield from ("2026-11-25", "2026-11-25T00:00:00Z")
    if "UUID" in message:
        yield "00000000-0000-0000-0000-000000000000"
    if one is not None:
        yield from (one, [one])
    yield from (value for pattern, value in _BY_NAME if re.fullmatch(pattern, name))
    yield from _ANY
