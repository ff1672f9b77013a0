"""What changed here goes there: up to 200 records in a call, each known by its id here, so that sending twice is
sending once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.deals.plugs import Done, Elsewhere
from dure.deals.sync import store
from dure.deals.sync.fields import KEY
from dure.deals.sync.here import Here, Ours, People, differs
from dure.deals.sync.model import Link
from dure.deals.sync.pulling import PAGE, earlier
from dure.governance.api import Principal
from dure.state import State


class Push:
    def __init__(self, here: Here, there: Elsewhere, principal: Principal, people: People) -> None:
        self._here = here
        self._there = there
        self._principal = principal
        self._people = people
        self.pushed = self.deleted = self.failed = 0
        self._refused: set[str] = set()

    @property
    def _state(self) -> State:
        return self._here.desk.state

    @property
    def _workspace(self) -> str:
        return self._principal.tenant.workspace

    async def object(self, object_: str, fields: Sequence[str]) -> None:
        async with self._state.begin(self._principal.tenant) as tx:
            since = earlier(await store.cursor(tx, self._workspace, object_, "push"))
            again = [one["id"] for one in await store.failures(tx, self._workspace, object_, "push", PAGE)]
            seen = await self._here.view(tx, self._principal)
            records = list((await self._here.read(tx, self._principal, seen, object_, fields, again)).values())
        if records:
            await self._send(object_, fields, records)
            await self._let_be([one.id for one in records])
        after: tuple[str, str] | None = None
        while True:
            async with self._state.begin(self._principal.tenant) as tx:
                seen = await self._here.view(tx, self._principal)
                page = await self._here.changed(tx, self._principal, seen, object_, fields, since, after, PAGE)
            if not page:
                return
            await self._send(object_, fields, page)
            after = (page[-1].stamp, page[-1].id)
            async with self._state.begin(self._principal.tenant) as tx:
                await store.keep_cursor(tx, self._workspace, object_, "push", page[-1].stamp)
            if len(page) < PAGE:
                return

    async def deletions(self, object_: str) -> None:
        """Records that went here go there, once."""
        while True:
            async with self._state.begin(self._principal.tenant) as tx:
                links = await store.buried_links(tx, self._workspace, object_)
            if not links:
                return
            results = await self._there.delete([link.remote for link in links])
            failed = False
            for link, done in zip(links, results, strict=True):
                async with self._state.begin(self._principal.tenant) as tx:
                    if done.error:
                        failed = True
                        await self._note(object_, link.record, done.error)
                    else:
                        self.deleted += 1
                        await store.drop_link(tx, self._workspace, link.record)
            if failed:
                return  # what cannot go now is tried at the next run

    async def _send(self, object_: str, fields: Sequence[str], records: Sequence[Ours]) -> None:
        """Only what differs from what both sides had; a record that came from there and is as it was is not sent."""
        fresh: list[tuple[Ours, Link, dict[str, Any]]] = []
        known: list[tuple[Ours, Link, dict[str, Any]]] = []
        async with self._state.begin(self._principal.tenant) as tx:
            links = await store.links(tx, self._workspace, "record", [one.id for one in records])
            waiting = await store.open_fields(tx, self._workspace, [one.id for one in records])
            for one in records:
                link = links.get(one.id)
                open_ = waiting.get(one.id, set())
                if "" in open_:
                    continue
                before: Mapping[str, Any] = link.seen if link else {}
                changed = {
                    name: one.values[name]
                    for name in fields
                    if name not in open_ and differs(one.values[name], before.get(name))
                }
                told = await self._people.to_there(tx, self._workspace, changed)
                if link is None:
                    told = {name: value for name, value in told.items() if value is not None}
                    fresh.append((one, Link(object_, one.id, "", "", {}, True), told))
                elif told or not link.keyed:
                    known.append((one, link, told))
        if fresh:
            bodies = [{KEY: one.id, **told} for one, _, told in fresh]
            await self._settle(fresh, await self._there.upsert(object_, KEY, bodies))
        if known:
            bodies = [{"id": link.remote, **({} if link.keyed else {KEY: one.id}), **told} for one, link, told in known]
            await self._settle(known, await self._there.update(object_, bodies))

    async def _settle(self, sent: Sequence[tuple[Ours, Link, dict[str, Any]]], results: Sequence[Done]) -> None:
        for (one, link, told), done in zip(sent, results, strict=True):
            if done.error:
                self.failed += 1
                self._refused.add(one.id)
                await self._note(link.object, one.id, done.error)
                continue
            self.pushed += 1
            # What was sent is what both have now, in our own words.
            seen = {**link.seen, **{name: one.values[name] for name in told}}
            async with self._state.begin(self._principal.tenant) as tx:
                kept = Link(link.object, one.id, link.remote or done.id, link.stamp, seen, True)
                await store.keep_link(tx, self._workspace, kept)
                await store.forget_failure(tx, self._workspace, "push", one.id)

    async def _let_be(self, ids: Sequence[str]) -> None:
        """Records that were to be tried again and have nothing left to send."""
        async with self._state.begin(self._principal.tenant) as tx:
            links = await store.links(tx, self._workspace, "record", ids)
            for one in ids:
                if one in links and one not in self._refused:
                    await store.forget_failure(tx, self._workspace, "push", one)

    async def _note(self, object_: str, record: str, error: str) -> None:
        async with self._state.begin(self._principal.tenant) as tx:
            now = self._here.desk.clock.now()
            await store.note_failure(tx, self._workspace, object_, "push", record, error, now)
