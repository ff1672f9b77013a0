"""The gate's entrance: the look that every message passes, a workspace's demands, and the kill switch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from dure.campaigns import events as campaign_events
from dure.campaigns.design import Delay, Messaging
from dure.campaigns.gate import events, store
from dure.campaigns.gate.caps import Went
from dure.campaigns.gate.halting import EVERYTHING, Halting
from dure.campaigns.gate.look import Known, Message, capped_since, verdicts
from dure.campaigns.gate.model import Policy, Rate
from dure.campaigns.gate.rates import Rates, lowered, waited_for
from dure.campaigns.gate.rules import read_policy
from dure.campaigns.model import Campaign, Reason, Recipient, Verdict
from dure.experiments.api import global_holdout
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.ids import person_id
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant
from dure.segments.api import Segments
from dure.state import State, Tx

_LOOK_AGAIN = timedelta(seconds=5)
"""When a whole campaign is asked for again that waits for somebody's word."""

Addresses = Mapping[str, Callable[[Recipient], str]]


class Bond(Protocol):
    """Whether a campaign is still what was approved."""

    async def holds(self, tx: Tx, principal: Principal, campaign: Campaign) -> bool: ...


class Gate:
    """Fills `plugs.Gate`. `addresses` say by channel where somebody is reached."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, segments: Segments, seal: Seal, addresses: Addresses,
        bond: Bond | None = None,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._segments = segments
        self._seal = seal
        self._addresses = addresses
        self._bond = bond
        self.halting = Halting(state, clock)
        self.rates = Rates(state)

    async def look(
        self, tx: Tx, principal: Principal, campaign: Campaign, node: Messaging, recipients: Sequence[Recipient],
        now: datetime,
    ) -> list[Verdict]:  # fmt: skip
        """One verdict for each, in the order asked.

        Nobody else's look in the workspace goes on until the transaction ends, so that two campaigns cannot both take
        the last place under a cap.
        """
        workspace, design = principal.tenant.workspace, campaign.design
        if not recipients:
            return []
        whole = await self._stands(tx, principal, campaign, node, now)
        if whole is not None:
            return [whole] * len(recipients)
        owners = known_under(workspace, recipients)
        people = {one.person for one in recipients} if len(owners) > len(recipients) else owners.keys()
        await store.lock(tx, workspace)
        policy = await store.policy(tx, workspace)
        address = self._addresses.get(node.channel, _nowhere)
        addresses = [address(one).lower() for one in recipients]
        known = Known(
            policy, await global_holdout(tx, workspace), await self._zone(tx, workspace),
            await store.words(tx, workspace, owners),
            await store.suppressed(tx, workspace, set(addresses) - {""}, self._seal),
            await store.went(tx, workspace, owners, capped_since(policy, now)) if policy.caps else {},
            await self._reserved(tx, workspace, campaign, policy, owners, now),
            await self._audience(principal, campaign, people),
        )  # fmt: skip
        message = Message(node.channel, design.topic, node.quiet, design.global_holdout)
        return verdicts(message, recipients, addresses, known, now)

    async def room(self, tenant: Tenant, channel: str, wanted: int) -> int:
        """How many of `wanted` are worth claiming now. The limit itself is kept where they are handed over."""
        async with self._state.begin(tenant) as tx:
            rate = (await store.policy(tx, tenant.workspace)).rates.get(channel, Rate())
            rate = lowered(rate, (await store.slowed(tx, tenant.workspace)).get(channel), self._clock.now())
        return await self.rates.free(tenant, channel, rate, wanted)

    async def policy(self, principal: Principal) -> Policy:
        """What the workspace demands."""
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.policy(tx, principal.tenant.workspace)

    async def policy_in(self, tx: Tx, tenant: Tenant) -> Policy:
        return await store.policy(tx, tenant.workspace)

    async def set_policy(self, principal: Principal, raw: object) -> Policy:
        """Puts other demands in the place of those there are; an administrator's to do. They hold at the next claim."""
        access(principal, "campaigns:configure")
        policy, now = read_policy(raw), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            before = await store.policy(tx, principal.tenant.workspace)
            if policy != before:
                await store.set_policy(tx, principal.tenant.workspace, policy, principal.actor, now)
                told = {"policy": msgspec.to_builtins(policy), "before": msgspec.to_builtins(before)}
                workspace = principal.tenant.workspace
                await append(
                    tx,
                    campaign_events.workspace_event(
                        principal, now, events.POLICY_CHANGED, "workspace", workspace, told
                    ),
                )  # fmt: skip
        return policy

    # -- what a look reads ------------------------------------------------------------------------------------------

    async def _stands(
        self, tx: Tx, principal: Principal, campaign: Campaign, node: Messaging, now: datetime
    ) -> Verdict | None:
        """What holds of the whole campaign and so for everybody; None where nothing does."""
        if campaign.status == "stopped":
            return Verdict("skip", Reason.STOPPED)
        halts = await store.halts(tx, principal.tenant.workspace, [campaign.id])
        if EVERYTHING in halts:
            return Verdict("later", Reason.ALL_STOPPED, now + _LOOK_AGAIN)
        if campaign.status == "paused" or campaign.id in halts:
            return Verdict("later", Reason.PAUSED)
        if self._bond is not None and not await self._bond.holds(tx, principal, campaign):
            return Verdict("later", Reason.NOT_APPROVED, now + _LOOK_AGAIN)
        if wait := waited_for((await store.slowed(tx, principal.tenant.workspace)).get(node.channel), now):
            return Verdict("later", Reason.BUSY, now + timedelta(seconds=wait))
        return None

    async def _zone(self, tx: Tx, workspace: str) -> ZoneInfo:
        return ZoneInfo((await self._governance.workspace_in(tx, workspace)).timezone)

    async def _audience(
        self, principal: Principal, campaign: Campaign, people: Collection[UUID]
    ) -> frozenset[UUID] | None:
        rule = campaign.design.entry.audience
        # A journey begins with an audience and goes on by its exits: who signed up yesterday still gets the third day.
        if rule is None or campaign.design.kind == "journey":
            return None
        return frozenset(await self._segments.among(principal, rule, people))

    async def _reserved(
        self, tx: Tx, workspace: str, campaign: Campaign, policy: Policy, owners: Mapping[UUID, UUID], now: datetime
    ) -> Mapping[UUID, Sequence[Went]]:
        """Places that campaigns of a higher priority hold: messages of theirs that are due within the horizon."""
        if not policy.horizon_hours or not policy.caps:
            return {}
        before = await store.going_first(tx, workspace, campaign.design.priority)
        before.pop(campaign.id, None)
        if not before:
            return {}
        found: dict[UUID, list[Went]] = defaultdict(list)
        until = now + timedelta(hours=policy.horizon_hours)
        for row in await store.due_soon(tx, workspace, list(before), owners, until):
            design = before[row["campaign"]]
            node = design.by_id.get(row["node"])
            if isinstance(node, Delay):
                node = design.by_id.get(node.next or "")
            if isinstance(node, Messaging):
                found[owners[row["person"]]].append(Went(max(row["due"], now), node.channel, design.topic))
        return found


def known_under(workspace: str, recipients: Sequence[Recipient]) -> dict[UUID, UUID]:
    """Every id under which something of these people may be kept, and who that is now: what happened before they were
    merged is theirs."""
    merged = {person_id(workspace, own): one.person for one in recipients if len(one.ids) > 1 for own in one.ids}
    now = {one.person: one.person for one in recipients}
    return {**merged, **now} if merged else now


def _nowhere(_: Recipient) -> str:
    return ""
