"""Lengths and holds, as frozen values, and what is past its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from dure.channels.model import Conversation, Message

KINDS = ("public", "private", "dm", "files")
FOREVER_TS = (1 << 63) - 1
Source = Literal["channel", "workspace"]


def kind_of(conversation: Conversation, private: bool) -> str:
    if conversation.kind != "channel":
        return "dm"
    return "private" if private else "public"


@dataclass(frozen=True, slots=True)
class Since:
    """From which `ts` on the messages of each side's people can be seen; those of a side that is not named all."""

    by_team: Mapping[str, int] = field(default_factory=dict)

    @property
    def oldest(self) -> int:
        return min(self.by_team.values(), default=0)

    @property
    def newest(self) -> int:
        """What is said from then on can be seen, whoever said it."""
        return max(self.by_team.values(), default=0)

    def hides(self, team: str, ts: int) -> bool:
        return ts < self.by_team.get(team, 0)

    def veiled(self, message: Message) -> Message:
        """A message as it is seen: one that is past its time is like one that was deleted."""
        if not self.hides(message.team, message.ts):
            return message
        return replace(
            message, deleted=True, text="", blocks=None, attachments=None, metadata=None, files=(), carried=(),
            unfurls=None, reactions=(), mentions=(), edited_at=None,
        )  # fmt: skip


EVERYTHING = Since()


def as_json(since: Mapping[str, Since]) -> dict[str, dict[str, int]]:
    """By conversation and workspace, as SQL asks it."""
    return {channel: dict(one.by_team) for channel, one in since.items()}


def seen_sql(row: str) -> str:
    """Whether a message can be seen, with `since` as a parameter made by `as_json`; of which nothing is said can."""
    return f"{row}.ts >= coalesce((%(since)s::jsonb -> {row}.channel ->> {row}.team)::bigint, 0)"


@dataclass(frozen=True, slots=True)
class Length:
    """For how many days one side keeps a conversation, None for ever, and who says so."""

    workspace: str
    days: int | None
    by: Source


@dataclass(frozen=True, slots=True)
class Hold:
    """What must be kept whatever else is said: of these people (none: everybody's), in these channels (none: all)."""

    id: str
    org: str
    name: str
    note: str
    people: tuple[str, ...]
    channels: tuple[str, ...]
    from_ts: int
    until_ts: int
    made_by: str
    made_at: datetime
    released_by: str = ""
    released_at: datetime | None = None
    kept: int = 0  # how much is kept for it that would be gone


@dataclass(frozen=True, slots=True)
class Round:
    """How the last round of the purge went, or goes."""

    began_at: datetime | None
    ended_at: datetime | None
    messages: int
    files: int
    channel: str
