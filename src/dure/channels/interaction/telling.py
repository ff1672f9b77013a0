"""What apps are told of interaction's own events: a home that was opened, links that were posted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from dure.channels import events
from dure.channels.interaction import executions, store
from dure.channels.interaction.events import FUNCTION_EXECUTED, HOME_OPENED
from dure.channels.interaction.payloads import view_shape
from dure.channels.interaction.unfurls import links, meant_for, unfurl_id
from dure.channels.model import ts_at, ts_of, ts_text
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.channels.store import conversations, messages
from dure.feed.api import Event


async def _home_opened(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    told, user = event.properties, event.object or ""
    body: dict[str, Any] = {
        "type": "app_home_opened", "user": user, "channel": told["channel"], "tab": told["tab"],
        "event_ts": ts_text(ts_at(event.time)),
    }  # fmt: skip
    view = await store.home(telling.tx, event.workspace, told["app"], user)
    if view is not None and told["tab"] == "home":
        body["view"] = view_shape(view)
    return [SlackEvent("app_home_opened", body, app=told["app"], everywhere=True)]


async def _link_shared(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """One event for each app that unfurls a domain of the message's links, whether it is in the channel or not."""
    channel = event.object or ""
    apps = [one for one in telling.apps if one.unfurl_domains]
    if not apps or not event.properties.get("ts"):
        return []
    said = await messages.find(telling.tx, channel, ts_of(event.properties["ts"]))
    if said is None or said.deleted:
        return []
    there, told = links(said), []
    for app in apps:
        found = meant_for(app, there)
        if not found or said.app == app.app:
            continue
        seen = await conversations.find(telling.tx, event.workspace, app.bot_user, channel)
        body = {
            "type": "link_shared", "channel": channel, "is_bot_user_member": bool(seen and seen.is_member),
            "user": said.user, "message_ts": ts_text(said.ts),
            **({"thread_ts": ts_text(said.thread)} if said.thread else {}),
            "unfurl_id": unfurl_id(app.app, channel, said.ts), "source": "conversations_history", "links": found,
            "event_ts": ts_text(said.ts),
        }  # fmt: skip
        told.append(SlackEvent("link_shared", body, ("links:read",), app=app.app, everywhere=True))
    return told


async def _function_executed(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    app, callback = event.properties["app"], event.properties["callback_id"]
    execution = await executions.find(telling.tx, event.workspace, event.object or "")
    found = await executions.function(telling.tx, event.workspace, app, callback)
    if execution is None or found is None:
        return []
    about, at = found[1], int(event.time.timestamp())
    body = {
        "type": "function_executed",
        "function": {
            "id": "Fn" + hashlib.sha256(f"{app} {callback}".encode()).hexdigest()[:9].upper(),
            "callback_id": callback, "title": about.get("title") or callback,
            "description": about.get("description") or "", "type": "app", "app_id": app,
            "input_parameters": _parameters(about.get("input_parameters")),
            "output_parameters": _parameters(about.get("output_parameters")),
            "date_created": at, "date_updated": at, "date_deleted": 0,
        },
        "inputs": execution.inputs, "function_execution_id": execution.id,
        "event_ts": ts_text(ts_at(event.time)),
    }  # fmt: skip
    return [SlackEvent("function_executed", body, app=app, everywhere=True)]


def _parameters(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, dict):
        return []
    return [{"name": name, **about} for name, about in told.items() if isinstance(about, dict)]


TELLERS: Tellers = {
    HOME_OPENED: _home_opened,
    FUNCTION_EXECUTED: _function_executed,
    events.POSTED: _link_shared,
}
