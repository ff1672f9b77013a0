"""Pure decisions: when a try is repeated, who hears an event, and how it is wrapped and signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dure.channels.apps.model import Installation
from dure.channels.plugs import SlackEvent

ACK = timedelta(seconds=3)
# An event is tried once and three times more: at once, after a minute, after five (Slack's Events API).
AGAIN = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))
SOCKETS = 10
TICKET = timedelta(seconds=30)
# Slack's limit: so many events an hour for an app in a workspace.
EVENTS_AN_HOUR = 30_000
# An address that has failed so long and so often is not called any more until somebody looks at it.
FAILING = timedelta(hours=1)
FAILURES = 20


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When what failed this often is tried again; None for never."""
    return now + AGAIN[attempts - 1] if attempts <= len(AGAIN) else None


def wants(app: Installation, event: SlackEvent, is_in: bool) -> bool:
    """Whether an app is told an event; `is_in` says that its bot is in the event's channel."""
    if event.app and event.app != app.app:
        return False
    if not event.everywhere and event.channel and not is_in:
        return False
    if event.scopes and "*" not in app.scopes and app.scopes.isdisjoint(event.scopes):
        return False
    return "*" in app.bot_events or event.kind in app.bot_events


def event_id(app: str, message_id: str, number: int) -> str:
    """The same for the same event and app however often it is told, and for nothing else."""
    digest = hashlib.sha256(f"{app} {message_id} {number}".encode()).digest()
    return "Ev0" + base64.b32encode(digest[:10]).decode()


def event_context(app: str, workspace: str, event: SlackEvent) -> str:
    """What an app asks by who else hears the event; see `read_context`."""
    about = {"et": event.body["type"], "tid": workspace, "aid": app, "cid": event.channel}
    return "4-" + base64.urlsafe_b64encode(json.dumps(about, separators=(",", ":")).encode()).decode().rstrip("=")


def read_context(text: str) -> tuple[str, str, str] | None:
    """App, workspace and channel of an event's context; None for what is none."""
    if not text.startswith("4-"):
        return None
    try:
        about = json.loads(base64.urlsafe_b64decode(text[2:] + "=" * (-len(text[2:]) % 4)))
        found = about["aid"], about["tid"], about.get("cid", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found if all(isinstance(one, str) for one in found) else None


def authorization(app: Installation) -> dict[str, Any]:
    return {
        "enterprise_id": app.org, "team_id": app.workspace, "user_id": app.bot_user, "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip


def wrapped(app: Installation, event: SlackEvent, id: str, at: datetime, *, external: bool) -> dict[str, Any]:
    """An event as Slack's Events API sends it."""
    return {
        "token": app.verification_token,
        "team_id": app.workspace,
        "enterprise_id": app.org,
        "context_team_id": app.workspace,
        "context_enterprise_id": app.org,
        "api_app_id": app.app,
        "event": event.body,
        "type": "event_callback",
        "event_id": id,
        "event_time": int(at.timestamp()),
        "authorizations": [authorization(app)],
        "is_ext_shared_channel": external,
        "event_context": event_context(app.app, app.workspace, event),
    }


def envelope(kind: str, id: str, body: str, attempts: int, why: str) -> str:
    """A try as it goes over a socket; `body` is JSON already."""
    head = {
        "envelope_id": id,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
        "retry_attempt": attempts - 1,
        "retry_reason": why if attempts > 1 else "",
    }
    return f'{json.dumps(head)[:-1]}, "payload": {body}}}'


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers by which an app knows that a body is ours (Slack's signing secrets, v0)."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def address_of(app: Installation, kind: str, payload: Mapping[str, Any]) -> str:
    """Where an app without sockets is asked; "" where it named no address for this."""
    if kind == "slash_commands":
        return next((one.url for one in app.commands if one.command == payload.get("command")), "")
    if payload.get("type") == "block_suggestion":
        return app.options_url or app.interactivity_url
    return app.interactivity_url


def summary(body: Mapping[str, Any], channel: str = "") -> str:
    """A line by which an administrator knows what was told: never what somebody said."""
    inner = body.get("event", body)
    user = inner.get("user") or inner.get("user_id") or ""
    user = user.get("id", "") if isinstance(user, dict) else user
    words = [inner.get("command") or inner.get("type") or "", inner.get("subtype") or "", channel, user]
    return " · ".join(str(word) for word in words if word)[:200]
