"""An app: as it was made, as a workspace has it installed, and what it was given there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class App:
    """An app that was made from a manifest. `workspace` is where it was made, and alone may be changed."""

    id: str
    workspace: str
    manifest: Mapping[str, Any]
    client_id: str
    created_by: str
    created_at: datetime
    changed_at: datetime

    @property
    def name(self) -> str:
        return str(self.manifest["display_information"]["name"])

    @property
    def bot_name(self) -> str:
        return str((self._features.get("bot_user") or {}).get("display_name") or self.name)

    @property
    def description(self) -> str:
        return str(self.manifest["display_information"].get("description") or "")

    @property
    def bot_scopes(self) -> tuple[str, ...]:
        return tuple(self._scopes.get("bot") or ())

    @property
    def user_scopes(self) -> tuple[str, ...]:
        return tuple(self._scopes.get("user") or ())

    @property
    def redirect_urls(self) -> tuple[str, ...]:
        return tuple((self.manifest.get("oauth_config") or {}).get("redirect_urls") or ())

    @property
    def _features(self) -> Mapping[str, Any]:
        return self.manifest.get("features") or {}

    @property
    def _scopes(self) -> Mapping[str, Any]:
        return (self.manifest.get("oauth_config") or {}).get("scopes") or {}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an app proves itself with, and what is proved to it. Each is shown once, when it is made."""

    client_id: str
    client_secret: str
    signing_secret: str
    verification_token: str


@dataclass(frozen=True, slots=True)
class Seat:
    """That an app is, or was, installed in a workspace."""

    app: str
    workspace: str
    bot_user: str
    scopes: tuple[str, ...]
    installed_by: str
    installed_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """An app as a workspace knows it: made there or installed there. What the command line made has no `app`."""

    id: str
    app: App | None
    installation: Installation | None
    seats: tuple[Seat, ...] = ()

    @property
    def name(self) -> str:
        return self.app.name if self.app else self.installation.name if self.installation else self.id

    @property
    def wants(self) -> frozenset[str]:
        """Scopes that the manifest asks for and the workspace has not given; installing again gives them."""
        if self.app is None or self.installation is None:
            return frozenset()
        return frozenset(self.app.bot_scopes) - self.installation.scopes


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that posts to one channel in an app's name; the secret in it is not kept."""

    id: str
    workspace: str
    app: str
    channel: str
    created_by: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Granted:
    """What an app gets for a code. `token` and `user_token` are "" where no such scopes were allowed."""

    app: App
    org: str
    workspace: str
    account: str
    bot_user: str
    scopes: tuple[str, ...]
    token: str
    user_scopes: tuple[str, ...]
    user_token: str
    webhook: Webhook | None = None
    webhook_secret: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody allowed an app. `channel` is the incoming webhook's, "" without one. `identity`: they sign in to
    it, and it learns who they are; `challenge` is what the app has to prove then."""

    app: str
    workspace: str
    account: str
    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    redirect_uri: str
    channel: str
    identity: bool = False
    nonce: str = ""
    challenge: str = ""
    given_at: datetime | None = None


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
