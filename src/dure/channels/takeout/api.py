"""Takeouts' entrance: asked for, looked at, cancelled, fetched. Only for those whom the policy `exports.make` names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from dure.channels.files.api import Files
from dure.channels.model import ts_at
from dure.channels.rules import clean
from dure.channels.subjects import require_known
from dure.channels.takeout import store
from dure.channels.takeout.events import ASKED, CANCELLED, DELETED, DOWNLOADED, takeout_event
from dure.channels.takeout.model import KINDS, Takeout
from dure.channels.takeout.refusals import TakeoutNotFound, TakeoutNotReady
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.state import State, Tx

_NAMED = 1_000


class Takeouts:
    def __init__(self, state: State, clock: Clock, governance: Governance, files: Files) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._files = files

    async def ask(
        self, principal: Principal, kind: str, *, people: Sequence[str] = (), channels: Sequence[str] = (),
        since: datetime | None = None, until: datetime | None = None,
    ) -> Takeout:  # fmt: skip
        """Begins an export of the caller's workspace. Raises Invalid, NotAllowed by right or by policy."""
        if kind not in KINDS:
            raise Invalid(f"`kind` is one of {', '.join(KINDS)}.", field="kind")
        if len(people) > _NAMED or len(channels) > _NAMED:
            raise Invalid(f"At most {_NAMED:,} of each.", field="people")
        if since is not None and until is not None and since > until:
            raise Invalid("It ends before it begins.", field="until")
        who, where = ([str(clean(one)) for one in given] for given in (people, channels))
        asked = {
            "people": who, "channels": where,
            "from": ts_at(since) if since else None, "until": ts_at(until) if until else None,
        }  # fmt: skip
        if kind == "leaving" and any(asked.values()):
            raise Invalid("An export for leaving takes everything.", field="kind")
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal)
            tenant = principal.tenant
            await require_known(tx, self._governance, tenant.org, who, where)
            one = Takeout(
                slack_id("X"), tenant.org, tenant.workspace, "leaving" if kind == "leaving" else "compliance",
                principal.user, self._clock.now(), {name: value for name, value in asked.items() if value},
            )  # fmt: skip
            await store.add(tx, one)
            await append(tx, takeout_event(principal, self._clock, ASKED, one))
        return one

    async def listed(self, principal: Principal) -> list[Takeout]:
        """The newest first."""
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal)
            return await store.listed(tx, principal.tenant.org, principal.tenant.workspace)

    async def one(self, principal: Principal, takeout: str) -> Takeout:
        async with self._state.begin(principal.tenant) as tx:
            return await self._find(tx, principal, takeout)

    async def cancel(self, principal: Principal, takeout: str) -> Takeout:
        """Stops one that is being made; takes away one that is done."""
        async with self._state.begin(principal.tenant) as tx:
            found, now = await self._find(tx, principal, takeout), self._clock.now()
            if found.state in ("waiting", "running"):
                state, name = "cancelled", CANCELLED
            elif found.state == "done":
                state, name = "gone", DELETED
            else:
                return found
            await store.set_state(tx, takeout, state, now)
            await append(tx, takeout_event(principal, self._clock, name, found))
            return replace(found, state=state, ended_at=found.ended_at or now)  # type: ignore[arg-type]

    async def fetch(self, principal: Principal, takeout: str) -> tuple[Takeout, AsyncIterator[bytes]]:
        """The file of one that is done and whose time is not over."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._find(tx, principal, takeout)
            over = found.gone_at is not None and found.gone_at <= self._clock.now()
            if found.state == "gone" or (found.state == "done" and over):
                raise TakeoutNotFound
            if found.state != "done":
                raise TakeoutNotReady
            await append(tx, takeout_event(principal, self._clock, DOWNLOADED, found))
        return found, self._files.blobs.read(found.sha256, 0, found.size)

    async def _may(self, tx: Tx, principal: Principal) -> None:
        access(principal, "export:make")
        await self._governance.policies.require(tx, principal, "exports.make")

    async def _find(self, tx: Tx, principal: Principal, takeout: str) -> Takeout:
        await self._may(tx, principal)
        found = await store.find(tx, principal.tenant.org, principal.tenant.workspace, takeout)
        if found is None:
            raise TakeoutNotFound(field="takeout")
        return found
