"""Apps in a workspace: installed, uninstalled, given tokens."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.apps import events, store
from dure.channels.apps.model import App, Seat
from dure.channels.apps.wanting import Wanting
from dure.governance.api import Principal, TokenInfo, access
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import Tx

APP_SCOPES = ("connections:write", "authorizations:read")


class Installing(Wanting):
    async def install(self, principal: Principal, app_id: str) -> str:
        """Installs an app with all that its manifest asks for; its bot's token, shown this once.

        Installed already, it is given what its manifest asks for now, and so are the tokens that carried all before.
        """
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._near(tx, principal, app_id)
            if not app.bot_scopes:
                raise Invalid("The manifest asks for no scopes of a bot: `oauth_config.scopes.bot`.", field="manifest")
            _, token = await self._install(tx, principal, app, app.bot_scopes)
        return token

    async def uninstall(self, principal: Principal, app_id: str) -> None:
        """Takes an app out of the caller's workspace: its bot, tokens and webhooks end, what it wrote stays.

        Governing people may, and the app itself.
        """
        if principal.app != app_id:
            access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._near(tx, principal, app_id)
            now = self._clock.now()
            seat = await self._seat(tx, principal, app_id)
            if seat is None or not await store.unseat(tx, app_id, principal.tenant.workspace, now):
                raise Conflict("The app is not installed here.", field="app")
            holders = await self._governance.retire_app_in(tx, principal, app_id)
            await store.revoke_webhooks(tx, principal.tenant.workspace, app_id, now)
            people = [holder for holder in holders if holder != seat.bot_user]
            await self._tell(tx, principal, events.UNINSTALLED, app, bot_user=seat.bot_user, users=people)

    async def tokens(self, principal: Principal, app_id: str) -> list[TokenInfo]:
        """An app's tokens in the workspace, the newest first, without their secrets."""
        await self.show(principal, app_id)
        async with self._state.begin(principal.tenant) as tx:
            return (await self._governance.tokens_in(tx, principal.tenant, app_id))[::-1]

    async def create_token(self, principal: Principal, app_id: str, kind: str, scopes: Sequence[str] = ()) -> str:
        """A token of an app: its bot's, with all or some of what was given to it, or one for its sockets.

        It is shown this once.
        """
        known = await self.show(principal, app_id)
        if kind not in ("bot", "app"):
            raise Invalid("`kind` is bot or app.", field="kind")
        if kind == "bot" and known.installation is None:
            raise Conflict("The app is not installed here, so it has no bot.", field="app")
        given = frozenset(APP_SCOPES) if kind == "app" or known.installation is None else known.installation.scopes
        wanted = [*dict.fromkeys(scopes)] or (["connections:write"] if kind == "app" else sorted(given))
        beyond = [] if "*" in given else [scope for scope in wanted if scope not in given]
        if beyond:
            raise Invalid(f"{beyond[0]!r} was not given to this app; there are {', '.join(sorted(given))}.",
                          field="scopes")  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            bot = known.installation.bot_user if known.installation and kind == "bot" else None
            return await self._governance.issue_in(tx, principal, kind, bot, app_id, wanted)

    async def revoke_token(self, principal: Principal, app_id: str, token_id: str) -> None:
        """Ends one of an app's tokens at once."""
        if token_id not in {token.id for token in await self.tokens(principal, app_id)}:
            raise NotFound("This app has no such token.", field="token")
        await self._governance.revoke_token(principal, token_id)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _install(self, tx: Tx, principal: Principal, app: App, scopes: Sequence[str]) -> tuple[str, str]:
        """The bot's user id and its token, "" where it was given no scopes."""
        await self._governance.policies.require(tx, principal, "apps.install")
        await self._require_approved(tx, principal, app)
        bot = await self._governance.seat_bot_in(tx, principal.tenant, app.id, app.bot_name)
        before = await self._seat(tx, principal, app.id)
        if before is not None and before.removed_at is None:
            await self._governance.widen_tokens_in(tx, principal.tenant, app.id, before.scopes, scopes)
        await store.seat(tx, app.id, principal.tenant.workspace, bot, scopes, principal.user, self._clock.now())
        await self._tell(tx, principal, events.INSTALLED, app, bot_user=bot, scopes=list(scopes))
        if not scopes:
            return bot, ""
        return bot, await self._governance.issue_in(tx, principal, "bot", bot, app.id, scopes)

    async def _near(self, tx: Tx, principal: Principal, app_id: str) -> App:
        """An app that may be installed in the caller's workspace: one made in their organisation."""
        app = await store.find(tx, app_id, lock=True)
        if app is None or not await self._is_near(tx, principal, app):
            return await self._own(tx, principal, app_id)
        return app

    async def _is_near(self, tx: Tx, principal: Principal, app: App) -> bool:
        if app.workspace == principal.tenant.workspace:
            return True
        org = principal.tenant.org
        return any(space.id == app.workspace and space.org == org for space in await self._governance.workspaces_in(tx))

    async def _seat(self, tx: Tx, principal: Principal, app_id: str) -> Seat | None:
        workspace = principal.tenant.workspace
        return next((seat for seat in await store.seats(tx, [app_id]) if seat.workspace == workspace), None)
