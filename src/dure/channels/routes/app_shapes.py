"""Apps as JSON at Dure's own door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dure.channels.apps.api import App, Credentials, Known, Wanted, Webhook
from dure.channels.apps.scopes import explained
from dure.channels.slack.shapes import bot_id
from dure.governance.api import Principal, TokenInfo


def brief(known: Known) -> dict[str, Any]:
    """What everybody may know: what it is, who it speaks as, what it offers."""
    app, seat = known.app, known.installation
    features = dict(app.manifest.get("features") or {}) if app else {}
    return {
        "id": known.id,
        "name": known.name,
        "description": app.description if app else "",
        "state": "available" if seat is None else "wants_more" if known.wants else "installed",
        "from_manifest": app is not None,
        "bot_user": seat.bot_user if seat else "",
        "bot_id": bot_id(known.id),
        "commands": [
            {name: one.get(name, "") for name in ("command", "description", "usage_hint")}
            for one in features.get("slash_commands") or ()
        ],
        "shortcuts": [
            {name: one.get(name, "") for name in ("type", "name", "callback_id", "description")}
            for one in features.get("shortcuts") or ()
        ],
    }


def detail(
    known: Known, caller: Principal, tokens: Sequence[TokenInfo], hooks: Sequence[Webhook], app_scopes: Sequence[str]
) -> dict[str, Any]:
    """All that who governs may know, without a secret."""
    app, seat = known.app, known.installation
    manifest = app.manifest if app else {}
    settings = manifest.get("settings") or {}
    events, interactivity = settings.get("event_subscriptions") or {}, settings.get("interactivity") or {}
    return {
        **brief(known),
        "mine": app is not None and app.workspace == caller.tenant.workspace,
        "workspace": app.workspace if app else caller.tenant.workspace,
        "manifest": manifest or None,
        "client_id": app.client_id if app else "",
        "bot_name": app.bot_name if app else known.name,
        "created_by": app.created_by if app else "",
        "created_at": app.created_at if app else None,
        "changed_at": app.changed_at if app else None,
        "scopes": explained(seat.scopes) if seat else [],
        "asks": explained(app.bot_scopes) if app else [],
        "asks_user": explained(app.user_scopes) if app else [],
        "wants": explained(known.wants),
        "app_scopes": explained(app_scopes),
        "bot_events": sorted(seat.bot_events) if app is None and seat else list(events.get("bot_events") or ()),
        "events_url": events.get("request_url") or "",
        "interactivity_url": (interactivity.get("request_url") or "") if interactivity.get("is_enabled") else "",
        "socket_mode": bool(settings.get("socket_mode_enabled")) if app else True,
        "redirect_urls": list(app.redirect_urls) if app else [],
        "tokens": [asdict(token) for token in tokens],
        "webhooks": [webhook(hook) for hook in hooks],
        "installations": [
            {
                "workspace": one.workspace,
                "by": one.installed_by,
                "at": one.installed_at,
                "removed_at": one.removed_at,
                "here": one.workspace == caller.tenant.workspace,
            }
            for one in known.seats
        ],
    }


def webhook(hook: Webhook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "channel": hook.channel,
        "created_by": hook.created_by,
        "created_at": hook.created_at,
        "used_at": hook.used_at,
    }


def credentials(secrets: Credentials) -> dict[str, str]:
    return asdict(secrets)


def asked_for(app: App) -> dict[str, Any]:
    """What an app is and what it wants to do, in words, for who decides on it."""
    return {
        "id": app.id, "name": app.name, "description": app.description, "scopes": explained(app.bot_scopes),
        "user_scopes": explained(app.user_scopes), "made_in": app.workspace, "made_by": app.created_by,
    }  # fmt: skip


def wanted(one: Wanted, user: str) -> dict[str, Any]:
    return {
        **asked_for(one.app), "standing": one.standing, "mine": bool(one.asked_by) and one.asked_by == user,
        "asked_by": one.asked_by, "asked_at": one.asked_at, "message": one.message if one.asked_by == user else "",
        "resolution": one.resolution, "decided_by": one.decided_by, "decided_at": one.decided_at,
    }  # fmt: skip
