"""What a campaign would do to the people of the last days: the real gate and the real message, nothing kept or sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dure.campaigns import log_sql
from dure.campaigns.design import Delay, Messaging
from dure.campaigns.journeys.claiming import looked_at
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.engine import Engine
from dure.campaigns.journeys.lots import lots
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.store import Stand
from dure.campaigns.model import Campaign, DryRun, Reason, Recipient, Would
from dure.campaigns.writing import Missing
from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.segments.api import duration
from dure.state import Tx

LOOKS_BACK = timedelta(days=7)


async def dry_run(
    tx: Tx, engine: Engine, principal: Principal, campaign: Campaign, now: datetime, *, out_url: str, language: str,
    limit: int,
) -> DryRun:  # fmt: skip
    """The newest `limit` people whom the trigger met in the last week and who had time to come back since, or some of
    the audience; as far as the first message."""
    node = next(iter(campaign.design.messages), None)
    if node is None:
        return DryRun(0, {}, {}, ())
    doing = Doing(tx, now)
    zone = await engine.plans.zone(tx, principal.tenant.workspace)
    design = campaign.design
    plan = Plan(principal.tenant, campaign, campaign.version, design, zone, design.by_id)
    met = await _met(engine, principal, plan, now, limit)
    stands = [_stand(plan, node, person, at) for person, at in met.items()]
    recipients = await engine.stepping.recipients(doing, plan, stands)
    people = {stand.person: one.person for stand, one in zip(stands, recipients, strict=True)}
    audience = set(people.values())
    if design.entry.audience is not None and audience:
        audience = await engine.stepping.segments.among(principal, design.entry.audience, audience)
    out = {one.id: reason for one, reason in await engine.stepping.gone(doing, plan, stands, people)}
    verdicts = await looked_at(doing, engine.gate, engine.carriers.get(node.channel), plan, campaign, node, recipients)
    control = lots(f"campaign:{campaign.id}:", [one.person for one in recipients]) < design.holdout
    would: dict[UUID, Would] = {}
    sent: list[Recipient] = []
    for stand, to, verdict, held in zip(stands, recipients, verdicts, control.tolist(), strict=True):
        name = str(to.traits.get("name") or to.distinct_id)
        reason = verdict.reason if verdict.answer in ("skip", "later") else ""
        if not reason and to.person not in audience:
            reason = Reason.NOT_IN_AUDIENCE.value
        reason = reason or out.get(stand.id, "")
        if to.person in would:
            continue
        if reason:
            would[to.person] = Would(to.person, name, "skip", reason, "", "")
        elif held or verdict.answer == "hold":
            would[to.person] = Would(to.person, name, "hold", verdict.reason, "", "")
        else:
            would[to.person] = Would(to.person, name, "send", "", "", "")
            sent.append(to)
    await _write(tx, engine, plan, node, sent, would, out_url, language)
    outcomes: Counter[str] = Counter(one.outcome for one in would.values())
    reasons: Counter[str] = Counter(one.reason for one in would.values() if one.reason)
    return DryRun(len(met), dict(outcomes), dict(reasons), tuple(would.values()))


async def _write(
    tx: Tx, engine: Engine, plan: Plan, node: Messaging, sent: list[Recipient], would: dict[UUID, Would], out_url: str,
    language: str,
) -> None:  # fmt: skip
    items: Mapping[UUID, object] = {}
    if node.items is not None and sent:
        items = await engine.recommending.items_for(tx, plan.tenant, sent, node.items, engine.now())
    for to in sent:
        before = would[to.person]
        try:
            content = engine.writing.compose(
                plan.campaign, node, to, items.get(to.person, ()), language=language, out_url=out_url,  # type: ignore[arg-type]
            )  # fmt: skip
        except Missing as error:
            would[to.person] = Would(to.person, before.name, "fail", Reason.MISSING_VALUE.value, "", error.message)
        else:
            would[to.person] = Would(to.person, before.name, "send", "", content.title, content.text)


async def _met(
    engine: Engine, principal: Principal, plan: Plan, now: datetime, limit: int
) -> dict[UUID, datetime]:  # fmt: skip
    """Whom it would begin for, and when it would have."""
    entry = plan.design.entry
    if entry.trigger is None:
        everybody = await engine.stepping.segments.everybody(principal, entry.audience)
        return dict.fromkeys(everybody[:limit], now)
    first = plan.nodes.get(plan.design.start)
    waits = duration(first.for_) if isinstance(first, Delay) and first.for_ is not None else timedelta()
    latest = now - waits
    where, bound = engine.stepping.segments.condition(entry.trigger.where)
    params = {
        **bound, "event": entry.trigger.event, "since": _text(latest - LOOKS_BACK), "now": _text(latest),
        "limit": limit,
    }  # fmt: skip
    answer = await engine.stepping.log.query(principal.tenant, log_sql.TRIGGERED.format(where=where), params)
    return {who: at if at.tzinfo else at.replace(tzinfo=UTC) for who, at in answer.rows}


def _stand(plan: Plan, node: Messaging, person: UUID, at: datetime) -> Stand:
    return Stand(
        plan.tenant.workspace, uuid7(), plan.campaign.id, plan.version, person, "", "", node.id, "moving", at, 0
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
