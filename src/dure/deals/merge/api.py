"""Records made one, and taken apart again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg

from dure.deals.events import MERGE_UNDONE, RECORDS_MERGED
from dure.deals.history import store as history_store
from dure.deals.history.model import Change
from dure.deals.merge import store
from dure.deals.merge.keys import OBJECTS
from dure.deals.merge.model import Clash, Merge, Touched
from dure.deals.merge.putting_back import reverted
from dure.deals.merge.relations import Relation, pointers, relations
from dure.deals.record_id import MERGE, full_id, new_id
from dure.deals.records import intake, keeping, values
from dure.deals.records import store as record_store
from dure.deals.records.about import account_of
from dure.deals.records.records import Desk, Records
from dure.deals.records.shape import Field
from dure.deals.shapes import SHAPES
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import Tx

_MOST = 10
# What a deal is in the middle of is its own, and its amount goes with its currency.
_KEPT = frozenset({"stage", "external"})


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge made: the winner as it is now, and how many rows were moved to it."""

    merge: Merge
    record: Any
    moved: int


class Merges:
    """Accounts, contacts, leads and deals. Every row that a merge touches is kept as it was, for its undoing."""

    def __init__(self, desk: Desk, records: Callable[[str], Records[Any]]) -> None:
        self._desk = desk
        self._records = records

    async def all(self, principal: Principal, record_id: str = "", limit: int = 50) -> list[Merge]:
        """Newest first; of one record where it is named."""
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await store.merges(tx, principal.tenant.workspace, full_id(record_id), min(max(limit, 1), 500))

    async def merge(
        self, principal: Principal, object_: str, winner: str, losers: Sequence[str],
        choices: Mapping[str, str] | None = None,
    ) -> Merged:  # fmt: skip
        """Makes the losers part of the winner: what pointed at them points at it.

        `choices` name by field the record whose value stays; without one it is the winner's, or where that is empty
        the first loser's that is not.
        """
        access(principal, "deals:write")
        if object_ not in OBJECTS:
            raise Invalid(f"What is merged are {', '.join(OBJECTS)}.", field="object")
        records = self._records(object_)
        winner, losers = full_id(winner), [full_id(one) for one in dict.fromkeys(losers)]
        if not losers or len(losers) > _MOST or winner in losers:
            raise Invalid(f"A winner takes 1 to {_MOST} other records.", field="losers")
        workspace, now = principal.tenant.workspace, self._desk.clock.now()
        async with self._desk.state.begin(principal.tenant) as tx:
            # Locked in the order of their ids, so that two merges of the same do not wait for one another.
            found = {one: await records.lock_in(tx, principal, one, None) for one in sorted({winner, *losers})}
            _require_one_currency(object_, list(found.values()))
            fields = await intake.fields_of(tx, workspace, records.shape)
            after = _chosen(found[winner], [found[one] for one in losers], fields, _named(choices, fields, found))
            moving = pointers(object_, await store.own_fields(tx, workspace))
            touching = relations(object_, moving)
            before = await store.snapshot(tx, workspace, touching, list(found))
            moved = await self._move(tx, workspace, object_, moving, losers, winner, now)
            after = await self._write(tx, principal, records, fields, found, after, losers, now)
            done = Merge(new_id(MERGE), object_, winner, tuple(losers), dict(choices or {}), now, principal.actor)
            rows = await self._difference(tx, workspace, touching, before, list(found))
            await store.add(tx, workspace, done, rows)
            await history_store.add(tx, workspace, _told(rows, principal, now, {*found}))
            facts = {
                "merge": done.id, "object": object_, "winner": winner, "losers": losers,
                "name": records.shape.label(after), "names": [records.shape.label(found[one]) for one in losers],
                "moved": moved,
            }  # fmt: skip
            account = await account_of(tx, workspace, winner)
            await append(tx, act(principal, "deals", RECORDS_MERGED, object_, winner, facts, now, account=account))
        return Merged(done, after, moved)

    async def undo(self, principal: Principal, merge_id: str, *, force: bool = False) -> Merge:
        """Puts every row back as it was. What somebody changed since in another field stays; where the merge and they
        changed the same, it is a Conflict that lists each, unless `force` says that the merge is undone there too."""
        access(principal, "deals:write")
        workspace, now = principal.tenant.workspace, self._desk.clock.now()
        async with self._desk.state.begin(principal.tenant) as tx:
            done = await store.one(tx, workspace, full_id(merge_id))
            if done is None:
                raise NotFound("There is no such merge.", field="merge")
            if done.undone_at is not None:
                raise Conflict("The merge is undone already.")
            records = self._records(done.object)
            for one in sorted({done.winner, *done.losers}):
                await record_store.lock(tx, records.shape, workspace, one, deleted=True)
            rows = await store.touched(tx, workspace, done.id)
            touching = {one.table: one for one in relations(
                done.object, pointers(done.object, await store.own_fields(tx, workspace))
            )}  # fmt: skip
            current = await store.again(
                tx, workspace, list(touching.values()), [(one.relation, _text(one.key)) for one in rows]
            )
            clashes, restored = _reversed(rows, current, now)
            if clashes and not force:
                raise Conflict(
                    "Something changed since in the same fields.",
                    data={"clashes": [{"table": c.relation.removeprefix("deals."), "key": dict(c.key),
                                       "fields": list(c.fields)} for c in clashes]},
                )  # fmt: skip
            await store.clear_externals(tx, workspace, records.shape.table, [done.winner, *done.losers])
            try:
                await self._restore(tx, workspace, touching, restored)
            except psycopg.errors.UniqueViolation:
                raise Conflict("Another record has by now what only one may have and was theirs.") from None
            if done.object == "deal":
                await store.work_out_anew(tx, workspace, done.winner, done.losers)
                await store.read_rooms_again(tx, workspace, done.losers)
            await store.mark_undone(tx, workspace, done.id, now, principal.actor)
            again = [Touched(one.relation, one.key, one.after, row) for one, row in restored]
            await history_store.add(tx, workspace, _told(again, principal, now, set()))
            facts = {"merge": done.id, "object": done.object, "winner": done.winner, "losers": list(done.losers),
                     "forced": bool(clashes)}  # fmt: skip
            account = await account_of(tx, workspace, done.winner)
            await append(
                tx, act(principal, "deals", MERGE_UNDONE, done.object, done.winner, facts, now, account=account)
            )
        return replace(done, undone_at=now, undone_by=principal.actor)

    async def _move(
        self, tx: Tx, workspace: str, object_: str, moving: Sequence[Any], losers: Sequence[str], winner: str,
        now: datetime,
    ) -> int:  # fmt: skip
        moved = 0
        for pointer in moving:
            moved += await store.move(tx, workspace, pointer, losers, winner, now)
        if object_ == "contact":
            moved += await store.move_roles(tx, workspace, "contact", losers, winner)
            moved += await store.move_guests(tx, workspace, losers, winner, now)
        if object_ == "deal":
            moved += await store.move_roles(tx, workspace, "opportunity", losers, winner)
            moved += await store.move_team(tx, workspace, losers, winner)
            await store.forget_told(tx, workspace, losers)
            await store.move_signs(tx, workspace, losers, winner)
            await store.work_out_anew(tx, workspace, winner, losers)
        return moved

    async def _write(
        self, tx: Tx, principal: Principal, records: Records[Any], fields: Mapping[str, Field],
        found: Mapping[str, Any], after: Any, losers: Sequence[str], now: datetime,
    ) -> Any:  # fmt: skip
        workspace, shape = principal.tenant.workspace, records.shape
        await store.clear_externals(tx, workspace, shape.table, list(losers))
        for one in losers:
            was = found[one]
            gone = replace(
                was, deleted_at=now, version=was.version + 1, changed_at=now, external="", custom={},
                **({"lines": 0} if shape.object == "deal" else {}),
            )  # fmt: skip
            await keeping.write(tx, workspace, shape, fields, was, gone)
            # Its own values stay in its row; what only one may have is free for the winner.
            await record_store.keep(tx, shape, workspace, replace(gone, custom=was.custom))
        await record_store.bury(tx, workspace, shape.object, losers, now, principal.actor, after.id)
        if shape.object == "deal":
            count, total = await store.lines_of(tx, workspace, after.id)
            after = replace(after, lines=count, amount=total if count else after.amount)
        after = replace(after, version=found[after.id].version + 1, changed_at=now)
        await keeping.write(tx, workspace, shape, fields, found[after.id], after)
        return await records.get_in(tx, principal, after.id)

    async def _difference(
        self, tx: Tx, workspace: str, touching: Sequence[Relation], before: store.Rows, ids: Sequence[str]
    ) -> list[Touched]:
        after = await store.snapshot(tx, workspace, touching, ids)
        after |= await store.again(tx, workspace, touching, [place for place in before if place not in after])
        places = [*before, *(place for place in after if place not in before)]
        return [
            Touched(table, json.loads(key), before.get((table, key)), after.get((table, key)))
            for table, key in places if before.get((table, key)) != after.get((table, key))
        ]  # fmt: skip

    async def _restore(
        self, tx: Tx, workspace: str, touching: Mapping[str, Relation],
        restored: Sequence[tuple[Touched, Mapping[str, Any] | None]],
    ) -> None:  # fmt: skip
        # What the merge added goes first, so that what it took away finds its place free.
        for one, row in sorted(restored, key=lambda pair: pair[1] is not None):
            relation = touching[one.relation]
            if row is not None and one.after is not None:
                await store.overwrite(tx, workspace, relation, one.key, row)
            else:
                await store.put_back(tx, workspace, relation, one.key, row)


