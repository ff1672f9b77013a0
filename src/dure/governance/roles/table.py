"""The permission table: every right that a slice asks for, and which roles hold it.

`access` answers from this and from nothing else. Beside a role somebody holds what custom roles give them; a bot or an
app is a member whose token's scopes say how much of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["organisation", "workspace", "channel"]

COLUMNS = ("owner", "admin", "member", "multi", "single", "org_owner", "org_admin", "org_auditor")
"""Roles in a workspace (`multi`, `single`: guests of several channels and of one), then roles in the organisation."""


@dataclass(frozen=True, slots=True)
class Right:
    """`level` is the narrowest place where a custom role can give it."""

    name: str
    level: Level
    roles: frozenset[str]


# A line: the right, then the columns in the order of COLUMNS; x holds it.
_WORKSPACE = """
                        workspace: owner admin member  guest: multi single   organisation: owner admin auditor
automation:read                      x     x     x              .     .                      .     .     .
automation:write                     x     x     x              .     .                      .     .     .
campaigns:configure                  x     x     .              .     .                      .     .     .
campaigns:read                       x     x     x              .     .                      .     .     .
campaigns:write                      x     x     x              .     .                      .     .     .
channels:read                        x     x     x              x     x                      .     .     .
channels:write                       x     x     x              x     x                      .     .     .
deals:configure                      x     x     .              .     .                      .     .     .
deals:read                           x     x     x              .     .                      .     .     .
deals:write                          x     x     x              .     .                      .     .     .
experiments:configure                x     x     .              .     .                      .     .     .
experiments:read                     x     x     x              .     .                      .     .     .
experiments:write                    x     x     x              .     .                      .     .     .
exports:read                         x     x     .              .     .                      .     .     .
exports:write                        x     x     .              .     .                      .     .     .
governance:invite                    x     x     x              .     .                      .     .     .
governance:read                      x     x     x              x     x                      .     .     .
governance:write                     x     x     .              .     .                      .     .     .
ingest:read                          x     x     x              .     .                      .     .     .
ingest:write                         x     x     .              .     .                      .     .     .
metrics:read                         x     x     x              .     .                      .     .     .
metrics:share                        x     x     .              .     .                      .     .     .
metrics:write                        x     x     x              .     .                      .     .     .
pacing:read                          x     x     x              .     .                      .     .     .
pacing:write                         x     x     x              .     .                      .     .     .
people:erase                         x     x     .              .     .                      .     .     .
people:export                        x     x     .              .     .                      .     .     .
people:read                          x     x     x              .     .                      .     .     .
people:write                         x     x     x              .     .                      .     .     .
segments:read                        x     x     x              .     .                      .     .     .
segments:write                       x     x     x              .     .                      .     .     .
social:configure                     x     x     .              .     .                      .     .     .
social:publish                       x     x     x              .     .                      .     .     .
social:read                          x     x     x              .     .                      .     .     .
social:write                         x     x     x              .     .                      .     .     .
connect:approve                      x     x     .              .     .                      .     .     .
export:make                          x     x     .              .     .                      .     .     .
keeping:write                        x     x     .              .     .                      .     .     .
moving:write                         x     x     .              .     .                      .     .     .
"""
_CHANNEL = """
                        workspace: owner admin member  guest: multi single   organisation: owner admin auditor
channel:invite                       x     x     x              .     .                      .     .     .
channel:manage                       x     x     x              .     .                      .     .     .
channel:oversee                      x     x     .              .     .                      .     .     .
channel:post                         x     x     .              .     .                      .     .     .
"""
_ORGANISATION = """
                        workspace: owner admin member  guest: multi single   organisation: owner admin auditor
org:read                             .     .     .              .     .                      x     x     x
org:write                            .     .     .              .     .                      x     x     .
audit:read                           .     .     .              .     .                      x     x     x
scim:write                           .     .     .              .     .                      x     x     .
partners:write                       .     .     .              .     .                      x     x     .
"""


def _read(level: Level, text: str) -> list[Right]:
    found = []
    for line in text.strip().splitlines()[1:]:
        name, *marks = line.split()
        held = frozenset(column for column, mark in zip(COLUMNS, marks, strict=True) if mark == "x")
        found.append(Right(name, level, held))
    return found


TABLE: Mapping[str, Right] = {
    right.name: right
    for right in (*_read("workspace", _WORKSPACE), *_read("channel", _CHANNEL), *_read("organisation", _ORGANISATION))
}

_WIDTH: tuple[Level, ...] = ("channel", "workspace", "organisation")


def reaches(right: str, level: Level) -> bool:
    """Whether a custom role that is given at `level` can give this right: one of a workspace says nothing about one
    channel, and one of the organisation nothing about one workspace."""
    return _WIDTH.index(TABLE[right].level) <= _WIDTH.index(level)


def holds(columns: frozenset[str], right: str) -> bool:
    """Whether any of these roles holds a right; nobody holds one that is not in the table."""
    row = TABLE.get(right)
    return row is not None and bool(row.roles & columns)
