"""What apps are told of files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels import events
from dure.channels.plugs import SlackEvent, Teller, Tellers, Telling
from dure.feed.api import Event

_SCOPES = ("files:read",)
_PAGE_SCOPES = ("canvases:read", "files:read")


async def shared(_: Telling, event: Event) -> Sequence[SlackEvent]:
    """*file_shared* to apps in the channel, and *file_public* where an open channel has the file for the first time."""
    told = event.properties
    body = {
        **_about("file_shared", event),
        "user_id": told["by"],
        "channel_id": event.object,
        "source": "channel" if told["kind"] == "channel" else "direct",
    }
    found = [SlackEvent("file_shared", body, _SCOPES, channel=event.object)]
    if told["first"] and told["kind"] == "channel" and not told["private"]:
        public = {**_about("file_public", event), "user_id": told["by"]}
        found.append(SlackEvent("file_public", public, _SCOPES, channel=event.object, everywhere=True))
    return found


async def created(_: Telling, event: Event) -> Sequence[SlackEvent]:
    """*file_created*: of interest to the apps of those who see it; it is nowhere yet."""
    return [
        SlackEvent("file_created", {**_about("file_created", event), "user_id": event.properties["owner"]}, _SCOPES)
    ]


async def changed(_: Telling, event: Event) -> Sequence[SlackEvent]:
    return [SlackEvent("file_change", {**_about("file_change", event), "user_id": event.properties["owner"]}, _SCOPES)]


async def deleted(_: Telling, event: Event) -> Sequence[SlackEvent]:
    body = {"type": "file_deleted", "file_id": event.properties["file"], "event_ts": _ts(event)}
    return [SlackEvent("file_deleted", body, _SCOPES)]


async def page_changed(_: Telling, event: Event) -> Sequence[SlackEvent]:
    """A channel's page is a canvas, and a canvas is a file: its first version is made, each later one changes it."""
    kind = "file_created" if event.properties["version"] == 1 else "file_change"
    body = {**_about(kind, event), "user_id": event.properties["by"]}
    return [SlackEvent(kind, body, _PAGE_SCOPES, channel=_channel(event))]


async def page_deleted(_: Telling, event: Event) -> Sequence[SlackEvent]:
    body = {"type": "file_deleted", "file_id": event.properties["file"], "event_ts": _ts(event)}
    return [SlackEvent("file_deleted", body, _PAGE_SCOPES, channel=_channel(event))]


def _channel(event: Event) -> str:
    """The channel that pins a page; "" for one that stands alone."""
    return event.object if event.object_type == "channel" else ""


def _about(kind: str, event: Event) -> dict[str, Any]:
    file = event.properties["file"]
    return {"type": kind, "file_id": file, "file": {"id": file}, "event_ts": _ts(event)}


def _ts(event: Event) -> str:
    return f"{event.time.timestamp():.6f}"


_TELLERS: dict[str, Teller] = {
    events.FILE_SHARED: shared,
    events.FILE_CREATED: created,
    events.FILE_CHANGED: changed,
    events.FILE_DELETED: deleted,
    events.PAGE_CHANGED: page_changed,
    events.PAGE_DELETED: page_deleted,
}
TELLERS: Tellers = _TELLERS