def _require_one_currency(object_: str, found: Sequence[Any]) -> None:
    if object_ == "deal" and any(one.lines for one in found) and len({one.currency for one in found}) > 1:
        raise Conflict("Deals with line items in different currencies are not merged.", field="currency")


def _named(choices: Mapping[str, str] | None, fields: Mapping[str, Field], found: Mapping[str, Any]) -> dict[str, str]:
    told = {name: full_id(record) for name, record in (choices or {}).items()}
    for name, record in told.items():
        if name not in fields or not fields[name].writable:
            raise Invalid(f"There is no choice of {name!r}.", field=f"choices.{name}")
        if record not in found:
            raise Invalid(f"{record!r} is none of the merged records.", field=f"choices.{name}")
    return told


def _chosen(winner: Any, losers: Sequence[Any], fields: Mapping[str, Field], choices: Mapping[str, str]) -> Any:
    """The winner with the values that stay."""
    by_id = {one.id: one for one in (winner, *losers)}
    own: dict[str, Any] = {}
    custom = dict(winner.custom)
    if "amount" in choices:
        choices = {"currency": choices["amount"], **choices}
    for one in fields.values():
        if not one.writable:
            continue
        there = [winner, *losers]
        if one.name in choices:
            there = [by_id[choices[one.name]]]
        elif one.name in _KEPT and not values.is_empty(_value(one, winner)):
            continue
        told = next((v for v in (_value(one, record) for record in there) if not values.is_empty(v)), None)
        if one.custom:
            if told is None:
                custom.pop(one.name, None)
            else:
                custom[one.name] = told
        elif told is not None or one.name in choices:
            own[one.name] = _value(one, there[0]) if told is None else told
    return replace(winner, **own, custom=custom)


