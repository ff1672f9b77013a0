"""Versions that were read before. A version never changes, so it stays; its campaign's status is asked each time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from dure.campaigns import store as campaigns
from dure.campaigns.journeys import store
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.rules import kept_design
from dure.governance.api import Governance
from dure.kernel.tenant import Tenant
from dure.state import Tx

Key = tuple[str, str, int]
_KEPT = 1_000


class Plans:
    """Of this process."""

    def __init__(self, governance: Governance) -> None:
        self._governance = governance
        self._known: OrderedDict[Key, Plan] = OrderedDict()
        self._zones: dict[str, str] = {}

    async def get(self, tx: Tx, keys: Collection[Key]) -> dict[Key, Plan]:
        """By workspace, campaign and version."""
        missing = [key for key in keys if key not in self._known]
        if missing:
            for row in await store.plans(tx, missing):
                await self.plan_of(tx, row)
        found = {key: self._known[key] for key in keys if key in self._known}
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    async def plan_of(self, tx: Tx, row: Mapping[str, Any]) -> Plan:
        """A row of a campaign with one of its versions as `number` and `launched`."""
        key = (row["workspace"], row["id"], row["number"])
        if key not in self._known:
            design = kept_design(row["launched"])
            campaign = campaigns.campaign_of({**row, "design": row["launched"]})
            zone = await self.zone(tx, row["workspace"])
            self._known[key] = Plan(
                Tenant(row["org"], row["workspace"]), campaign, row["number"], design, zone, design.by_id
            )
        return self._known[key]

    async def zone(self, tx: Tx, workspace: str) -> str:
        """The workspace's time zone."""
        if workspace not in self._zones:
            self._zones = {one.id: one.timezone for one in await self._governance.workspaces_in(tx)}
        return self._zones[workspace]
