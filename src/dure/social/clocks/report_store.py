"""The only SQL of the care report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dure.state import Tx

MOST = 300_000
"""Waits of a period beyond which only the newest are counted, and that is said."""


class Wait(NamedTuple):
    """A clock as the report counts it."""

    kind: str
    team: str
    agent: str
    running_at: datetime | None
    spent: float
    passed: float
    target: int | None
    outcome: str


async def waits(
    tx: Tx, workspace: str, since: datetime, until: datetime, team: str, network: str
) -> list[Wait]:  # fmt: skip
    """Clocks that began in a period. Of one that runs still the assignee is whose it is."""
    rows = await tx.tuples(
        "select c.kind, c.team, case when c.stopped_at is null and c.kind <> 'agent' then t.assignee else c.agent end,"
        " c.running_at, c.spent, c.passed, c.target, c.outcome from social.clock c join social.conversation t"
        " on t.workspace = c.workspace and t.id = c.conversation"
        " where c.workspace = %(w)s and c.started_at >= %(since)s and c.started_at < %(until)s"
        " and (%(team)s = '' or c.team = %(team)s) and (%(network)s = '' or c.network = %(network)s)"
        " order by c.started_at desc limit %(most)s",
        {"w": workspace, "since": since, "until": until, "team": team, "network": network, "most": MOST},
    )
    return [Wait(*row) for row in rows]


async def scores(
    tx: Tx, workspace: str, since: datetime, until: datetime, team: str, network: str
) -> Sequence[Mapping[str, Any]]:
    """Surveys that went out in a period, counted by team, agent and score."""
    return await tx.rows(
        "select team, agent, score, count(*)::int as count from social.survey where workspace = %(w)s"
        " and sent_at >= %(since)s and sent_at < %(until)s and (%(team)s = '' or team = %(team)s)"
        " and (%(network)s = '' or network = %(network)s) group by team, agent, score",
        {"w": workspace, "since": since, "until": until, "team": team, "network": network},
    )


async def comments(
    tx: Tx, workspace: str, since: datetime, until: datetime, team: str, network: str
) -> Sequence[Mapping[str, Any]]:
    """What customers wrote beside their score, the newest first."""
    return await tx.rows(
        "select conversation, team, agent, score, comment, answered_at from social.survey where workspace = %(w)s"
        " and sent_at >= %(since)s and sent_at < %(until)s and (%(team)s = '' or team = %(team)s)"
        " and (%(network)s = '' or network = %(network)s) and comment <> '' order by answered_at desc limit 50",
        {"w": workspace, "since": since, "until": until, "team": team, "network": network},
    )