def _value(one: Field, record: Any) -> Any:
    return record.custom.get(one.name) if one.custom else getattr(record, one.name)


def _reversed(
    rows: Sequence[Touched], current: store.Rows, now: datetime
) -> tuple[list[Clash], list[tuple[Touched, Mapping[str, Any] | None]]]:
    clashes: list[Clash] = []
    restored: list[tuple[Touched, Mapping[str, Any] | None]] = []
    for one in rows:
        is_now = current.get((one.relation, _text(one.key)))
        fields, row = reverted(one, is_now, now)
        if fields:
            clashes.append(Clash(one.relation, one.key, fields))
        restored.append((replace(one, after=is_now), row))
    return clashes, restored


def _told(rows: Sequence[Touched], principal: Principal, now: datetime, but: set[str]) -> list[Change]:
    """What a merge or its undoing changed in records, for their histories; `but` are told otherwise."""
    shapes = {shape.table: shape for shape in SHAPES}
    changes = []
    for one in rows:
        shape = shapes.get(one.relation)
        if shape is None or one.before is None or one.after is None:
            continue
        record = str(one.key["id"])
        quiet = {"version", "changed_at", "deleted_at", "custom"}
        told = {name: (one.before[name], one.after[name]) for name in one.after if name not in quiet}
        custom = {**one.before.get("custom", {}), **one.after.get("custom", {})}
        told |= {name: (one.before["custom"].get(name), one.after["custom"].get(name)) for name in custom}
        if record in but:
            told["merged"] = (None, True)
        changes += [
            Change(shape.object, record, name, was, is_now, now, principal.actor, principal.run,
                   int(one.after["version"]))
            for name, (was, is_now) in told.items() if was != is_now
        ]  # fmt: skip
    return changes


def _text(key: Mapping[str, Any]) -> str:
    return json.dumps(dict(key), ensure_ascii=False, sort_keys=True)
