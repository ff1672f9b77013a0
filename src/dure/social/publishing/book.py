"""The book of plans as every act on one needs it: found and locked, rendered, kept with its event."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from dure.feed.api import append
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.social.advocacy import store as advocates
from dure.social.plugs import Publishes, Source
from dure.social.publishing import events, rules_store, store
from dure.social.publishing.model import Place, Plan, Rendered, Rules
from dure.social.publishing.rendering import fingerprint, render
from dure.social.publishing.tracking import Tracking
from dure.social.sources import store as source_store
from dure.state import State, Tx


class Book:
    """`connectors` are the kinds of sources that this installation has."""

    def __init__(self, state: State, clock: Clock, connectors: Mapping[str, Source], tracks: Tracking | None) -> None:
        self.state = state
        self.clock = clock
        self.connectors = connectors
        self.tracks = tracks

    async def plan(self, tx: Tx, principal: Principal, id: uuid.UUID, *, lock: bool = False) -> Plan:
        found = await store.plan(tx, principal.tenant.workspace, id, lock=lock)
        if found is None:
            raise NotFound("There is no such post.", field="post")
        return found

    async def places(self, tx: Tx, workspace: str) -> dict[uuid.UUID, Place]:
        """Sources that posts can go to: an employee's own account speaks for the employee, never for the brand."""
        found: dict[uuid.UUID, Place] = {}
        owned = await self.owned(tx, workspace)
        for one in await source_store.every(tx, workspace):
            connector = self.connectors.get(one.connector)
            if one.id in owned:
                continue
            if isinstance(connector, Publishes) and connector.manifest.limits is not None:
                manifest = connector.manifest
                found[one.id] = Place(
                    one.id, one.name, manifest.network, asdict(connector.manifest.limits), one.state == "paused"
                )
        return found

    async def owned(self, tx: Tx, workspace: str) -> set[uuid.UUID]:
        """Sources that are an employee's own account."""
        return await advocates.owned(tx, workspace)

    def rendered(
        self, plan: Plan, places: Mapping[uuid.UUID, Place], rules: Rules, *, bare: bool = False
    ) -> list[Rendered]:
        """Each variant as it will stand there, or as it was said; `bare` with the links' targets in their places."""
        shorten = self.tracks.sample if self.tracks and rules.tracked and not bare else None
        made = []
        for one in plan.variants:
            shown = render(plan.content, one.wording, places.get(one.wording.source), rules.utm, shorten)
            stands = one.fate in ("said", "unknown") and not bare
            made.append(replace(shown, text=one.sent, problems=()) if stands else shown)
        return made

    async def clicks(self, principal: Principal, belongs: Sequence[str], since: datetime) -> Mapping[str, int]:
        return await self.tracks.clicks(principal, belongs, since) if self.tracks and belongs else {}

    def hash(self, plan: Plan, places: Mapping[uuid.UUID, Place], rules: Rules) -> str:
        """What an approval of the plan as it is now is bound to."""
        return fingerprint(self.rendered(plan, places, rules, bare=True), plan.content.language)

    async def fit(self, tx: Tx, principal: Principal, plan: Plan) -> str:
        """The plan's hash; Invalid where it could not be published as it is."""
        workspace = principal.tenant.workspace
        places, rules = await self.places(tx, workspace), await rules_store.rules(tx, workspace)
        if not plan.variants:
            raise Invalid("Choose where it is published.", field="wordings")
        wrong = {
            str(one.source): list(one.problems)
            for one, variant in zip(self.rendered(plan, places, rules), plan.variants, strict=True)
            if variant.fate not in ("said", "unknown") and one.problems
        }
        if wrong:
            raise Invalid("It cannot be published like this.", field="wordings", data={"problems": wrong})
        return self.hash(plan, places, rules)

    async def keep(
        self, tx: Tx, principal: Principal, plan: Plan, name: str, more: Mapping[str, Any] | None = None
    ) -> Plan:
        """Writes a plan, but for its variants, as changed now, with the one event that says so."""
        now = self.clock.now()
        kept = replace(plan, changed_at=now)
        await store.keep(tx, principal.tenant.workspace, kept)
        await append(tx, events.plan_event(principal, name, now, kept, more or {}))
        return kept

    async def tell(
        self, tx: Tx, principal: Principal, plan: Plan, name: str, more: Mapping[str, Any] | None = None
    ) -> None:
        await append(tx, events.plan_event(principal, name, self.clock.now(), plan, more or {}))
