"""A profile, and what may stand in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dure.channels.profile.refusals import BadProfile, BadStatusEmoji, StatusTooLong
from dure.channels.rules import clean

_EMOJI = re.compile(r":[\w+\-']{1,100}(::skin-tone-[2-6])?:")
_FIELD = re.compile(r"[A-Za-z][\w-]{0,30}")
# What stands for people who have no photograph, and what their names are written in.
COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")
_TEXTS = {"phone": 60, "pronouns": 40, "real_name": 200, "display_name": 80, "title": 200}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is kept beside governance's account. `photo` is the photograph's id, "" without one."""

    account: str
    phone: str = ""
    pronouns: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_until: datetime | None = None
    timezone: str = ""
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    away: bool = False
    photo: str = ""
    changed_at: datetime | None = None

    @property
    def colour(self) -> str:
        return COLOURS[sum(self.account.encode()) % len(COLOURS)]

    @property
    def picture(self) -> str:
        """What the person is shown by: the photograph's id, or the colour of the figure in its place."""
        return self.photo or self.colour

    def at(self, now: datetime) -> Profile:
        """The profile as it is at a moment: a status that has run out is gone."""
        if self.status_until is None or self.status_until > now:
            return self
        return replace(self, status_text="", status_emoji="", status_until=None)


@dataclass(frozen=True, slots=True)
class Names:
    """What governance keeps of a person; None stays."""

    name: str | None = None
    display: str | None = None
    title: str | None = None

    def __bool__(self) -> bool:
        return (self.name, self.display, self.title) != (None, None, None)


def changed(profile: Profile, given: Mapping[str, Any], now: datetime) -> tuple[Profile, Names]:
    """A profile with Slack's fields changed, and what of them is governance's. Fields that we do not know are passed
    over, as Slack does. Raises BadProfile and its kinds, which name the field."""
    texts = {name: _text(given, name, most) for name, most in _TEXTS.items() if name in given}
    names = Names(texts.get("real_name"), texts.get("display_name"), texts.get("title"))
    if "first_name" in given or "last_name" in given:
        whole = " ".join(filter(None, (_text(given, "first_name", 100), _text(given, "last_name", 100))))
        names = replace(names, name=names.name or whole)
    if names.name is not None and not names.name.strip():
        raise BadProfile("A name cannot be empty.", field="real_name")
    made = replace(
        profile,
        phone=texts.get("phone", profile.phone),
        pronouns=texts.get("pronouns", profile.pronouns),
        timezone=_zone(given) if "timezone" in given else profile.timezone,
    )
    return _status(_fields(made, given), given, now), names


def _status(profile: Profile, given: Mapping[str, Any], now: datetime) -> Profile:
    if not {"status_text", "status_emoji", "status_expiration"} & set(given):
        return profile
    text = str(clean(str(given.get("status_text", profile.status_text) or ""))).strip()
    emoji = str(given.get("status_emoji", profile.status_emoji) or "").strip()
    if len(text) > 100:
        raise StatusTooLong(field="status_text")
    if emoji and not _EMOJI.fullmatch(emoji):
        raise BadStatusEmoji(field="status_emoji")
    until = profile.status_until
    if "status_expiration" in given:
        until = _moment(given["status_expiration"])
    if not text and not emoji:
        until = None
    elif until is not None and until <= now:
        text, emoji, until = "", "", None
    return replace(profile, status_text=text, status_emoji=emoji or (":speech_balloon:" if text else ""),
                   status_until=until)  # fmt: skip


def _fields(profile: Profile, given: Mapping[str, Any]) -> Profile:
    if "fields" not in given:
        return profile
    value = given["fields"] or {}
    if not isinstance(value, Mapping):
        raise BadProfile("`fields` is an object.", field="fields")
    kept = dict(profile.fields)
    for name, one in value.items():
        if not _FIELD.fullmatch(str(name)):
            raise BadProfile("A field's id has letters, digits, - and _.", field="fields")
        told = one if isinstance(one, Mapping) else {"value": one}
        shown = {"value": _text(told, "value", 500), "alt": _text(told, "alt", 200)}
        if shown["value"]:
            kept[str(name)] = shown
        else:
            kept.pop(str(name), None)
    if len(kept) > 50:
        raise BadProfile("A profile has at most 50 fields of its own.", field="fields")
    return replace(profile, fields=kept)


def _text(given: Mapping[str, Any], name: str, most: int) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadProfile(f"`{name}` is a text.", field=name)
    text = str(clean(value)).strip()
    if len(text) > most:
        raise BadProfile(f"`{name}` has at most {most} characters.", field=name)
    return text


def _zone(given: Mapping[str, Any]) -> str:
    name = _text(given, "timezone", 60)
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError) as error:
        raise BadProfile(f"{name!r} is not a time zone of the IANA list.", field="timezone") from error


def _moment(value: Any) -> datetime | None:
    try:
        seconds = int(value or 0)
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise BadProfile("`status_expiration` is in seconds since 1970.", field="status_expiration") from error
