"""Incoming webhooks: addresses that post to one channel in an app's name."""

from __future__ import annotations

import hmac
import secrets
import string
from collections.abc import Mapping
from dataclasses import replace

from dure.channels.apps import events, store
from dure.channels.apps.installing import Installing
from dure.channels.apps.model import Webhook
from dure.channels.apps.registry import digest
from dure.channels.model import Draft, Message
from dure.channels.refusals import ChannelNotFound, IsArchived, WrongKind
from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.errors import Conflict, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx

_LETTERS = string.ascii_letters + string.digits


class NoService(NotFound):
    """This webhook was revoked, or there never was one."""

    code = "no_service"


class NoTeam(NotFound):
    """There is no such workspace."""

    code = "no_team"


class InvalidToken(NotAllowed):
    """The address is not that of the webhook."""

    code = "invalid_token"


class Webhooks(Installing):
    async def create_webhook(self, principal: Principal, app_id: str, channel: str) -> tuple[Webhook, str]:
        """A webhook to a channel that the caller may write in, and the secret of its address, shown this once."""
        known = await self.show(principal, app_id)
        if known.installation is None:
            raise Conflict("The app is not installed here.", field="app")
        async with self._state.begin(principal.tenant) as tx:
            return await self._add_webhook(tx, principal, app_id, channel)

    async def webhooks(self, principal: Principal, app_id: str) -> list[Webhook]:
        """An app's webhooks in the workspace, without their secrets."""
        await self.show(principal, app_id)
        async with self._state.begin(principal.tenant) as tx:
            return await store.webhooks(tx, principal.tenant.workspace, app_id)

    async def revoke_webhook(self, principal: Principal, app_id: str, hook: str) -> None:
        """Ends a webhook at once."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            if not await store.revoke_webhook(tx, principal.tenant.workspace, app_id, hook, self._clock.now()):
                raise NotFound("There is no such webhook, or it was revoked before.", field="webhook")
            about = {"webhook": hook}
            await append(tx, events.app_event(principal, self._clock, events.WEBHOOK_REVOKED, app_id, about))

    async def post_by_webhook(self, team: str, hook: str, secret: str, draft: Draft) -> Message:
        """Says something in a webhook's channel, as the app's bot. Raises NoTeam, NoService, InvalidToken."""
        async with self._state.begin_system() as tx:
            tenant = await self._tenant(tx, team)
            found, known = await store.webhook(tx, team, hook) or (None, b"")
            if found is None or found.revoked_at is not None:
                raise NoService
            if not hmac.compare_digest(known, digest(secret)):
                raise InvalidToken
            bot = await self._governance.bot_in(tx, tenant, found.app)
            if bot is None:
                raise NoService
            # It writes where whoever made it pointed it to, whether or not the bot was let in.
            hand = Principal(tenant, bot, Role.MEMBER, kind="system", app=found.app)
            said = await self._channels.post_in(tx, hand, found.channel, replace(draft, subtype="bot_message"))
            await store.used_webhook(tx, hook, self._clock.now())
        return said

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _add_webhook(self, tx: Tx, principal: Principal, app_id: str, channel: str) -> tuple[Webhook, str]:
        found = await self._channels.see(tx, principal, channel)
        if found.kind != "channel":
            raise WrongKind(field="channel")
        if found.side.archived:
            raise IsArchived(field="channel")
        if not found.side.home:
            raise ChannelNotFound("A webhook can only be made where the channel was made.", field="channel")
        secret, now = "".join(secrets.choice(_LETTERS) for _ in range(32)), self._clock.now()
        workspace = principal.tenant.workspace
        hook = Webhook(slack_id("B"), workspace, app_id, channel, principal.user, now, None, None)
        await store.add_webhook(tx, hook, digest(secret))
        about: Mapping[str, str] = {"webhook": hook.id, "channel": channel}
        await append(tx, events.app_event(principal, self._clock, events.WEBHOOK_CREATED, app_id, dict(about)))
        return hook, secret

    async def _tenant(self, tx: Tx, team: str) -> Tenant:
        for space in await self._governance.workspaces_in(tx):
            if space.id == team:
                return space.tenant
        raise NoTeam
