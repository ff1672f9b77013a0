"""An app as a workspace has it installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

EVERYTHING = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. `url` is where it is sent when the app has no socket mode."""

    command: str
    url: str = ""
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    kind: Literal["global", "message"]
    name: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """An app in a workspace: whom it acts as, what it may do, what it wants to hear and where.

    `scopes` are the bot's, `*` for all. `bot_events` are Slack's event types, `*` for all. An app that was made by the
    command line has no manifest: it hears everything over sockets and offers nothing.
    """

    app: str
    org: str
    workspace: str
    name: str
    bot_user: str
    scopes: frozenset[str] = EVERYTHING
    bot_events: frozenset[str] = EVERYTHING
    socket_mode: bool = True
    events_url: str = ""
    interactivity_url: str = ""
    options_url: str = ""
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    unfurl_domains: tuple[str, ...] = ()
    home_tab: bool = True
    signing_secret: str = ""
    verification_token: str = ""


def installation_of(
    manifest: Mapping[str, Any], *, app: str, org: str, workspace: str, bot_user: str, scopes: frozenset[str],
    signing_secret: str, verification_token: str,
) -> Installation:  # fmt: skip
    """What a valid manifest (Slack's app manifest schema) says about an app that is installed."""
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    events, interactivity = settings.get("event_subscriptions") or {}, settings.get("interactivity") or {}
    return Installation(
        app=app,
        org=org,
        workspace=workspace,
        name=manifest["display_information"]["name"],
        bot_user=bot_user,
        scopes=scopes,
        bot_events=frozenset(events.get("bot_events") or ()),
        socket_mode=bool(settings.get("socket_mode_enabled")),
        events_url=events.get("request_url") or "",
        interactivity_url=(interactivity.get("request_url") or "") if interactivity.get("is_enabled") else "",
        options_url=interactivity.get("message_menu_options_url") or "",
        commands=tuple(
            Command(
                one["command"],
                one.get("url") or "",
                one.get("description") or "",
                one.get("usage_hint") or "",
                bool(one.get("should_escape")),
            )
            for one in features.get("slash_commands") or ()
        ),
        shortcuts=tuple(
            Shortcut(one["type"], one["name"], one["callback_id"], one.get("description") or "")
            for one in features.get("shortcuts") or ()
        ),
        unfurl_domains=tuple(features.get("unfurl_domains") or ()),
        home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled")),
        signing_secret=signing_secret,
        verification_token=verification_token,
    )
