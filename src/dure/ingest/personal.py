"""Personal data that a workspace does not keep: names whose values are dropped or hashed before anything is stored."""

from __future__ import annotations

import enum
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid

Do = Literal["drop", "hash"]
Where = Literal["properties", "traits", "both"]

RULES = 200
# The client's network address, under the names by which the protocols carry it.
ADDRESSES = frozenset({"ip", "$ip", "ip_address", "$ip_address", "request_ip", "requestIP"})
# What Dure itself reads: without it devices and users would come apart, and clocks could not be explained.
_NEEDED = frozenset({"anonymous_id", "sent_anonymous_id", "previous_id", "original_time", "trait_changes"})
# Objects among the properties that hold traits.
_TRAITS = frozenset({"traits", "set", "set_once", "user_properties", "group_properties", "trait_changes"})
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}\b")
_CONTENT = re.compile(r'[^\s{}\[\]:,"]+')
_PATHS = 20_000


class PersonalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is a property's name, at any depth and in any case; `a.b` is b inside a; a `*` ends a beginning."""

    name: str
    do: Do = "drop"
    where: Where = "both"


class _ByPath(enum.Enum):
    BY_PATH = enum.auto()


_BY_PATH = _ByPath.BY_PATH


def checked(rules: Sequence[PersonalRule]) -> tuple[PersonalRule, ...]:
    """The rules, tidied. Raises Invalid naming the one that makes no sense."""
    if len(rules) > RULES:
        raise Invalid(f"There are at most {RULES} rules.", field="rules")
    made: list[PersonalRule] = []
    for number, rule in enumerate(rules):
        name, at = plain(rule.name.strip()), f"rules.{number}.name"
        if not name.rstrip("*") or len(name) > 200 or "*" in name[:-1] or any(not part for part in name.split(".")):
            raise Invalid("`name` is a property's name: `email`, `address.street`, `phone*`.", field=at)
        if any(_pattern(name).fullmatch(needed) for needed in _NEEDED):
            raise Invalid(f"{name!r} is needed to know whose events these are; it cannot be taken away.", field=at)
        if any(other.name == name and _meet(other.where, rule.where) for other in made):
            raise Invalid(f"There are two rules for {name!r}.", field=at)
        made.append(PersonalRule(name, rule.do, rule.where))
    return tuple(made)


@lru_cache(maxsize=_PATHS)
def plain(name: str) -> str:
    """A name as rules compare it: `$Email` is `email`."""
    return ".".join(part.lstrip("$") for part in name.casefold().split("."))


def without_addresses(properties: dict[str, Any]) -> dict[str, Any]:
    """The object without the client's address, also where it lies in `context`. What has none is handed back itself."""
    if not ADDRESSES.isdisjoint(properties):
        properties = {name: value for name, value in properties.items() if name not in ADDRESSES}
    context = properties.get("context")
    if type(context) is dict and not ADDRESSES.isdisjoint(context):
        # A batch's events may share one context: it is copied, never changed; one that held nothing else goes whole.
        rest = {name: value for name, value in context.items() if name not in ADDRESSES}
        properties = {name: value for name, value in properties.items() if name != "context"}
        if rest:
            properties["context"] = rest
    return properties


@dataclass(frozen=True, eq=False)
class PersonalData:
    """The rules of one workspace with its secret, made ready to be used on every event."""

    rules: tuple[PersonalRule, ...] = ()
    keep_address: bool = False
    secret: bytes = b""
    # What is done with a name, learnt once: by the name alone where its path does not matter.
    _by_name: dict[Where, dict[str, Do | _ByPath | None]] = field(default_factory=lambda: _sides())
    _by_path: dict[Where, dict[str, Do | None]] = field(default_factory=lambda: _sides())

    def clean(self, properties: dict[str, Any], *, traits: bool) -> dict[str, Any]:
        """The properties of an event with the rules applied; `traits` says that they are a person's or an account's."""
        cleaned: dict[str, Any] = self._clean(properties, "", "traits" if traits else "properties")
        return cleaned

    def shown(self, raw: bytes) -> bytes:
        """What came, as it may be shown as an example: cleaned, and where it is not JSON only its structure."""
        if not self.rules and self.keep_address:
            return raw
        try:
            value = json.loads(raw)
            cleaned = self._clean(value, "", "both")
            return raw if cleaned == value else json.dumps(cleaned, ensure_ascii=False, separators=(",", ":")).encode()
        except (ValueError, RecursionError):
            text = raw.decode("utf-8", "replace")
            return (_CONTENT.sub("…", text) if self.rules else _ADDRESS.sub("…", text)).encode()

    def hashed(self, value: Any) -> str | None:
        """HMAC-SHA256 under the workspace's secret, in hexadecimal digits: the same value gives the same text."""
        if value is None:
            return None
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
        return hmac.digest(self.secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _clean(self, value: Any, path: str, side: Where) -> Any:
        """The value, or where something of it goes, a copy: events of a batch may share what is inside them."""
        if isinstance(value, list):
            items = [self._clean(item, path, side) if isinstance(item, dict | list) else item for item in value]
            return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        if not isinstance(value, dict):
            return value
        known = self._by_name[side]
        kept = value
        for name, inner in value.items():
            do = known[name] if name in known else self._learn(name, side)
            if do is _BY_PATH:
                do = self._do(_joined(path, name), side)
            if do is None:
                if inner.__class__ is dict or inner.__class__ is list:
                    inside: Where = "traits" if side == "properties" and plain(name) in _TRAITS else side
                    cleaned = self._clean(inner, _joined(path, name), inside)
                    if cleaned is not inner:
                        kept = dict(value) if kept is value else kept
                        kept[name] = cleaned
                continue
            kept = dict(value) if kept is value else kept
            if do == "drop":
                del kept[name]
            else:
                kept[name] = self.hashed(inner)
        return kept

    def _learn(self, name: str, side: Where) -> Do | _ByPath | None:
        """What is done with a name wherever it lies, or that this depends on what it lies in."""
        word = plain(name)
        do: Do | _ByPath | None = self._do(word, side)
        if side == "both" and not self.keep_address and name in ADDRESSES:
            do = "drop"
        elif do != "drop" and any(_may_end(word, rule.name) for rule in self.rules if _meet(rule.where, side)):
            do = _BY_PATH
        known = self._by_name[side]
        if len(known) > _PATHS:  # senders' names must not fill the memory
            known.clear()
        known[name] = do
        return do

    def _do(self, path: str, side: Where) -> Do | None:
        known = self._by_path[side]
        if path not in known:
            if len(known) > _PATHS:
                known.clear()
            found = {rule.do for rule in self.rules if _meet(rule.where, side) and _pattern(rule.name).search(path)}
            known[path] = "drop" if "drop" in found else "hash" if found else None
        return known[path]


def _sides() -> dict[Where, Any]:
    return {"properties": {}, "traits": {}, "both": {}}


def _joined(path: str, name: str) -> str:
    return f"{path}.{plain(name)}" if path else plain(name)


def _may_end(word: str, rule: str) -> bool:
    """Whether a name could be the end of what a rule with dots means."""
    parts = rule.rstrip("*").split(".")
    ends = (".".join(parts[-n:]) for n in range(1, len(parts)))
    return any(word.startswith(end) if rule.endswith("*") else word == end for end in ends)


def _meet(one: Where, other: Where) -> bool:
    return one == other or "both" in (one, other)


def _pattern(name: str) -> re.Pattern[str]:
    rest = ".*" if name.endswith("*") else ""
    return re.compile(rf"(?:^|\.){re.escape(name.rstrip('*'))}{rest}\Z", re.DOTALL)
