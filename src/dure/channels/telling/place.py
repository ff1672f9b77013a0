"""Where something happened, as apps are told it: the channel as one side has it, and what Slack calls its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.channels.model import Conversation, ts_at, ts_text
from dure.channels.plugs import SlackEvent, Telling
from dure.channels.slack.lines import line
from dure.channels.store import conversations
from dure.feed.api import Event

# A conversation's kind to Slack: its word for it in `channel_type`, in the names of events, and in scopes.
_WORDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation in an event. `found` is None where the side is not connected any more."""

    channel: str
    type: str
    event_ts: str
    found: Conversation | None

    @property
    def word(self) -> str:
        return _WORDS[self.type]

    @property
    def scopes(self) -> tuple[str, ...]:
        """What reading what is said here needs."""
        return (f"{self.word}:history",)

    @property
    def external(self) -> bool:
        """Whether people of other organisations are in it."""
        return self.found is not None and any(share.org != self.found.side.org for share in self.found.connected)

    def said(self, body: Mapping[str, Any], event_ts: str = "") -> SlackEvent:
        """A `message` event of any subtype."""
        told = {"type": "message", **body, "channel": self.channel, "event_ts": event_ts or self.event_ts}
        return SlackEvent(f"message.{self.word}", {**told, "channel_type": self.type}, self.scopes, self.channel)

    def noted(self, subtype: str, ts: str, user: str, about: str = "", **more: Any) -> SlackEvent:
        """A line that the channel shows about an act, such as somebody's joining; `about` is what `line` takes."""
        said = line(subtype, user, about) or {"text": about}
        return self.said({"subtype": subtype, "ts": ts, "user": user, **said, **more})


async def place_of(telling: Telling, event: Event) -> Place:
    key = ("place", event.workspace, event.object)
    if key not in telling.seen:
        telling.seen[key] = await conversations.find(telling.tx, event.workspace, "", event.object)
    found: Conversation | None = telling.seen[key]
    kind, private = event.properties.get("kind", "channel"), bool(event.properties.get("private"))
    name = kind if kind in ("im", "mpim") else "group" if private else "channel"
    return Place(event.object, name, ts_text(ts_at(event.time)), found)


async def note_of(telling: Telling, event: Event, subtypes: Sequence[str], user: str) -> str:
    """The ts of the line that an act left in the conversation, the act's own moment where it left none."""
    moment = ts_at(event.time)
    ts = await conversations.noted(telling.tx, event.object, user, subtypes, moment - 10_000_000)
    return ts_text(ts or moment)
