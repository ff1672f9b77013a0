"""The list of a campaign: the facts it is made from, gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dure.campaigns import store as campaigns
from dure.campaigns.approval import store
from dure.campaigns.approval.checks import Facts, checks
from dure.campaigns.approval.headcount import Headcount
from dure.campaigns.approval.model import Check
from dure.campaigns.gate import store as gate_store
from dure.campaigns.plugs import Directory
from dure.governance.api import Governance, Principal, access
from dure.kernel.errors import NotFound
from dure.state import State

SAMPLE = 400


@dataclass
class Listing:
    state: State
    governance: Governance
    directory: Directory
    heads: Headcount

    async def of(self, principal: Principal, id: str) -> list[Check]:
        """Every line, worst first."""
        access(principal, "campaigns:read")
        workspace = principal.tenant.workspace
        async with self.state.begin(principal.tenant) as tx:
            campaign = await campaigns.campaign(tx, workspace, id)
        if campaign is None:
            raise NotFound("There is no such campaign.", field="campaign")
        reach = await self.heads.of(principal, campaign.design)
        some = await self.heads.some(principal, campaign.design, SAMPLE)
        async with self.state.begin(principal.tenant) as tx:
            place = await self.governance.workspace_in(tx, workspace)
            known = await self.directory.known(tx, principal.tenant, some)
            languages = _languages([one.traits.get("language") for one in known.values()], place.language)
            facts = Facts(
                reach, await store.last_reaches(tx, workspace, id), languages,
                await store.tested(tx, workspace, id), await gate_store.policy(tx, workspace),
                ZoneInfo(place.timezone),
            )  # fmt: skip
        return checks(campaign.design, facts)


def _languages(said: list[object], otherwise: str) -> Mapping[str, float]:
    """Shares by language; whoever said none is written to in the workspace's."""
    counts = Counter(one[:2] if isinstance(one, str) and one else otherwise for one in said)
    return {language: count / counts.total() for language, count in counts.items()}
