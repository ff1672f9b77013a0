"""What an app has here: a name, a bot, tokens. Within the transaction of whoever keeps apps; the event is theirs."""

from __future__ import annotations

from collections.abc import Sequence

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.model import Principal, Role, TokenInfo, User
from dure.governance.tokens import Tokens
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx


class AppAccounts(Tokens):
    async def register_app_in(self, tx: Tx, principal: Principal, name: str) -> str:
        """A new app's id. Names here are one app's only, so a second of the same name is told apart by a number."""
        access(principal, "governance:write")
        await tx.run("select pg_advisory_xact_lock(hashtext('governance.app ' || %s))", (principal.tenant.workspace,))
        taken, free, number = await store.app_names(tx, principal.tenant.workspace), name, 2
        while free in taken:
            free, number = f"{name} {number}", number + 1
        app = slack_id("A")
        await store.add_app(tx, app, principal.tenant.workspace, free, self._clock.now())
        return app

    async def seat_bot_in(self, tx: Tx, tenant: Tenant, app: str, name: str) -> str:
        """The bot's account by which an app acts in a workspace: made, or taken up again as it was."""
        known = await store.bot(tx, tenant.workspace, app)
        if known is not None:
            await store.revive_bot(tx, tenant.workspace, known, name)
            return known
        bot = User(slack_id("U"), tenant.workspace, "", name, "", Role.MEMBER, "", "", "", app, False)
        await store.add_user(tx, bot, self._clock.now())
        return bot.id

    async def bot_in(self, tx: Tx, tenant: Tenant, app: str) -> str | None:
        """The account by which an app acts, or acted, in a workspace."""
        return await store.bot(tx, tenant.workspace, app)

    async def rename_bots_in(self, tx: Tx, app: str, name: str) -> None:
        await store.rename_bots(tx, app, name)

    async def retire_app_in(self, tx: Tx, principal: Principal, app: str, *, wholly: bool = False) -> list[str]:
        """Ends an app's bot and tokens in the principal's workspace, each with its event; who held one.

        App-level tokens, by which it hears that it is gone, end only `wholly`.
        """
        kinds, now = ["bot", "user", "app"] if wholly else ["bot", "user"], self._clock.now()
        ended = await store.revoke_app(tx, principal.tenant.workspace, app, kinds, now)
        for token in ended:
            about = {name: token[name] for name in ("kind", "user", "app")}
            told = events.governance_event(principal, self._clock, events.TOKEN_REVOKED, "token", token["id"], about)
            await append(tx, told)
        await store.retire_bot(tx, principal.tenant.workspace, app, now)
        return sorted({str(token["user"]) for token in ended if token["user"]})

    async def forget_app_name_in(self, tx: Tx, app: str, name: str) -> None:
        """A deleted app's name may be another's; what it wrote keeps its bot's name."""
        await store.rename_app(tx, app, f"{name} ({app})")

    async def widen_tokens_in(
        self, tx: Tx, tenant: Tenant, app: str, before: Sequence[str], after: Sequence[str]
    ) -> None:
        await store.widen_tokens(tx, tenant.workspace, app, list(before), list(after))

    async def issue_in(
        self, tx: Tx, principal: Principal, kind: str, account: str | None, app: str, scopes: Sequence[str]
    ) -> str:
        """A token for an app in the principal's workspace; it is shown this once."""
        return await self._issue(tx, principal, kind, account, app, list(scopes))

    async def tokens_in(self, tx: Tx, tenant: Tenant, app: str) -> list[TokenInfo]:
        """An app's tokens in a workspace, without their secrets."""
        return [token for token in await store.tokens(tx, tenant.workspace) if token.app == app]
