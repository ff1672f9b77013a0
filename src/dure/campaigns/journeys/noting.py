"""What became of messages, noted in sets: row, event, count and claim in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns import events
from dure.campaigns import store as campaigns
from dure.campaigns.design import Webhook
from dure.campaigns.journeys import messages, store
from dure.campaigns.journeys.claiming import Handed
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.messages import Outcome
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.plans import Plans
from dure.campaigns.journeys.store import Stand
from dure.campaigns.journeys.withholding import LOOK_AGAIN, take_back
from dure.campaigns.model import Item, Reason, State
from dure.kernel.clock import Clock
from dure.state import State as Database


@dataclass(slots=True)
class Done:
    """A message that was in hand, and what became of it. `gone` addresses are suppressed. What waits again does
    `until` a moment, because it was `refused` for now or was not handed over at all."""

    handed: Handed
    outcome: Outcome
    items: Sequence[Item] = ()
    gone: bool = False
    until: datetime | None = None
    refused: bool = False


@dataclass
class Noting:
    state: Database
    clock: Clock
    plans: Plans
    left: dict[UUID, int] = field(default_factory=dict)
    """By claim, how many of its messages are still in hand."""

    async def note(self, done: Sequence[Done]) -> None:
        """Notes outcomes, of any workspaces."""
        by_workspace: dict[str, list[Done]] = {}
        for one in done:
            by_workspace.setdefault(one.handed.plan.tenant.workspace, []).append(one)
        finished = Counter(one.handed.claim for one in done)
        for workspace, some in by_workspace.items():
            async with self.state.begin_system() as tx:
                doing = Doing(tx, self.clock.now())
                await take_back(doing, [
                    (one.handed, one.until or doing.now + LOOK_AGAIN, one.refused)
                    for one in some if one.outcome.state is State.WAITING
                ])  # fmt: skip
                noted = [one.outcome for one in some if one.outcome.state is not State.WAITING]
                open_ = await messages.note(tx, workspace, noted, doing.now)
                sent: Counter[str] = Counter()
                for one in some:
                    if one.outcome.id in open_:
                        _told(doing, one)
                        if one.outcome.state is State.SENT and not isinstance(one.handed.node, Webhook):
                            sent[one.handed.plan.campaign.id] += 1
                minute = doing.now.replace(second=0, microsecond=0)
                for campaign, n in sorted(sent.items()):
                    await store.paced(tx, workspace, campaign, minute, n)
                for address in sorted({one.handed.address for one in some if one.gone and one.handed.address}):
                    await campaigns.suppress(tx, workspace, address, "bounced", doing.now)
                over = [
                    claim for claim, n in finished.items()
                    if self.left.get(claim, n) <= n and any(one.handed.claim == claim for one in some)
                ]  # fmt: skip
                await messages.release(tx, over)
                await doing.finish()
        for claim, n in finished.items():
            if self.left.get(claim, n) <= n:
                self.left.pop(claim, None)
            else:
                self.left[claim] -= n

    async def give_up(self) -> int:
        """Says `unknown` of every message whose worker is gone; returns how many there were."""
        async with self.state.begin_system() as tx:
            doing = Doing(tx, self.clock.now())
            rows = await messages.abandoned(tx)
            plans = await self.plans.get(tx, {(row["workspace"], row["campaign"], row["version"]) for row in rows})
            by_workspace: dict[str, list[dict[str, Any]]] = {}
            for row in rows:
                by_workspace.setdefault(row["workspace"], []).append(row)
            for workspace, some in by_workspace.items():
                crashed = [Outcome(row["id"], State.UNKNOWN, Reason.CRASHED.value) for row in some]
                await messages.note(tx, workspace, crashed, doing.now)
                for row, outcome in zip(some, crashed, strict=True):
                    plan = plans[row["workspace"], row["campaign"], row["version"]]
                    _failed(doing, plan, _stand(row), row["channel"], outcome)
            await doing.finish()
        return len(rows)


def _told(doing: Doing, one: Done) -> None:
    handed, outcome = one.handed, one.outcome
    plan, stand = handed.plan, handed.stand
    if isinstance(handed.node, Webhook):
        _count(doing, plan, stand, outcome)
        doing.tell(plan, events.CALLED, stand, state=outcome.state.value, detail=outcome.detail)
        return
    if outcome.state is State.SENT:
        _count(doing, plan, stand, outcome)
        doing.tell(
            plan, events.SENT, stand, message=str(outcome.id), channel=handed.node.channel, subject=outcome.subject,
            items=list(outcome.items), item_kinds=[item.why for item in one.items],
            genre=one.items[0].genre if one.items else "",
            latency_ms=round((doing.now - stand.entered_at).total_seconds() * 1000),
        )  # fmt: skip
    elif outcome.state is State.SKIPPED:
        _count(doing, plan, stand, outcome)
        doing.tell(
            plan, events.SKIPPED, stand, message=str(outcome.id), channel=handed.node.channel, reason=outcome.reason
        )
    else:
        _failed(doing, plan, stand, handed.node.channel, outcome)


def _failed(doing: Doing, plan: Plan, stand: Stand, channel: str, outcome: Outcome) -> None:
    _count(doing, plan, stand, outcome)
    doing.tell(
        plan, events.FAILED, stand, message=str(outcome.id), channel=channel, reason=outcome.reason,
        detail=outcome.detail, state=outcome.state.value,
    )  # fmt: skip


def _count(doing: Doing, plan: Plan, stand: Stand, outcome: Outcome) -> None:
    workspace, campaign = plan.tenant.workspace, plan.campaign.id
    doing.tally.add(workspace, campaign, stand.node, "state:claimed", -1)
    doing.tally.add(workspace, campaign, stand.node, f"state:{outcome.state.value}")
    if outcome.reason:
        doing.tally.add(workspace, campaign, stand.node, f"reason:{outcome.reason}")


def _stand(row: dict[str, Any]) -> Stand:
    entered: datetime = row["entered_at"]
    return Stand(
        row["workspace"], row["way"], row["campaign"], row["version"], row["person"], row["distinct_id"], row["arm"],
        row["node"], "done", entered, 0,
    )  # fmt: skip
