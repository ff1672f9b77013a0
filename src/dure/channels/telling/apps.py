"""What an app hears about itself: its tokens ended, it is no longer installed."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.model import ts_at, ts_text
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.feed.api import Event
from dure.governance import events

UNINSTALLED = "App Uninstalled"


async def tokens_revoked(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    """Told to the app whose token it was; a token that belongs to no app concerns none."""
    app, kind, user = (event.properties.get(name) or "" for name in ("app", "kind", "user"))
    if not app or kind not in ("user", "bot"):
        return ()
    tokens = {"oauth": [user] if kind == "user" else [], "bot": [user] if kind == "bot" else []}
    body = {"type": "tokens_revoked", "tokens": tokens, "event_ts": ts_text(ts_at(event.time))}
    return (SlackEvent("tokens_revoked", body, app=app),)


async def uninstalled(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    body = {"type": "app_uninstalled", "event_ts": ts_text(ts_at(event.time))}
    return (SlackEvent("app_uninstalled", body, app=event.object),)


TELLERS: Tellers = {events.TOKEN_REVOKED: tokens_revoked, UNINSTALLED: uninstalled}
