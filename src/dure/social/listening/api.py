"""Listening's entrance: try a query, save it, see what is said of it, and whose voice is heard how much."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.social import counts, expectation
from dure.social import store as mentions_store
from dure.social.conflicts import conflict
from dure.social.listening import events, labels, log_sql, preview, share, store
from dure.social.listening.model import KINDS, ROLES, Comparison, NewQuery, Preview, SavedQuery, Step
from dure.social.listening.query import Field, Node, walk, words_of
from dure.social.model import Mention
from dure.state import State, Tx

__all__ = ["Comparison", "Listening", "NewQuery", "Preview", "SavedQuery"]

MOST = 200  # saved queries of a workspace
_NEWEST = 8
_A_PAGE = 5_000
_REPLAYED = 4 * 168  # hours
_RESERVED = re.compile(r'[":()]')


class Listening:
    def __init__(self, state: State, log: Log, clock: Clock) -> None:
        self._state = state
        self._log = log
        self._clock = clock

    # -- trying -----------------------------------------------------------------------------------------------------

    async def preview(
        self, principal: Principal, text: str, leaves_out: str = "", days: int = 30, *, exact: bool = False
    ) -> Preview:
        """What a query would have caught in the last days. Without `exact` some counts are estimated, and say so."""
        access(principal, "social:read")
        since, until = self._range(days)
        took = preview.timed()
        node = await self._node(principal, text, leaves_out)
        caught, found = await asyncio.gather(
            preview.caught(self._log, principal.tenant, node, since, until, exact=exact),
            preview.newest(self._log, principal.tenant, node, since, until, _NEWEST),
        )
        step = preview.step_of(since, until)
        starts = preview.starts(since, until, step)
        times = {preview.utc(at): count for at, count in caught.times.items()}
        return Preview(
            starts[0], until, step, caught.count, caught.low, caught.high, caught.exact,
            [times.get(start, 0) for start in starts], caught.networks, caught.languages, caught.sentiments,
            await self._these(principal.tenant, found), list(dict.fromkeys(words_of(node))),
            *await self._unheard(principal.tenant, node), took(),
        )  # fmt: skip

    async def find(
        self, principal: Principal, text: str, leaves_out: str = "", days: int = 90, limit: int = 50
    ) -> list[Mention]:
        """The newest mentions that fit a query."""
        access(principal, "social:read")
        since, until = self._range(days)
        node = await self._node(principal, text, leaves_out)
        found = await preview.newest(self._log, principal.tenant, node, since, until, min(max(limit, 1), 500))
        return await self._these(principal.tenant, found)

    # -- saved queries ----------------------------------------------------------------------------------------------

    async def queries(self, principal: Principal) -> list[SavedQuery]:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.queries(tx, principal.tenant.workspace)

    async def save(self, principal: Principal, given: NewQuery, *, history: bool = True) -> SavedQuery:
        """A new query. With `history` mentions from before get its label too, within minutes."""
        access(principal, "social:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        made = SavedQuery(
            uuid7(), "", given.kind, "", "", "", "", False, 0.1, 6, 1, "apply" if history else "none", None, 0,
            principal.actor, now, now,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            saved = await store.queries(tx, workspace)
            if len(saved) >= MOST:
                raise conflict(
                    f"질의는 {MOST}개까지 저장할 수 있습니다.", f"A workspace has at most {MOST} saved queries."
                )
            made = await self._changed(tx, principal, made, given, saved)
            await store.keep(tx, principal.tenant, made)
            await append(tx, events.query_event(principal, events.QUERY_SAVED, now, made))
        return made

    async def change(
        self, principal: Principal, query_id: uuid.UUID, given: NewQuery, version: int | None = None,
        *, history: bool = True,
    ) -> SavedQuery:  # fmt: skip
        """Another text, name or setting. Where it finds something else, labels are taken off and put on anew."""
        access(principal, "social:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = await self._query(tx, principal, query_id)
            if version is not None and version != before.version:
                raise conflict(
                    "그 사이 다른 사람이 이 질의를 바꾸었습니다.", "Somebody changed this query meanwhile.", "version"
                )
            saved = [one for one in await store.queries(tx, workspace) if one.id != query_id]
            if given.name.strip() != before.name and (users := _users(before, saved)):
                raise _named(users)
            kept = await self._changed(tx, principal, replace(before, version=before.version + 1), given, saved)
            anew = (kept.text, kept.leaves_out) != (before.text, before.leaves_out) and history
            kept = replace(_again(kept) if anew else kept, changed_at=now)
            await store.keep(tx, principal.tenant, kept)
            # What names this theme finds something else now too.
            for one in _resting_on(before, saved) if anew else ():
                if one.history != "none":
                    await store.keep(tx, principal.tenant, replace(_again(one), changed_at=now))
            await append(tx, events.query_event(principal, events.QUERY_SAVED, now, kept))
        return kept

    async def delete(self, principal: Principal, query_id: uuid.UUID) -> None:
        """Takes a query away: nothing gets its label any more, and mentions lose it within minutes. Until then `cancel`
        brings it back."""
        access(principal, "social:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await self._query(tx, principal, query_id)
            if users := _users(found, await store.queries(tx, workspace)):
                raise _named(users)
            await store.keep(tx, principal.tenant, replace(found, history="remove", passed=0, total=0, changed_at=now))
            await append(tx, events.query_event(principal, events.QUERY_DELETED, now, found))

    async def leaving(self, principal: Principal) -> list[SavedQuery]:
        """Queries that were taken away and whose label mentions still lose."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.queries(tx, principal.tenant.workspace, leaving=True)

    async def cancel(self, principal: Principal, query_id: uuid.UUID) -> SavedQuery:
        """Stops what is done to the past for a query: the labels of this moment stay as they are. A query that was
        taken away is there again, and gets its labels back. Conflict where nothing is on the way."""
        access(principal, "social:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await store.query(tx, workspace, query_id, lock=True)
            if found is None:
                raise NotFound("There is no such query, or its label is off already.")
            if found.history == "remove":
                await self._room_for(tx, principal, found)
                kept, name = replace(_again(found), version=found.version + 1), events.QUERY_SAVED
            elif found.history in ("clear", "apply"):
                kept, name = replace(found, history="stopped", version=found.version + 1), events.QUERY_STOPPED
            else:
                raise conflict("이 질의로 하고 있는 일이 없습니다.", "Nothing is on the way for this query.", "history")
            kept = replace(kept, changed_at=now)
            await store.keep(tx, principal.tenant, kept)
            await append(tx, events.query_event(principal, name, now, kept))
        return kept

    async def _room_for(self, tx: Tx, principal: Principal, found: SavedQuery) -> None:
        """Conflict where a query cannot come back: its name was taken, a theme that it names is gone, or there are too
        many."""
        saved = await store.queries(tx, principal.tenant.workspace)
        if len(saved) >= MOST:
            raise conflict(f"질의는 {MOST}개까지 저장할 수 있습니다.", f"A workspace has at most {MOST} saved queries.")
        if not await store.take_name(tx, principal.tenant.workspace, found.name, found.id):
            raise conflict("같은 이름의 질의가 있습니다.", "Another query has this name.", "name")
        labels.node_of(found.text, found.leaves_out, saved)

    # -- comparing --------------------------------------------------------------------------------------------------

    async def board(self, principal: Principal, days: int = 30) -> Comparison:
        """Every saved query with its line and how many there were in as many days before."""
        return await self.compare(principal, [], days)

    async def compare(self, principal: Principal, ids: Sequence[str], days: int = 30) -> Comparison:
        """Queries beside each other, by default all; shares are among those with a role, or all where none has one."""
        access(principal, "social:read")
        since, until = self._range(days)
        return await self._compared(principal, ids, since, until, preview.step_of(since, until))

    async def _compared(
        self, principal: Principal, ids: Sequence[str], since: datetime, until: datetime, step: Step
    ) -> Comparison:
        async with self._state.begin(principal.tenant) as tx:
            saved = await store.queries(tx, principal.tenant.workspace)
        wanted = [one for one in saved if not ids or str(one.id) in ids]
        if unknown := set(ids) - {str(one.id) for one in wanted}:
            raise NotFound(f"There is no query {sorted(unknown)[0]}.")
        nodes = {key: node for key, node in labels.nodes_of(saved).items() if key in {str(one.id) for one in wanted}}
        return await share.compared(self._log, principal.tenant, wanted, nodes, since, until, step)

    async def daily(
        self, principal: Principal, query_id: str, days: int, grain: str = "day"
    ) -> dict[str, float | None]:
        """How many mentions of a saved query there were on each whole day, or week, by its first day."""
        access(principal, "social:read")
        step: Step = "week" if grain == "week" else "day"
        until = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        found = await self._compared(principal, [query_id], until - timedelta(days=days), until, step)
        times = preview.starts(found.since, until, step)
        return {at.date().isoformat(): float(n) for at, n in zip(times, found.voices[0].series, strict=True)}

    async def rates(self, principal: Principal) -> list[dict[str, Any]]:
        """Of each watched query the false alarms a week that it allows, and in how many hours of the last four weeks
        a spike of it would have begun as it is set now, real ones among them."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        end = self._clock.now().replace(minute=0, second=0, microsecond=0)
        async with self._state.begin(principal.tenant) as tx:
            watched = [one for one in await store.queries(tx, workspace) if one.watch]
            hours = _REPLAYED + expectation.HISTORY
            histories = [
                await counts.by_hour(tx, workspace, counts.Subject(query=str(one.id)), end, hours) for one in watched
            ]
        began = await asyncio.to_thread(
            lambda: [
                len(expectation.replayed(history, one.allowed, _REPLAYED))
                for one, history in zip(watched, histories, strict=True)
            ]
        )
        return [
            {"id": str(one.id), "name": one.name, "allowed": round(one.allowed, 4), "weeks": _REPLAYED // 168,
             "told": told}
            for one, told in zip(watched, began, strict=True)
        ]  # fmt: skip

    # -- history ----------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Goes on with the label of one query over history; returns how many mentions were looked at."""
        async with self._state.begin_system() as tx:
            found = await store.next_of_history(tx)
            if found is None:
                return 0
            tenant, saved = found
            if saved.history == "apply":
                return await self._apply(tx, tenant, saved)
            return await self._clear(tx, tenant, saved)

    async def _clear(self, tx: Tx, tenant: Tenant, saved: SavedQuery) -> int:
        """Takes the label off a page of mentions; where none has it any more, it is put on anew or the query goes."""
        workspace = tenant.workspace
        total = saved.total or await store.number_labelled(tx, workspace, saved.id)
        gone = await store.unlabel(tx, workspace, saved.id, _A_PAGE)
        await store.reach(tx, workspace, saved.id, {"passed": saved.passed + gone, "total": total})
        if gone == _A_PAGE:
            return gone
        if saved.history == "clear":
            await store.reach(tx, workspace, saved.id, {"history": "apply", "reached": None, "passed": 0, "total": 0})
            return max(gone, 1)
        await store.remove(tx, workspace, saved.id)
        ended = replace(saved, labelled=saved.passed + gone)
        await append(tx, events.query_event(_itself(tenant), events.QUERY_UNLABELLED, self._clock.now(), ended))
        return max(gone, 1)

    async def _apply(self, tx: Tx, tenant: Tenant, saved: SavedQuery) -> int:
        node = labels.node_of(saved.text, saved.leaves_out, await store.queries(tx, tenant.workspace))
        said, total = log_sql.conditions(node), saved.total
        if not total:
            counted = await self._log.query(tenant, log_sql.number_fitting(said), said.params, seconds=120)
            total = max(int(counted.rows[0][0]), 1)
        bound = {**said.params, "after": str(saved.reached or uuid.UUID(int=0)), "limit": _A_PAGE}
        rows = (await self._log.query(tenant, log_sql.fitting(said), bound, seconds=120)).rows
        ids = [uuid.UUID(str(row[0])) for row in rows]
        if ids:
            labelled = saved.labelled + await store.label(tx, tenant.workspace, saved.id, ids)
            change = {"reached": ids[-1], "labelled": labelled, "passed": saved.passed + len(ids), "total": total}
            await store.reach(tx, tenant.workspace, saved.id, change)
        if len(ids) < _A_PAGE:
            await store.reach(tx, tenant.workspace, saved.id, {"history": "done"})
            done = await store.query(tx, tenant.workspace, saved.id)
            if done is not None:
                told = events.query_event(_itself(tenant), events.QUERY_APPLIED, self._clock.now(), done)
                await append(tx, told)
        return max(len(ids), 1)

    # -- within -----------------------------------------------------------------------------------------------------

    def _range(self, days: int) -> tuple[datetime, datetime]:
        until = self._clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return until - timedelta(days=min(max(days, 1), 3650)), until

    async def _node(self, principal: Principal, text: str, leaves_out: str) -> Node:
        async with self._state.begin(principal.tenant) as tx:
            saved = await store.queries(tx, principal.tenant.workspace)
        return labels.node_of(text, leaves_out, saved)

    async def _unheard(self, tenant: Tenant, node: Node) -> tuple[list[str], list[str]]:
        """Networks that a query names and nothing came from, and those that something did come from."""
        named = [str(one.value) for one in walk(node) if isinstance(one, Field) and one.name == "network"]
        if not named:
            return [], []
        async with self._state.begin(tenant) as tx:
            heard = await mentions_store.networks(tx, tenant.workspace)
        return [one for one in dict.fromkeys(named) if one.casefold() not in heard], heard

    async def _these(self, tenant: Tenant, ids: Sequence[Any]) -> list[Mention]:
        wanted = [uuid.UUID(str(one)) for one in ids]
        async with self._state.begin(tenant) as tx:
            found = {one.id: one for one in await mentions_store.several(tx, tenant.workspace, wanted)}
        return [found[one] for one in wanted if one in found]

    async def _query(self, tx: Tx, principal: Principal, query_id: uuid.UUID) -> SavedQuery:
        found = await store.query(tx, principal.tenant.workspace, query_id, lock=True)
        if found is None or found.history == "remove":
            raise NotFound("There is no such query.")
        return found

    async def _changed(
        self, tx: Tx, principal: Principal, kept: SavedQuery, given: NewQuery, others: Sequence[SavedQuery]
    ) -> SavedQuery:
        name = " ".join(given.name.split())
        if not 1 <= len(name) <= 80 or _RESERVED.search(name):
            raise Invalid('A name has 1 to 80 letters and none of " : ( ).', field="name")
        if not await store.take_name(tx, principal.tenant.workspace, name, kept.id):
            raise conflict("같은 이름의 질의가 있습니다.", "Another query has this name.", "name")
        for field, value, known in (("kind", given.kind, KINDS), ("role", given.role, ROLES)):
            if value not in known:
                raise Invalid(f"`{field}` is one of {', '.join(map(repr, known))}.", field=field)
        if not 0.01 <= given.allowed <= 10:
            raise Invalid("`allowed` is 0.01 to 10 false alarms a week.", field="allowed")
        if not 0 <= given.cooldown <= 168:
            raise Invalid("`cooldown` is 0 to 168 hours.", field="cooldown")
        if len(given.family) > 80:
            raise Invalid("`family` has at most 80 letters.", field="family")
        itself = replace(kept, name=name, text=given.text.strip(), leaves_out=given.leaves_out.strip())
        labels.node_of(itself.text, itself.leaves_out, [*others, itself], (str(itself.id),))
        return replace(
            itself, kind=given.kind, family=given.family.strip(), role=given.role, watch=given.watch,
            allowed=given.allowed, cooldown=given.cooldown,
        )  # fmt: skip


def _again(saved: SavedQuery) -> SavedQuery:
    """The query as it is before its label is taken off the past and put on anew."""
    return replace(saved, history="clear", reached=None, labelled=0, passed=0, total=0)


def _itself(tenant: Tenant) -> Principal:
    return Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")


def _users(theme: SavedQuery, saved: Sequence[SavedQuery]) -> list[str]:
    """The names of queries that name a theme."""
    return [one.name for one in _naming(theme, saved)]


def _naming(theme: SavedQuery, saved: Sequence[SavedQuery]) -> list[SavedQuery]:
    named = re.compile(rf'(?:theme|테마)[:=]"?(?:{re.escape(theme.name)}|{theme.id})(?:["\s()]|$)', re.I)
    return [one for one in saved if one.id != theme.id and named.search(f"{one.text} {one.leaves_out}")]


def _resting_on(theme: SavedQuery, saved: Sequence[SavedQuery]) -> list[SavedQuery]:
    """Queries that name a theme, or one that names it, and so on."""
    found: dict[uuid.UUID, SavedQuery] = {}
    open_ = [theme]
    while open_:
        for one in _naming(open_.pop(), saved):
            if one.id not in found:
                found[one.id] = one
                open_.append(one)
    return list(found.values())


def _named(users: Sequence[str]) -> Conflict:
    names = ", ".join(users)
    return conflict(
        f"이 주제를 쓰는 질의를 먼저 바꿔 주세요: {names}", f"{names} name this theme; change them first.", "name"
    )
