"""What apps are told of themselves: that they were uninstalled, that tokens were revoked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels.apps import events
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.feed.api import Event
from dure.governance.events import TOKEN_REVOKED


async def uninstalled(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    """Both are told, as Slack does: first whose tokens ended, then that the app is gone."""
    people, bot = list(event.properties.get("users") or ()), str(event.properties.get("bot_user") or "")
    gone: dict[str, Any] = {"type": "app_uninstalled", "event_ts": _ts(event)}
    return [_revoked(event, event.object, people, [bot]), SlackEvent("app_uninstalled", gone, app=event.object)]


async def revoked(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    """A single token of an app's; nobody is told of one that is a person's own, or of an app's key to sockets."""
    app, kind, holder = (str(event.properties.get(name) or "") for name in ("app", "kind", "user"))
    if not app or kind not in ("user", "bot"):
        return []
    return [_revoked(event, app, [holder] if kind == "user" else [], [holder] if kind == "bot" else [])]


def _revoked(event: Event, app: str, people: list[str], bots: list[str]) -> SlackEvent:
    body = {"type": "tokens_revoked", "tokens": {"oauth": people, "bot": bots}, "event_ts": _ts(event)}
    return SlackEvent("tokens_revoked", body, app=app)


def _ts(event: Event) -> str:
    return f"{event.time.timestamp():.6f}"


TELLERS: Tellers = {events.UNINSTALLED: uninstalled, TOKEN_REVOKED: revoked}
