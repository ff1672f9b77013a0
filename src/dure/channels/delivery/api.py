"""Deliveries' entrance: what apps are told, by which way, how it went; tickets for sockets; asking apps."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.websockets import WebSocket

from dure.automation.plugs import Outgoing
from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations
from dure.channels.delivery import notices
from dure.channels.delivery.addresses import Addresses
from dure.channels.delivery.asking import AppAsking, Question
from dure.channels.delivery.calling import JSON, Calling
from dure.channels.delivery.events import enabled_event, retried_event
from dure.channels.delivery.follow import DeliveryFollower
from dure.channels.delivery.model import Delivery, Ticket
from dure.channels.delivery.rules import ACK, EVENTS_AN_HOUR, TICKET, authorization, read_context
from dure.channels.delivery.sockets import Sockets
from dure.channels.plugs import Answer
from dure.channels.store import before, conversations, deliveries, hooks
from dure.channels.store import sockets as socket_store
from dure.feed.api import Bell, append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, TooMany
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

# Finished rows are kept so long for administrators to look at.
_SHOWN = timedelta(days=3)
# Messages as they were are needed until every event about them was told.
_BEFORE = timedelta(days=2)
_SWEEP = 0.5
_HOUSEKEEPING = 15.0


class Deliveries:
    """One process's share. `kept` is how long an event waits for an app that has no socket open."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, outgoing: Outgoing, *,
        kept: timedelta = timedelta(days=1), most: int = 10_000, events_an_hour: int = EVENTS_AN_HOUR,
        answer_seconds: float = ACK.total_seconds(), public_url: str = "",
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._kept = kept
        self._most = most
        self._public_url = public_url
        self._calling = Calling(outgoing, clock, answer_seconds)
        self.follower = DeliveryFollower(state, clock, governance, events_an_hour=events_an_hour)
        self.sockets = Sockets(state, clock)
        self.addresses = Addresses(state, clock, governance, self._calling)
        self.asking = AppAsking(state, clock, governance, self._calling, answer_seconds)

    # -- apps ask ---------------------------------------------------------------------------------------------------

    async def open_connection(self, principal: Principal, origin: str) -> str:
        """The address at which an app may open a socket, once, within half a minute. `origin` ends with a slash."""
        if self.sockets.draining:
            # Slack's clients wait as long as they are told, each another while, and ask again.
            raise TooMany("This server is stopping; ask again in a moment.", retry_after=random.randint(1, 5))
        secret = secrets.token_urlsafe(32)
        ticket = Ticket(principal.app, principal.token)
        await socket_store.add_ticket(self._state, _digest(secret), ticket, self._clock.now() + TICKET)
        place = (self._public_url.rstrip("/") + "/" if self._public_url else origin).replace("http", "ws", 1)
        return f"{place}slack/socket/?ticket={secret}&app_id={principal.app}"

    async def serve(self, ws: WebSocket) -> None:
        """Holds a socket that comes with a ticket; without one it is refused before it is opened."""
        await self.sockets.serve(ws, _digest(ws.query_params.get("ticket", "")))

    async def authorizations(self, principal: Principal, context: str) -> list[dict[str, Any]] | None:
        """Where an app hears the event of a context; None for a context that is not of this app."""
        about = read_context(context)
        if about is None or about[0] != principal.app:
            return None
        app, workspace, channel = about
        tenants = {one.id: one.tenant for one in await self._governance.workspaces()}
        async with self._state.begin_system() as tx:
            found = await conversations.find(tx, workspace, "", channel) if channel else None
            sides = [share.workspace for share in found.connected] if found else [] if channel else [workspace]
            here = [
                one
                for side in sorted(sides, key=lambda side: side != workspace) if side in tenants
                for one in await installations(tx, self._governance, tenants[side]) if one.app == app
            ]  # fmt: skip
            is_in = await conversations.members_among(tx, [channel], [one.bot_user for one in here])
        return [authorization(one) for one in here if not channel or (channel, one.bot_user) in is_in]

    # -- apps are asked ---------------------------------------------------------------------------------------------

    async def ask(self, app: str, workspace: str, kind: Question, payload: Mapping[str, Any]) -> Answer:
        """Fills `plugs.Asking`."""
        return await self.asking.ask(app, workspace, kind, payload)

    async def verify(self, app: Installation) -> str:
        """Asks an app's address for events to say a word back (Slack's url_verification); "" where it does, else why.

        An address that answers is called again though it had been given up.
        """
        challenge = secrets.token_urlsafe(32)
        asked = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
        outcome = await self._calling.call(app, app.events_url, json.dumps(asked).encode(), JSON)
        if outcome.why:
            return outcome.why
        said = outcome.body.get("challenge") if isinstance(outcome.body, dict) else outcome.body
        if not isinstance(said, str) or said.strip() not in (challenge, f"challenge={challenge}"):
            return "challenge_failed"
        tenant = Tenant(app.org, app.workspace)
        async with self._state.begin(tenant) as tx:
            await self._enable(tx, self._governance.system(tenant, "delivery"), app.app)
        return ""

    # -- administrators look ----------------------------------------------------------------------------------------

    async def shown(self, principal: Principal, app: str, limit: int = 200) -> tuple[list[Delivery], int]:
        """What an app was told in the caller's workspace, the newest first, and how many sockets it has open."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await deliveries.shown(tx, app, principal.tenant.workspace, limit)
            if not found:
                await self._known(tx, principal, app)
            return found, await socket_store.count(tx, app)

    async def retry(self, principal: Principal, app: str, delivery: int) -> None:
        """Lets an event that failed or was dropped go out anew, with all its tries."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            state = await deliveries.again(tx, app, principal.tenant.workspace, delivery, self._clock.now())
            if state == "unknown":
                raise NotFound("There is no such delivery.", field="delivery")
            if state in ("slash_commands", "interactive"):
                raise Invalid("What a person asked is answered at once or not at all.", field="delivery")
            if state:
                raise Conflict(f"This delivery is {state}.", field="delivery")
            await append(tx, retried_event(principal, self._clock, app, delivery))
            await self._enable(tx, principal, app)
            await notices.due(tx, [(app, "socket"), (app, "http")])

    # -- loops ------------------------------------------------------------------------------------------------------

    def loops(self, bell: Bell) -> dict[str, Any]:
        """What runs beside the doors, by name."""
        return {
            "delivery": lambda: self.follower.run(bell),
            "delivery-notices": lambda: notices.hear(self._state, self._heard, self._look_again),
            "delivery-sockets": self.sockets.give,
            "delivery-answers": self.sockets.note_answers,
            "delivery-addresses": self.addresses.give,
            "delivery-sweep": self._sweeping,
        }

    async def drain(self) -> None:
        """Sends every socket away without loss; call it before the server stops."""
        await self.sockets.drain()

    async def tick(self) -> None:
        """Makes due again what nobody acknowledged in time, in whatever process it was, and wakes who sends it."""
        self.sockets.forget_late()
        async with self._state.begin_system() as tx:
            now = self._clock.now()
            await self.sockets.missed(tx, await deliveries.unanswered(tx, "socket", now), "timeout")
            await self.sockets.missed(tx, await deliveries.unanswered(tx, "http", now), "unknown_error")
            apps = self.sockets.apps
            by_socket = await deliveries.due_among(tx, apps, now) if apps else []
            by_address = await deliveries.due_to_call(tx, now)
        self.sockets.ring(by_socket)
        if by_address:
            self.addresses.ring(by_address)

    async def housekeeping(self) -> None:
        """Drops what is too much or too old, and forgets what is over; one process at a time."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            if not await tx.value("select pg_try_advisory_xact_lock(hashtext('channels.delivery'))"):
                return
            await deliveries.drop_beyond(tx, self._most, now)
            await deliveries.drop_old(tx, now - self._kept, now)
            await deliveries.remove_finished(tx, now - _SHOWN)
            await socket_store.forget_tickets(tx, now)
            await hooks.forget(tx, int(now.timestamp()) // 60 - 60)
            await before.forget(tx, now - _BEFORE)

    async def _sweeping(self) -> None:
        time = asyncio.get_running_loop().time
        alive, tidy = 0.0, time() + _HOUSEKEEPING
        while True:
            await self.tick()
            if time() >= alive:
                await self.sockets.keep_alive()
                alive = time() + socket_store.ALIVE
            if time() >= tidy:
                await self.housekeeping()
                tidy = time() + _HOUSEKEEPING
            await asyncio.sleep(_SWEEP)

    def _heard(self, said: Mapping[str, Any]) -> None:
        if apps := said.get("apps"):
            self.sockets.ring(apps)
        if apps := said.get("call"):
            self.addresses.ring(apps)
        if answered := said.get("answered"):
            self.asking.answered(answered)
        if token := said.get("revoked"):
            self.sockets.revoke(token)
        if line := said.get("close"):
            self.sockets.close(line, said["reason"])

    async def _look_again(self) -> None:
        self.asking.look_again()
        await self.tick()

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _known(self, tx: Tx, principal: Principal, app: str) -> None:
        if all(one.app != app for one in await installations(tx, self._governance, principal.tenant)):
            raise NotFound("There is no such app here.", field="app")

    async def _enable(self, tx: Tx, principal: Principal, app: str) -> None:
        workspace = principal.tenant.workspace
        if (app, workspace) in await hooks.disabled(tx, [workspace]):
            await hooks.well(tx, app, workspace)
            await append(tx, enabled_event(principal, self._clock, app))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
