"""What comes without being asked for: calls of networks at a source's address, and files that people bring."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable
from dure.kernel.tenant import Tenant
from dure.social.api import MOST, Arrival, Bearer, Social
from dure.social.plugs import Call, Hears, Pulled, Reads, Trouble
from dure.social.sources import store
from dure.social.sources.model import Connected, WayKind
from dure.social.sources.pulling import PAYLOAD, UNREADABLE, Pulling, failure, noted, proper, trouble_of
from dure.state import State, Tx


class Hearing:
    """Calls and files become mentions, each committed with its payload."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, social: Social, pulling: Pulling
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._social = social
        self._pulling = pulling

    async def hear(self, source_id: UUID, call: Call) -> Arrival:
        """A network's call at a source's address. NotFound for an address that is nobody's, NotAllowed where the call
        does not prove whose it is; nothing else is told to a stranger."""
        async with self._state.begin_system() as tx:
            found = await store.at_door(tx, source_id)
        if found is None or found[1].state == "paused":
            raise NotFound("Nobody listens here.")
        tenant, source = found
        connector = self._pulling.spoken(source)
        if not isinstance(connector, Hears):
            raise NotFound("Nobody listens here.")
        try:
            given = self._pulling.given_of(tenant, source, self._clock.now(), source.quota)
            pulled = await connector.hear(given, call)
        except OSError as error:
            await self._went_wrong(tenant, source, Trouble("unreached", str(error)))
            raise Unavailable("What the call names cannot be reached right now.") from error
        except UNREADABLE as error:
            await self._went_wrong(tenant, source, Trouble("unreadable", f"{type(error).__name__}: {error}"))
            raise Invalid("The call is not what this source is told.") from error
        except Trouble as error:
            await self._went_wrong(tenant, source, error)
            if error.code == "unsigned":
                raise NotAllowed("The call's signature does not fit.") from error
            raise Invalid(error.detail or error.code) from error
        return await self._brought(self._governance.system(tenant, "social"), source, "hear", pulled)

    async def upload(self, principal: Principal, source_id: UUID, name: str, body: bytes) -> Arrival:
        """Takes a file in; what is known already is not added twice. Invalid names the row and column."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            source = await store.one(tx, principal.tenant.workspace, source_id)
        if source is None:
            raise NotFound("There is no such source.", field="source")
        connector = self._pulling.spoken(source)
        if not isinstance(connector, Reads):
            raise Invalid(f"{source.name} takes no files.", field="source")
        given = self._pulling.given_of(principal.tenant, source, self._clock.now(), source.quota)
        pulled = await asyncio.to_thread(connector.read, given, body, name)
        return await self._brought(principal, source, "upload", pulled)

    async def _brought(self, principal: Principal, source: Connected, kind: WayKind, pulled: Pulled) -> Arrival:
        manifest, workspace = self._pulling.spoken(source).manifest, principal.tenant.workspace
        mentions, skipped = proper(pulled.mentions, self._clock.now())
        gone = [(pulled.network or manifest.network, one) for one in pulled.gone]
        bearer = Bearer(source.id, "edits" in manifest.can, kind == "upload")
        total = Arrival(0, 0, ())
        for at in range(0, max(len(mentions), 1), MOST):
            first = at == 0

            async def along(tx: Tx, arrival: Arrival, first: bool = first) -> bool:
                now = self._clock.now()
                await store.brought(tx, workspace, source.id, kind, arrival.added, now, skipped=skipped if first else 0)
                if first:
                    await store.capture(tx, workspace, source.id, now, pulled.raw, PAYLOAD)
                return True

            part = await self._social.arrive(
                principal, mentions[at : at + MOST], gone=gone if first else (), bearer=bearer, along=along
            )
            total = replace(
                total, added=total.added + part.added, known=total.known + part.known, ids=(*total.ids, *part.ids),
                spikes=(*total.spikes, *part.spikes), edited=total.edited + part.edited,
                deleted=total.deleted + part.deleted,
            )  # fmt: skip
        return total

    async def _went_wrong(self, tenant: Tenant, source: Connected, error: Trouble) -> None:
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            way = next((one for one in await store.ways(tx, tenant.workspace, source.id) if one.kind == "hear"), None)
            if way is None:
                return
            # Anybody can knock at an address: a call without a signature is noted, but is no failure of the source.
            said, tell = noted(trouble_of(error), way.failures, way.trouble, now)
            tell = tell and error.code != "unsigned"
            await store.trouble(tx, tenant.workspace, source.id, "hear", {**said, "told": tell or said["told"]})
            if tell:
                await append(tx, failure(self._governance.system(tenant, "social"), now, source, said))
