"""What a campaign would do to the people of the last days: the real gate and the real letter, nothing kept or sent."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from dure.campaigns import log_sql
from dure.campaigns.entering import Arrival, Decision, Entering
from dure.campaigns.letter import compose
from dure.campaigns.model import Campaign, DryRun, Item, Reason, State, Would
from dure.campaigns.template import Missing
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.log.api import Log
from dure.segments.api import Segments, duration
from dure.state import Tx

LOOKS_BACK = timedelta(days=7)


async def dry_run(
    tx: Tx, log: Log, clock: Clock, segments: Segments, entering: Entering, principal: Principal, campaign: Campaign, *,
    sender: str, site: str, language: str, limit: int,
) -> DryRun:  # fmt: skip
    """The newest `limit` people whom the trigger met in the last week and who had time to come back since."""
    now = clock.now()
    arrivals = await _arrivals(log, segments, principal, campaign, now, limit)
    decisions = await entering.decide(tx, principal, campaign, arrivals, now)
    first: dict[object, Decision] = {}
    for one in decisions:
        first.setdefault(one.person, one)
    items = await entering.recommended(tx, principal.tenant, list(first.values()), now)
    would = tuple(
        _would(campaign, one, items.get(one.person, []), sender, site, language) for one in first.values()
    )  # fmt: skip
    outcomes: Counter[str] = Counter(one.outcome for one in would)
    reasons: Counter[str] = Counter(one.reason for one in would if one.reason)
    return DryRun(len(arrivals), dict(outcomes), dict(reasons), would)


def _would(campaign: Campaign, one: Decision, items: list[Item], sender: str, site: str, language: str) -> Would:
    name = str(one.recipient.traits.get("name") or one.recipient.distinct_id) if one.recipient else ""
    if one.state is State.SKIPPED or one.recipient is None:
        return Would(one.person, name, "skip", one.reason, "", "")
    if one.state is State.HELD:
        return Would(one.person, name, "hold", "", "", "")
    try:
        letter = compose(
            campaign.design, one.recipient, items, sender=sender, out_url=f"{site}/u/preview", language=language
        )
    except Missing as error:
        return Would(one.person, name, "fail", Reason.MISSING_VALUE.value, "", error.message)
    return Would(one.person, name, "send", "", letter.subject, letter.text)


async def _arrivals(
    log: Log, segments: Segments, principal: Principal, campaign: Campaign, now: datetime, limit: int
) -> list[Arrival]:
    trigger = campaign.design.trigger
    latest = now - duration(campaign.design.wait)
    params = {
        "event": trigger.event, "since": _text(latest - LOOKS_BACK), "now": _text(latest), "limit": limit,
    }  # fmt: skip
    where, bound = segments.condition(trigger.where)
    answer = await log.query(principal.tenant, log_sql.TRIGGERED.format(where=where), {**bound, **params})
    return [Arrival(who, at if at.tzinfo else at.replace(tzinfo=UTC)) for who, at in answer.rows]


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
