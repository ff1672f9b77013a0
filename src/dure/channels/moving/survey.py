"""What is in an export: its people, its conversations, and how much was said in each. Reads the zip, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dure.channels.model import ts_of
from dure.channels.moving.export import Export
from dure.channels.moving.model import Left, Person, Room, RoomKind
from dure.channels.moving.objects import Broken
from dure.channels.refusals import BadTimestamp
from dure.channels.rules import clean

SLACKBOT = "USLACKBOT"
_LISTS: tuple[tuple[str, RoomKind], ...] = (
    ("channels.json", "public"), ("groups.json", "private"), ("mpims.json", "mpim"), ("dms.json", "im"),
)  # fmt: skip


@dataclass
class Counted:
    """What one day has: messages, files, the first and the last timestamp, and authors that no list names."""

    messages: int = 0
    files: int = 0
    first: int = 0
    last: int = 0
    authors: dict[str, str] = field(default_factory=dict)
    bots: set[str] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)


def people(export: Export) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for name in ("users.json", "org_users.json"):
        for raw in export.listed(name):
            if person := _person(raw):
                found.setdefault(person.id, person)
    return found


def rooms(export: Export) -> list[Room]:
    found: dict[str, Room] = {}
    folders = export.folders()
    for name, kind in _LISTS:
        for raw in export.listed(name):
            room = _room(raw, kind, folders)
            if room is not None:
                found.setdefault(room.id, room)
    claimed = {room.folder for room in found.values()}
    for folder in sorted(folders - claimed):
        export.left.append(Left("room", "unlisted", folder[:200]))
    return list(found.values())


def counted(export: Export, room: Room, day: str) -> Counted:
    """One day, read through."""
    made = Counted()
    try:
        for raw in export.said(room.folder, day):
            if not isinstance(raw, dict):
                continue
            made.messages += 1
            files = raw.get("files")
            made.files += len(files) if isinstance(files, list) else 0
            try:
                ts = ts_of(raw.get("ts"))
            except BadTimestamp:
                continue
            made.first, made.last = min(made.first or ts, ts), max(made.last, ts)
            _meet(raw, made)
    except Broken as error:
        made.left.append(Left("day", "broken", str(error), room=room.id, day=day))
    return made


def with_counts(room: Room, days: Iterator[tuple[str, Counted]]) -> tuple[Room, dict[str, str], list[Left]]:
    """The room with what its days come to, whom they name beside the lists, and what is broken in them."""
    authors, left, first, last, messages, files, number = dict[str, str](), list[Left](), "", "", 0, 0, 0
    for day, one in days:
        number += 1
        messages, files = messages + one.messages, files + one.files
        first, last = first or day, day
        authors |= {who: name for who, name in one.authors.items() if name or who not in authors}
        left += one.left
    return replace(room, messages=messages, files=files, days=number, first=first, last=last), authors, left


def unlisted(author: str, name: str, *, bot: bool) -> Person:
    """An author whom no list names."""
    if author == SLACKBOT:
        return Person(author, "Slackbot", kind="bot")
    return Person(author, name or author, kind="bot" if bot else "outside", gone=True)


def _meet(raw: Mapping[str, Any], made: Counted) -> None:
    who = raw.get("user")
    if not isinstance(who, str) or not who:
        return
    about = raw.get("user_profile") or raw.get("bot_profile")
    name = about.get("real_name") or about.get("name") if isinstance(about, dict) else ""
    made.authors[who] = str(clean(str(name or made.authors.get(who, ""))))[:80]
    if raw.get("bot_profile") or raw.get("subtype") == "bot_message":
        made.bots.add(who)


def _person(raw: Mapping[str, Any]) -> Person | None:
    who = raw.get("id")
    if not isinstance(who, str) or not who or len(who) > 40:
        return None
    said = raw.get("profile")
    profile: Mapping[str, Any] = said if isinstance(said, dict) else {}

    def text(*names: tuple[Mapping[str, Any], str], most: int = 80) -> str:
        for where, name in names:
            value = where.get(name)
            if isinstance(value, str) and value.strip():
                return str(clean(value)).strip()[:most]
        return ""

    name = text((raw, "real_name"), (profile, "real_name"), (profile, "display_name"), (raw, "name")) or who
    bot = bool(raw.get("is_bot")) or who == SLACKBOT or bool(profile.get("bot_id"))
    guest = bool(raw.get("is_restricted") or raw.get("is_ultra_restricted"))
    kind = "bot" if bot else "outside" if raw.get("is_stranger") else "guest" if guest else "person"
    return Person(
        who, name, text((profile, "email"), (raw, "email"), most=200).lower(), text((profile, "title")),
        text((profile, "display_name")), kind, bool(raw.get("deleted")),  # type: ignore[arg-type]
    )  # fmt: skip


def _room(raw: Mapping[str, Any], kind: RoomKind, folders: set[str]) -> Room | None:
    channel = raw.get("id")
    if not isinstance(channel, str) or not channel or len(channel) > 40:
        return None
    name = raw.get("name")
    name = str(clean(name)) if isinstance(name, str) else ""
    folder = channel if (kind == "im" or name not in folders) and channel in folders else name or channel
    return Room(
        channel, name, kind, bool(raw.get("is_archived")), str(raw.get("creator") or ""), _whole(raw.get("created")),
        _value(raw.get("topic")), _value(raw.get("purpose")),
        tuple(dict.fromkeys(one for one in _list(raw.get("members")) if isinstance(one, str))),
        tuple(one for one in _list(raw.get("pins")) if isinstance(one, dict)),
        tuple(one for one in _list(raw.get("bookmarks")) if isinstance(one, dict)),
        folder, bool(raw.get("is_general")),
    )  # fmt: skip


def _value(about: Any) -> str:
    value = about.get("value") if isinstance(about, dict) else about
    return str(clean(value))[:250] if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value < 1 << 40 else 0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
