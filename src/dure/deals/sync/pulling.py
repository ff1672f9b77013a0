"""What changed there comes here: each record in one transaction, each field by who changed it and who wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.deals.plugs import Elsewhere, There
from dure.deals.record_id import full_id
from dure.deals.salesforce.call import known
from dure.deals.salesforce.desk import View
from dure.deals.salesforce.faults import fault_of
from dure.deals.sync import store
from dure.deals.sync.fields import ASK, DEFAULTS, DURE, KEY, NEWEST, ONE_WAY, SALESFORCE
from dure.deals.sync.here import Here, Ours, People, differs
from dure.deals.sync.model import Conflict, Link
from dure.governance.api import Principal
from dure.kernel.errors import DureError
from dure.kernel.ids import uuid7
from dure.state import State, Tx

PAGE = 200
# Changes may be seen there later than they were made: each run reads the last minutes again.
OVERLAP = timedelta(minutes=15)
# How far back deletions can be asked for.
_DELETIONS = timedelta(days=14)


class Pull:
    def __init__(
        self, here: Here, there: Elsewhere, principal: Principal, people: People, first_owner: str,
        owners: Mapping[tuple[str, str], str],
    ) -> None:  # fmt: skip
        self._here = here
        self._there = there
        self._principal = principal
        self._people = people
        self._first_owner = first_owner
        self._owners = owners
        self.pulled = self.deleted = self.failed = 0

    @property
    def _state(self) -> State:
        return self._here.desk.state

    @property
    def _workspace(self) -> str:
        return self._principal.tenant.workspace

    async def object(self, object_: str, fields: Sequence[str]) -> None:
        """Everything of an object that changed since the last run; what was not taken then is tried first."""
        async with self._state.begin(self._principal.tenant) as tx:
            since = await store.cursor(tx, self._workspace, object_, "pull")
            again = [one["id"] for one in await store.failures(tx, self._workspace, object_, "pull", PAGE)]
        asked = [*fields, KEY]
        for record in await self._there.some(object_, asked, again) if again else ():
            await self._take(object_, fields, record)
        begin, after = earlier(since), None
        while page := await self._there.changed(object_, asked, begin, after, PAGE):
            for record in page:
                await self._take(object_, fields, record)
            after = (page[-1].stamp, page[-1].id)
            async with self._state.begin(self._principal.tenant) as tx:
                await store.keep_cursor(tx, self._workspace, object_, "pull", page[-1].stamp)
            if len(page) < PAGE:
                return

    async def deletions(self, object_: str, fields: Sequence[str]) -> None:
        now = self._here.desk.clock.now()
        async with self._state.begin(self._principal.tenant) as tx:
            place = await store.cursor(tx, self._workspace, object_, "deleted")
        since = max(datetime.fromisoformat(place) - OVERLAP, now - _DELETIONS) if place else now - _DELETIONS
        gone = await self._there.deleted(object_, since, now)
        for start in range(0, len(gone), PAGE):
            async with self._state.begin(self._principal.tenant) as tx:
                links = await store.links(
                    tx, self._workspace, "remote", [full_id(one) for one in gone[start : start + PAGE]]
                )
                seen = await self._here.view(tx, self._principal)
                ours = await self._here.read(
                    tx, self._principal, seen, object_, fields, [link.record for link in links.values()]
                )
                for link in links.values():
                    await self._bury(tx, seen, link, ours.get(link.record))
        async with self._state.begin(self._principal.tenant) as tx:
            await store.keep_cursor(tx, self._workspace, object_, "deleted", now.isoformat())

    async def _bury(self, tx: Tx, seen: View, link: Link, ours: Ours | None) -> None:
        """A record that went there goes here too, unless somebody changed it here since both were the same."""
        if ours is not None:
            changed = {name: value for name, value in ours.values.items() if differs(value, link.seen.get(name))}
            waiting = await store.open_fields(tx, self._workspace, [link.record])
            if "" in waiting.get(link.record, ()):
                return
            if any(name in link.seen for name in changed):
                await self._conflict(tx, link, "", changed, None, "")
                return
            await self._here.writing.delete(tx, self._principal, seen, known(seen, link.object), link.record)
            self.deleted += 1
        await store.drop_link(tx, self._workspace, link.record)

    async def _take(self, object_: str, fields: Sequence[str], record: There) -> None:
        try:
            async with self._state.begin(self._principal.tenant) as tx:
                self.pulled += await self._apply(tx, object_, fields, record)
                await store.forget_failure(tx, self._workspace, "pull", record.id)
        except DureError as error:
            self.failed += 1
            fault = fault_of(error)
            async with self._state.begin(self._principal.tenant) as tx:
                now = self._here.desk.clock.now()
                said = f"{fault.code}: {fault.message}"
                await store.note_failure(tx, self._workspace, object_, "pull", record.id, said, now)

    async def _apply(self, tx: Tx, object_: str, fields: Sequence[str], record: There) -> bool:
        """Whether anything was written here."""
        link = (await store.links(tx, self._workspace, "remote", [record.id])).get(record.id)
        if link is not None and link.stamp == record.stamp:
            return False  # read before, in the minutes that are read again
        theirs = await self._people.to_here(tx, self._workspace, {name: record.values.get(name) for name in fields})
        seen = await self._here.view(tx, self._principal)
        key = str(record.values.get(KEY) or "")
        if link is None:
            link = await self._matched(tx, seen, object_, record, key, fields)
        if link is None:
            return await self._make(tx, seen, object_, record, theirs)
        ours = (await self._here.read(tx, self._principal, seen, object_, fields, [link.record])).get(link.record)
        changed = [name for name in theirs if differs(theirs[name], link.seen.get(name))]
        if ours is None:
            if changed:
                await self._conflict(tx, link, "", None, {name: theirs[name] for name in changed}, "")
                await self._keep(tx, link, record, theirs, key)
            return False
        taken = {}
        for name in changed:
            if (object_, name) in ONE_WAY or not differs(ours.values[name], theirs[name]):
                continue
            if not differs(ours.values[name], link.seen.get(name)):
                taken[name] = theirs[name]
                continue
            kept = self._winner(object_, name, ours, record)
            await self._conflict(tx, link, name, ours.values[name], theirs[name], kept)
            if kept == SALESFORCE:
                taken[name] = theirs[name]
        if taken:
            of = known(seen, object_)
            await self._here.writing.update(tx, self._principal, seen, of, link.record, taken)
        await self._keep(tx, link, record, theirs, key)
        return bool(taken)

    async def _matched(
        self, tx: Tx, seen: View, object_: str, record: There, key: str, fields: Sequence[str]
    ) -> Link | None:
        """A record that carries the id of one here, which no other record there is linked to."""
        if not key or (await store.links(tx, self._workspace, "record", [key])):
            return None
        try:
            ours = await self._here.read(tx, self._principal, seen, object_, fields, [key])
        except DureError:
            return None  # what stands there is no id
        if key not in ours:
            return None
        # Nothing is known to have been the same: where both agree there is nothing to do, elsewhere the rules decide.
        same = {name: value for name, value in ours[key].values.items() if not differs(value, record.values.get(name))}
        return Link(object_, key, record.id, "", same, True)

    async def _make(self, tx: Tx, seen: View, object_: str, record: There, theirs: Mapping[str, Any]) -> bool:
        values = {name: value for name, value in theirs.items() if value is not None}
        values.setdefault("OwnerId", self._first_owner)
        made = await self._here.writing.create(tx, self._principal, seen, known(seen, object_), values)
        await store.keep_link(tx, self._workspace, Link(object_, made, record.id, record.stamp, dict(theirs), False))
        return True

    async def _keep(self, tx: Tx, link: Link, record: There, theirs: Mapping[str, Any], key: str) -> None:
        seen = {**link.seen, **theirs}
        await store.keep_link(
            tx, self._workspace,
            Link(link.object, link.record, record.id, record.stamp, seen, key == link.record),
        )  # fmt: skip

    def _winner(self, object_: str, name: str, ours: Ours, record: There) -> str:
        owner = self._owners.get((object_, name)) or DEFAULTS.get((object_, name), NEWEST)
        if owner == NEWEST:
            return SALESFORCE if record.stamp > ours.stamp else DURE
        return "" if owner == ASK else owner

    async def _conflict(self, tx: Tx, link: Link, field: str, ours: Any, theirs: Any, kept: str) -> None:
        now = self._here.desk.clock.now()
        found = Conflict(str(uuid7()), link.object, link.record, link.remote, field, ours, theirs, kept, now, None, "")
        await store.add_conflict(tx, self._workspace, found)


def earlier(stamp: str) -> str:
    """A stamp as far before as each run reads again."""
    if not stamp:
        return ""
    at = datetime.fromisoformat(stamp) - OVERLAP
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}+0000"
