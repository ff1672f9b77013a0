"""What the organisation's channels look like from above, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dure.channels.model import Reach, Share, Standing
from dure.channels.prefs.model import Prefs

Act = Literal["archive", "delete", "move"]
ACTS: tuple[Act, ...] = ("archive", "delete", "move")
SORTS = ("name", "created", "member_count", "activity", "relevant")
# Slack's kinds of channels to look for, each with what it asks of one; `_exclude` turns one round.
KINDS = ("private", "public", "archived", "org_shared", "multi_workspace", "org_wide", "external_shared")


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as the organisation's administrators see it. `side` is the organisation's own, the home's first."""

    id: str
    side: Share
    shares: tuple[Share, ...]
    purpose: str
    topic: str
    creator: str
    created_at: datetime
    last_ts: int
    members: int
    reach: Reach
    standing: Standing
    posting: str
    prefs: Prefs | None
    groups: int

    @property
    def workspaces(self) -> tuple[str, ...]:
        """Those of the organisation in which it is."""
        return tuple(one.workspace for one in self.shares if one.org == self.side.org and one.state == "connected")

    @property
    def outside(self) -> tuple[Share, ...]:
        """The other organisations' sides that can read it."""
        return tuple(one for one in self.shares if one.org != self.side.org and one.state == "connected")

    @property
    def pending(self) -> tuple[str, ...]:
        return tuple(one.workspace for one in self.shares if one.org != self.side.org and one.state == "invited")


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act on many channels, and how far it has come. `failed` says why not, by channel."""

    id: str
    act: Act
    target: str
    account: str
    made_at: datetime
    ended_at: datetime | None
    total: int
    done: int
    failed: Mapping[str, str]


def bulk_of(row: Mapping[str, Any]) -> Bulk:
    return Bulk(
        row["id"], row["act"], row["target"], row["account"], row["made_at"], row["ended_at"], row["total"],
        row["done"], row["failed"] or {},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeptFor:
    """That a private channel is kept for a group's people; `workspace` is the channel's home."""

    group: str
    channel: str
    name: str
    workspace: str
    archived: bool
