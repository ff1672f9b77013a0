"""OAuth: what an app asks for, what somebody allows, and what the app then fetches for a code."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from dure.channels.apps import events, store
from dure.channels.apps.model import App, Consent, Granted
from dure.channels.apps.registry import digest
from dure.channels.apps.scopes import is_scope
from dure.channels.apps.webhooks import Webhooks
from dure.governance.api import Principal, Role
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.state import Tx

WEBHOOK_SCOPE = "incoming-webhook"
_CODE_LASTS = timedelta(minutes=10)
# Without a user's name before it, and nothing that could end the header it is written into.
_HOST = re.compile(r"[a-zA-Z0-9.\-]+(:[0-9]+)?|\[[0-9a-fA-F:]+\](:[0-9]+)?")


class Denied(Invalid):
    """An app's request cannot be granted; `code` is Slack's name for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app asks for. `redirect_uri` is as it came, "" for the manifest's first; `back` where the answer goes."""

    app: App
    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    redirect_uri: str
    back: str

    @property
    def wants_channel(self) -> bool:
        return WEBHOOK_SCOPE in self.scopes


class Consents(Webhooks):
    async def asked(
        self, principal: Principal, client_id: str, scopes: tuple[str, ...], user_scopes: tuple[str, ...],
        redirect_uri: str,
    ) -> Asked:  # fmt: skip
        """The request as it can be shown to the caller. Raises Denied."""
        async with self._state.begin(principal.tenant) as tx:
            app = await store.by_client(tx, client_id)
            if app is None:
                raise Denied("invalid_client_id", "There is no app with this client_id.")
            if not await self._is_near(tx, principal, app):
                raise Denied("invalid_team_for_non_distributed_app", "The app was made in another organisation.")
        unknown = [scope for scope in (*scopes, *user_scopes) if not is_scope(scope)]
        if unknown:
            raise Denied("invalid_scope", f"There is no scope {unknown[0][:60]!r}.")
        if not scopes and not user_scopes:
            raise Denied("no_scopes", "The app asks for nothing: scope and user_scope are empty.")
        if redirect_uri:
            back = redirect_uri if any(fits(redirect_uri, one) for one in app.redirect_urls) else ""
        else:
            back = next((one for one in app.redirect_urls if fits(one, one)), "")
        if not back:
            raise Denied("bad_redirect_uri", "redirect_uri did not match any that the app's manifest names.")
        return Asked(app, scopes, user_scopes, redirect_uri, back)

    @staticmethod
    def may_allow(principal: Principal, asked: Asked) -> bool:
        """Whoever governs may let a bot in; for themselves alone any member may speak."""
        if principal.kind != "user" or not principal.user or "*" not in principal.scopes:
            return False
        if principal.role in (Role.OWNER, Role.ADMIN):
            return True
        return principal.role is Role.MEMBER and not asked.scopes

    async def allow(self, principal: Principal, asked: Asked, channel: str = "") -> str:
        """The code for which the app may fetch what it asked for, once and within ten minutes."""
        if not self.may_allow(principal, asked):
            raise Denied("access_denied", "Only an administrator may let this app in.")
        code, now = f"{secrets.randbelow(10**12):012}.{secrets.token_hex(24)}", self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await self._require_approved(tx, principal, asked.app)
            if asked.wants_channel:
                await self._channels.see(tx, principal, channel)
            consent = Consent(
                asked.app.id, principal.tenant.workspace, principal.user, asked.scopes, asked.user_scopes,
                asked.redirect_uri, channel if asked.wants_channel else "",
            )  # fmt: skip
            await store.add_consent(tx, digest(code), consent, now, now + _CODE_LASTS)
            about = {"scopes": list(asked.scopes), "user_scopes": list(asked.user_scopes)}
            await self._tell(tx, principal, events.ALLOWED, asked.app, **about)
        return code

    async def proven(self, client_id: str, client_secret: str) -> App:
        """The app that shows its id and secret. Raises Denied."""
        async with self._state.begin_system() as tx:
            return await self._proven(tx, client_id, client_secret)

    async def exchange(self, client_id: str, client_secret: str, code: str, redirect_uri: str) -> Granted:
        """Installs what a code stands for. Raises Denied, and then nothing was used up."""
        async with self._state.begin_system() as tx:
            app = await self._proven(tx, client_id, client_secret)
            await store.find(tx, app.id, lock=True)  # two codes at once must not make two bots
            consent = await store.use_consent(tx, digest(code), app.id, self._clock.now())
            if consent is None:
                raise Denied("invalid_code", "The code is unknown, used or older than ten minutes.")
            if consent.redirect_uri != redirect_uri:
                raise Denied("bad_redirect_uri", "redirect_uri is not the one that was asked with.")
            principal = await self._giver(tx, consent)
            return await self._grant(tx, principal, app, consent)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _proven(self, tx: Tx, client_id: str, client_secret: str) -> App:
        app = await store.by_client(tx, client_id)
        if app is None:
            raise Denied("invalid_client_id", "There is no app with this client_id.")
        if not await store.knows_secret(tx, app.id, digest(client_secret)):
            raise Denied("bad_client_secret", "The client_secret is not this app's.")
        return app

    async def _giver(self, tx: Tx, consent: Consent) -> Principal:
        """Who allowed it, as they are now: somebody who left meanwhile gives nothing."""
        spaces = {space.id: space for space in await self._governance.workspaces_in(tx)}
        tenant = spaces[consent.workspace].tenant
        users = await self._governance.users_in(tx, tenant)
        user = next((one for one in users if one.id == consent.account and not one.deleted), None)
        if user is None or (consent.scopes and user.role not in (Role.OWNER, Role.ADMIN)):
            raise Denied("invalid_code", "Whoever allowed this may not any more.")
        return Principal(tenant, user.id, user.role)

    async def _grant(self, tx: Tx, principal: Principal, app: App, consent: Consent) -> Granted:
        seat = await self._seat(tx, principal, app.id)
        await self._require_approved(tx, principal, app)
        if consent.scopes or seat is None or seat.removed_at is not None:
            bot, token = await self._install(tx, principal, app, consent.scopes)
        else:
            bot, token = seat.bot_user, ""
        user_token = ""
        if consent.user_scopes:
            user_token = await self._governance.issue_in(
                tx, principal, "user", principal.user, app.id, consent.user_scopes
            )
        hook, secret = None, ""
        if consent.channel:
            hook, secret = await self._add_webhook(tx, principal, app.id, consent.channel)
        tenant: Tenant = principal.tenant
        return Granted(
            app, tenant.org, tenant.workspace, principal.user, bot, consent.scopes, token, consent.user_scopes,
            user_token, hook, secret,
        )  # fmt: skip


def fits(uri: str, registered: str) -> bool:
    """Whether an answer may go to `uri`: the registered address or one below it, on the same scheme, host and port."""
    try:
        asked, known = urlsplit(uri), urlsplit(registered)
    except ValueError:
        return False
    if asked.scheme not in ("http", "https") or not _HOST.fullmatch(asked.netloc) or asked.fragment:
        return False
    if any(sign.isspace() or ord(sign) < 32 or sign == "\\" for sign in uri):
        return False
    if (asked.scheme, asked.netloc.lower()) != (known.scheme, known.netloc.lower()) or ".." in asked.path:
        return False
    below = known.path.rstrip("/") + "/"
    return asked.path == known.path or asked.path.startswith(below)
