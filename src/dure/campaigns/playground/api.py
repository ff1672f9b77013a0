"""The playground's entrance: making one, going into it, and seeing what would have left it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from dure.campaigns import events as campaign_events
from dure.campaigns.gate import store as gate_store
from dure.campaigns.playground import events
from dure.campaigns.playground.copying import (
    Copied,
    Switches,
    copy_experiments,
    copy_flags,
    copy_metrics,
    copy_segments,
    renamed,
    wanted_by,
)
from dure.campaigns.playground.invented import PEOPLE, happened, people
from dure.experiments.api import Experiments
from dure.experiments.api import as_json as experiment_json
from dure.feed.api import Event, append, append_lines, lines_of, message_key
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.metrics.api import Metrics
from dure.people.model import Known
from dure.segments.api import Segments, as_json
from dure.state import State

_A_BATCH = 2_000


class Populace(Protocol):
    """Where people are made known; `people.api.People` is one."""

    async def bulk_people(self, tenant: Tenant, rows: Sequence[Known]) -> int: ...


class Drafts(Protocol):
    """Campaigns, as far as copying them goes."""

    async def campaigns(self, principal: Principal) -> list[tuple[Any, Any]]: ...

    async def create(self, principal: Principal, design: object) -> Any: ...


@dataclass(frozen=True, slots=True)
class Made:
    """A new playground and what is in it."""

    workspace: Workspace
    copied: Copied
    people: int
    events: int


class Playground:
    """Nothing leaves a playground: `Boundary` records what would, and the house's one way out refuses."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, segments: Segments, populace: Populace,
        campaigns: Drafts, metrics: Metrics | None = None, experiments: Experiments | None = None,
        flags: Switches | None = None,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._segments = segments
        self._populace = populace
        self._campaigns = campaigns
        self._metrics = metrics
        self._experiments = experiments
        self._flags = flags

    async def make(self, principal: Principal, name: str) -> Made:
        """A playground of the caller's workspace: its structure copied, its people invented."""
        access(principal, "campaigns:configure")
        workspace, acting = await self._governance.playgrounds.make(principal, name)
        copied = Copied()
        if self._metrics is not None:
            await copy_metrics(self._metrics, principal, acting, copied)
        ids = await copy_segments(self._segments, principal, acting, copied)
        if self._experiments is not None:
            ids |= await copy_experiments(self._experiments, principal, acting, ids, copied)
        if self._flags is not None:
            await copy_flags(self._flags, principal, acting, ids, copied)
        designs = await self._copy_campaigns(principal, acting, ids, copied)
        await self._copy_rules(principal, acting)
        rules = [as_json(one.rule) for one in await self._segments.segments(principal)]
        tried = await self._experiments.experiments(acting) if self._experiments is not None else []
        asked = [*designs, *rules, *(experiment_json(one.design) for one in tried)]
        count = await self._populate(acting.tenant, workspace.id, asked)
        told = {"people": PEOPLE, "events": count, **copied.counts}
        async with self._state.begin(acting.tenant) as tx:
            await append(
                tx,
                campaign_events.workspace_event(
                    acting, self._clock.now(), events.FILLED, "workspace", workspace.id, told
                ),
            )  # fmt: skip
        return Made(workspace, copied, PEOPLE, count)

    async def listed(self, principal: Principal) -> list[Workspace]:
        """The playgrounds of the caller's workspace, oldest first."""
        return await self._governance.playgrounds.of(principal)

    async def recorded(
        self, principal: Principal, before: datetime | None = None, limit: int = 100
    ) -> list[dict[str, Any]]:
        """What would have left the caller's playground, newest first."""
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            return await gate_store.recorded(tx, principal.tenant.workspace, before, max(1, min(limit, 500)))

    async def _copy_campaigns(
        self, principal: Principal, acting: Principal, ids: dict[str, str], copied: Copied
    ) -> list[Any]:
        designs = []
        for campaign, _ in reversed(await self._campaigns.campaigns(principal)):
            design = renamed(msgspec.to_builtins(campaign.design), ids)
            if campaign.design.experiment not in ids:
                design["experiment"] = None
            try:
                await self._campaigns.create(acting, design)
            except DureError as error:
                copied.leave("campaigns", str(next(iter(design["name"].values()), "")), error.message)
                continue
            copied.note("campaigns")
            designs.append(design)
        return designs

    async def _copy_rules(self, principal: Principal, acting: Principal) -> None:
        """What the workspace demands holds in its playground too, but for addresses of real people."""
        async with self._state.begin(principal.tenant) as tx:
            policy = await gate_store.policy(tx, principal.tenant.workspace)
        policy = msgspec.structs.replace(policy, seeds=())
        async with self._state.begin(acting.tenant) as tx:
            await gate_store.set_policy(tx, acting.tenant.workspace, policy, acting.actor, self._clock.now())

    async def _populate(self, tenant: Tenant, seed: str, documents: Sequence[Any]) -> int:
        now = self._clock.now()
        await self._populace.bulk_people(tenant, people(seed, now))
        made: list[Event] = await asyncio.to_thread(
            lambda: list(happened(tenant, seed, wanted_by(documents), now))
        )  # fmt: skip
        for start in range(0, len(made), _A_BATCH):
            some = made[start : start + _A_BATCH]
            keys = b"".join(
                message_key(tenant.workspace.encode(), one.message_id).to_bytes(8, "little") for one in some
            )
            async with self._state.begin(tenant) as tx:
                await append_lines(tx, tenant, len(some), lines_of(some), keys)
        return len(made)
