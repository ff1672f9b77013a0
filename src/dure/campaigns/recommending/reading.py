"""The log read into histories: what arrived since the last time, in sets; the first time, all that counts.

It goes by when events arrived, so that late ones are not missed; a little is read twice, which changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dure.campaigns.recommending import reading_sql, store
from dure.campaigns.recommending.histories import BLOCKED, ENTRY, FOLLOWS, SAYS, Heard, merged
from dure.campaigns.recommending.model import Item, Selectors, Standing
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments
from dure.state import State, Tx

HALF_LIFE = 3 * 86_400.0
"""What is popular now: a play counts half after three days."""
OVERLAP = timedelta(seconds=60)
_PART = 1_000_000  # listens in one answer of the log
_WRITE = 5_000
_HEARD = np.dtype([("high", "<u8"), ("low", "<u8"), ("item", "<u4"), ("creator", "<u4"), ("plays", "<u4"),
                   ("last", "<u4")])  # fmt: skip
_SAID = np.dtype([("high", "<u8"), ("low", "<u8"), ("token", "<u4"), ("about", "u1"), ("yes", "u1"), ("last", "<u4")])
_FIRST = datetime(1971, 1, 1, tzinfo=UTC)


class SetUpAnew(Exception):
    """Other events count since the reading began, or somebody was erased: what it reads is no longer what is kept."""


@dataclass
class Reading:
    """Keeps the histories of a workspace as the log has them."""

    state: State
    log: Log
    segments: Segments

    async def step(self, tenant: Tenant, now: datetime) -> int:
        """Reads what arrived since the last time; returns how many people's histories moved, 0 where another process
        reads at the moment or nothing arrived."""
        async with self.state.begin(tenant) as tx:
            standing = await store.standing(tx, tenant.workspace)
            if standing is None:
                await store.begin(tx, tenant.org, tenant.workspace)
        if not await self._since(tenant, standing):
            return 0
        # Many short transactions: a long one would hold back what everybody else may see of the feed.
        async with self.state.alone() as held:
            turn = await (await held.execute(store.TURN, (f"recommending:{tenant.workspace}",))).fetchone()
            if turn is None or not turn["turn"]:
                return 0
            async with self.state.begin(tenant) as tx:
                standing = await store.standing(tx, tenant.workspace) or Standing(Selectors())
            found = await self._since(tenant, standing)
            if found is None:
                return 0
            since, until, arrived = found
            try:
                moved, listens = await self._read(tenant, standing, since, until, now)
            except SetUpAnew:
                return 0
            async with self.state.begin(tenant) as tx:
                if not await store.stands(tx, tenant.workspace, standing.selectors, standing.erased):
                    return 0
                await store.note(
                    tx, tenant.workspace, read_to=until, read_at=now, arrived=arrived,
                    listens=standing.listens + listens,
                )  # fmt: skip
        return moved

    async def _since(self, tenant: Tenant, standing: Standing | None) -> tuple[datetime, datetime, int] | None:
        """From where to read, until where, and how many lie in the last stretch before that; None where nothing came.

        What arrived before the end of the last reading is read again only where there is more of it than there was:
        it came late to the log.
        """
        before = standing.read_to if standing else None
        since = before - OVERLAP if before else _FIRST
        newest, known = await self._counted(tenant, since, before or _FIRST)
        if before is not None and standing is not None and known == standing.arrived:
            since = before
        if newest <= since:
            return None
        return since, newest, (await self._counted(tenant, newest - OVERLAP, newest))[1]

    async def _counted(self, tenant: Tenant, since: datetime, until: datetime) -> tuple[datetime, int]:
        params = {"since": _text(since), "until": _text(until)}
        newest, count = (await self.log.query(tenant, reading_sql.NEWEST, params)).rows[0]
        return newest if newest.tzinfo else newest.replace(tzinfo=UTC), int(count)

    async def _read(
        self, tenant: Tenant, standing: Standing, since: datetime, until: datetime, now: datetime
    ) -> tuple[int, int]:
        chosen = standing.selectors
        where, bound = self.segments.condition(chosen.where)
        params = {
            **bound, "since": _text(since), "until": _text(until), "event": chosen.event, "people": [],
            "oldest": _text(now - timedelta(days=chosen.days)), "parts": 1, "part": 0, **_words(chosen),
        }  # fmt: skip
        params |= _numbered(await self._tokens(tenant, chosen, params))
        arrived = (await self.log.query(tenant, reading_sql.ARRIVED, params)).rows[0][0]
        moved, listens = 0, 0
        parts = 1 + arrived // _PART
        for part in range(parts if arrived else 0):
            some, heard = await self._histories(tenant, standing, where, {**params, "parts": parts, "part": part}, now)
            moved, listens = moved + some, listens + heard
        if not arrived and params["events"]:
            moved += (await self._histories(tenant, standing, where, params, now))[0]
        joined = [who for (who,) in (await self.log.query(tenant, reading_sql.JOINED, params)).rows if who.int]
        if joined and standing.read_to is not None:
            moved += await self._again(tenant, standing, where, params, joined, now)
        await self._air(tenant, chosen, params, now)
        return moved, listens

    async def _histories(
        self, tenant: Tenant, standing: Standing, where: str, params: Mapping[str, Any], now: datetime, *,
        warm: bool = True,
    ) -> tuple[int, int]:  # fmt: skip
        chosen = standing.selectors
        rows = await self._ask(tenant, reading_sql.heard(chosen, where), params, _HEARD)
        read = await asyncio.to_thread(_entries, rows)
        moved, listens = await self._keep(tenant, standing, *read, now, warm=warm, items=params["item_numbers"])
        if params["events"] and params["part"] == 0:
            words = await self._ask(tenant, reading_sql.said(chosen), params, _SAID)
            moved += (await self._keep(tenant, standing, *_stances(words), now, warm=False))[0]
        return moved, listens

    async def _again(
        self, tenant: Tenant, standing: Standing, where: str, params: Mapping[str, Any], joined: Sequence[UUID],
        now: datetime,
    ) -> int:  # fmt: skip
        """Whoever was joined or parted has another past now: it is read from its beginning."""
        moved = 0
        async with self.state.begin(tenant) as tx:
            known: dict[tuple[str, str], int] = {
                (one.what, one.id): one.number for one in await store.tokens(tx, tenant.workspace)
            }
            await store.drop_histories(tx, tenant.workspace, joined)
        whole = {**params, **_numbered(known), "since": _text(_FIRST)}
        for start in range(0, len(joined), _WRITE):
            some = {**whole, "people": [str(one) for one in joined[start : start + _WRITE]]}
            moved += (await self._histories(tenant, standing, where, some, now, warm=False))[0]
        return moved

    async def block(
        self, tx: Tx, tenant: Tenant, person: UUID, what: str, id: str, blocked: bool, now: datetime
    ) -> None:
        """Notes a block beside the event that says it, so that it counts before the log is read."""
        number = (await store.name_tokens(tx, tenant.workspace, [(what, id, "")]))[what, id]
        word = np.zeros(1, ENTRY)
        word["token"], word["last"] = number, int(now.timestamp())
        word["flags"] = (BLOCKED if blocked else 0) | (BLOCKED << SAYS)
        before = Heard.of([person], await store.histories(tx, tenant.workspace, [person], lock=True))
        after, _ = merged(before, np.zeros(1, np.int64), word, int(now.timestamp()))
        await store.save_histories(tx, tenant.workspace, [person], after.rows())

    async def _tokens(
        self, tenant: Tenant, chosen: Selectors, params: Mapping[str, Any]
    ) -> dict[tuple[str, str], int]:  # fmt: skip
        answer = await self.log.query(tenant, reading_sql.tokens(chosen), params)
        named = {(what, name, genre) for what, name, genre in answer.rows}
        async with self.state.begin(tenant) as tx:
            return await store.name_tokens(tx, tenant.workspace, sorted(named))

    async def _ask(
        self, tenant: Tenant, sql: str, params: Mapping[str, Any], row: np.dtype[np.void]
    ) -> NDArray[np.void]:
        packed = await self.log.export(tenant, sql, params, "RowBinary", {"max_threads": 2})
        return np.frombuffer(packed, row)

    async def _keep(
        self, tenant: Tenant, standing: Standing, people: Sequence[UUID], owner: NDArray[np.int64],
        news: NDArray[np.void], now: datetime, *, warm: bool, items: Sequence[int] = (),
    ) -> tuple[int, int]:  # fmt: skip
        """How many people there are, and how many listens nobody had counted: a listen is one of an item, and of its
        creator, where either may be missing."""
        of_items = of_creators = 0
        at = int(now.timestamp())
        cuts = np.searchsorted(owner, np.arange(0, len(people) + _WRITE, _WRITE))
        for part, start in enumerate(range(0, len(people), _WRITE)):
            some = people[start : start + _WRITE]
            mine = slice(cuts[part], cuts[part + 1])
            async with self.state.begin(tenant) as tx:
                if not await store.stands(tx, tenant.workspace, standing.selectors, standing.erased):
                    raise SetUpAnew
                before = Heard.of(some, await store.histories(tx, tenant.workspace, some, lock=True))
                after, fresh = await asyncio.to_thread(merged, before, owner[mine] - start, news[mine], at)
                await store.save_histories(tx, tenant.workspace, some, after.rows())
                mine_of_items = int(fresh.plays[np.isin(fresh.tokens, items)].sum())
                of_items += mine_of_items
                of_creators += int(fresh.plays.sum()) - mine_of_items
                if warm and len(fresh.tokens):
                    await store.warm_tokens(
                        tx, tenant.workspace, fresh.tokens.tolist(), fresh.plays.tolist(), fresh.listeners.tolist(),
                        at, HALF_LIFE,
                    )  # fmt: skip
        return len(people), max(of_items, of_creators)

    async def _air(self, tenant: Tenant, chosen: Selectors, params: Mapping[str, Any], now: datetime) -> None:
        """What went on air since the last time is in the catalogue from now on, and what ended is not recommended."""
        events = [name for name in (chosen.begins, chosen.ends) if name]
        if not events:
            return
        answer = await self.log.query(tenant, reading_sql.on_air(chosen), {**params, "events": events})
        aired: dict[str, Item] = {}
        for event, item, creator, genre, title, url, language, time in answer.rows:
            at = time if time.tzinfo else time.replace(tzinfo=UTC)
            before = aired.get(item)
            began = at if event == chosen.begins else before.live_from if before else None
            ended = at if event == chosen.ends else None
            aired[item] = Item(
                item, {"ko": title or item, "en": title or item}, creator, genre, url if url.startswith("http") else "",
                language=language, live_from=began, live_to=ended,
            )  # fmt: skip
        if aired:
            async with self.state.begin(tenant) as tx:
                changed = await store.turn_page(tx, tenant.workspace)
                await store.aired(tx, tenant.workspace, list(aired.values()), now, changed)


def _words(chosen: Selectors) -> dict[str, list[str]]:
    """The events by which people say whom they follow and what they block; those left empty are not looked for."""
    follows = [name for name in (chosen.follow, chosen.unfollow) if name]
    of_items = [name for name in (chosen.block_item, chosen.unblock_item) if name]
    blocks = [name for name in (chosen.block, chosen.unblock) if name]
    yes = [name for name in (chosen.follow, chosen.block, chosen.block_item) if name]
    return {"events": [*follows, *blocks, *of_items], "follows": follows, "of_items": of_items, "yes": yes}


def _numbered(numbers: Mapping[tuple[str, str], int]) -> dict[str, list[Any]]:
    items = {name: number for (what, name), number in numbers.items() if what == "item"}
    creators = {name: number for (what, name), number in numbers.items() if what == "creator"}
    # An empty list has no type that could be looked up in.
    return {
        "items": list(items) or [""], "item_numbers": list(items.values()) or [0],
        "creators": list(creators) or [""], "creator_numbers": list(creators.values()) or [0],
    }  # fmt: skip


def _owners(rows: NDArray[np.void]) -> tuple[list[UUID], NDArray[np.int64]]:
    """People in the order of their rows, and whose each row is. Rows come by person."""
    first = np.ones(len(rows), bool)
    first[1:] = (rows["high"][1:] != rows["high"][:-1]) | (rows["low"][1:] != rows["low"][:-1])
    begin = np.flatnonzero(first)
    people = [
        UUID(int=(high << 64) | low)
        for high, low in zip(rows["high"][begin].tolist(), rows["low"][begin].tolist(), strict=True)
    ]
    return people, np.cumsum(first) - 1


def _entries(rows: NDArray[np.void]) -> tuple[list[UUID], NDArray[np.int64], NDArray[np.void]]:
    """An entry for the item of each row and one for its creator, by person."""
    people, owner = _owners(rows)
    news = np.zeros(2 * len(rows), ENTRY)
    for place, what in enumerate(("item", "creator")):
        news["token"][place::2] = rows[what]
        news["plays"][place::2] = np.minimum(rows["plays"], 65_535)
        news["last"][place::2] = rows["last"]
    there = news["token"] > 0
    return people, np.repeat(owner, 2)[there], news[there]


def _stances(rows: NDArray[np.void]) -> tuple[list[UUID], NDArray[np.int64], NDArray[np.void]]:
    people, owner = _owners(rows)
    news = np.zeros(len(rows), ENTRY)
    news["token"], news["last"] = rows["token"], rows["last"]
    kind = np.where(rows["about"] == 1, FOLLOWS, BLOCKED)
    news["flags"] = np.where(rows["yes"] == 1, kind, 0) | (kind << SAYS)
    return people, owner, news


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
