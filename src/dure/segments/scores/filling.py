"""Segments that hold certain tenths of a score: hand-made lists that every scoring fills anew."""

from __future__ import annotations

import re
from datetime import datetime

from dure.feed.api import append
from dure.governance.api import Principal
from dure.segments import events, standing_store, store
from dure.segments.ids import ids_from, uuids_of
from dure.segments.model import Size
from dure.segments.scores import store as score_store
from dure.segments.stages.store import filled_by
from dure.state import Tx

EVENTS_A_BATCH = 5_000
_BY = re.compile(r"score:([^:]+):(\d+)-(\d+)")


def called(score: str, first: int, last: int) -> str:
    """What fills such a segment, as it is noted."""
    return f"score:{score}:{first}-{last}"


async def refill(tx: Tx, principal: Principal, score: str, now: datetime) -> None:
    """Makes every segment of a score hold who is in its tenths now; who comes and goes is an event each."""
    workspace = principal.tenant.workspace
    for by, standing in (await filled_by(tx, workspace, f"score:{score}:")).items():
        match = _BY.fullmatch(by)
        segment = await store.segment(tx, workspace, standing)
        if match is None or segment is None:
            continue
        people = await score_store.people_in(tx, workspace, score, int(match[2]), int(match[3]))
        await store.wait_for_lock(tx, workspace, standing)
        moved = await standing_store.move_all(tx, workspace, {standing: ids_from(people)}, now)
        entered, left = (uuids_of(some[standing]) for some in moved)
        await store.note_size(tx, workspace, standing, Size(now, len(people), len(entered), len(left)))
        for name, group in ((events.ENTERED, entered), (events.LEFT, left)):
            for at in range(0, len(group), EVENTS_A_BATCH):
                part = group[at : at + EVENTS_A_BATCH]
                await append(tx, *events.moved(principal, now, segment, name, part, segment.size is None))
