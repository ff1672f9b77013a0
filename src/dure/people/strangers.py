"""Those of whom there are only events: no trait, no sign-in, so the state does not know them. The log finds them by id.

The log is not ordered by ids. An id typed whole is read off the projection `by_person`; the beginning of one is looked
for in all events, so that look is short and shows what it found until then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people import store, timeline
from dure.people.model import OUR_SOURCES, Found, Person
from dure.people.search import begins
from dure.people.whose import event_ids, resolve
from dure.state import State

_ONE_TERM = re.compile(r'\s*(?:"([^"]+)"|([^\s"]+))\s*')
# Whose ids begin so, who was here last first; what was written here is no visit.
_BEGINNING = """
select person, maxOrNullIf(time, source not in {ours:Array(String)}) as last, any(distinct_id) from events
where workspace = {workspace:String} and distinct_id ilike {begins:String} and source != 'people'
group by person order by last desc nulls last, person limit {most:UInt32}
"""
# Of these the ones the state knows are left out, so more are read than are shown.
_MOST = 5000
_SECONDS = 2.0
_BRIEF = {"timeout_overflow_mode": "break", "max_rows_to_read": 200_000_000, "read_overflow_mode": "break"}


def typed_id(text: str) -> str:
    """What was typed, where it may be an id; empty where it is several terms."""
    one = _ONE_TERM.fullmatch(text.replace("\0", ""))
    return (one[1] or one[2]).strip() if one else ""


async def named(state: State, log: Log, tenant: Tenant, id: str) -> list[Found]:
    """The one by exactly this id; nobody where the state knows them, whom `search` finds."""
    async with state.begin(tenant) as tx:
        person, profile = await resolve(tx, tenant.workspace, id)
        ids = {} if profile else await event_ids(tx, tenant.workspace, person)
    seen = await timeline.seen(log, tenant, ids)
    if not seen:
        return []
    last = max((last for last, _ in seen.values() if last), default=None)
    known_as = [one for one in ids.values() if one] or [next(iter(seen.values()))[1]]
    return [_found(person, known_as, last, id)]


async def beginning(
    state: State, log: Log, tenant: Tenant, id: str, limit: int, offset: int, without: Sequence[Found]
) -> list[Found]:
    """Those with an id that begins so, of whom the state knows nothing, who was here last first."""
    params = {"begins": begins(id), "most": _MOST, "ours": list(OUR_SOURCES)}
    answer = await log.query(tenant, _BEGINNING, params, settings=_BRIEF, seconds=_SECONDS)
    here = {person: (last and timeline.utc(last), known_as) for person, last, known_as in answer.rows}
    if not here:
        return []
    async with state.begin(tenant) as tx:
        moved = await store.moved(tx, tenant.workspace, list(here))
        known = await store.profiled(tx, tenant.workspace, {moved.get(one, one) for one in here})
        theirs = await store.identities_of(tx, tenant.workspace, [moved.get(one, one) for one in here])
    ids: dict[UUID, list[str]] = {}
    for row in theirs:
        ids.setdefault(row.person, []).append(row.distinct_id)
    told = known | {one.person.id for one in without}
    found = []
    for one, (last, known_as) in here.items():
        if (who := moved.get(one, one)) not in told:
            told.add(who)
            found.append(_found(who, ids.get(who) or [known_as], last, known_as))
    return found[offset : offset + limit]


def _found(person: UUID, ids: Sequence[str], last: datetime | None, matched: str) -> Found:
    return Found(Person(person, tuple(ids), {}, last_seen=last), (("id", matched),))
