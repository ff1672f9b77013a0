"""Segments' entrance: making them, computing who is in them, handing them over."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.kernel.filters import Filter
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments import events, standing_store, store
from dure.segments.asking import Asking
from dure.segments.breakdown import Breakdown, broken_down
from dure.segments.conditions_sql import OUR_SOURCES, Statement, on_event, selected
from dure.segments.handover import handing
from dure.segments.handover import store as handover_store
from dure.segments.ids import ids_from
from dure.segments.model import ANYTHING, Handover, Listed, Member, PastRule, Preview, Rule, Segment, Selector, Size
from dure.segments.moves import Day, Move, Moves
from dure.segments.plugs import Consents
from dure.segments.reading import check_prop, read_rule
from dure.segments.recomputing import EVENTS_A_BATCH, Asked, Recomputing, Workplace, due
from dure.segments.rules import ABOUT_TO_CHURN, as_json, duration, who
from dure.segments.sheet import Report, rows_of
from dure.segments.stages import store as stage_store
from dure.segments.standing import Known, fingerprint
from dure.segments.words import in_words
from dure.state import State, Tx

__all__ = [
    "ANYTHING",
    "OUR_SOURCES",
    "Checked",
    "Computed",
    "Handover",
    "Member",
    "Preview",
    "Rule",
    "Segment",
    "Segments",
    "Selector",
    "Size",
    "as_json",
    "duration",
    "read_rule",
]

log = structlog.get_logger("segments")

_TRIES = 4
_MANY = 4
"""From so many on, one reading of the log for all of them is quicker than one each."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation found."""

    size: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at everybody found against what was kept: `missing` were in it and not kept, `extra` the other way
    round. Both are put right."""

    size: int
    missing: int
    extra: int


class Segments:
    """Named sets of people."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, *, people: People | None = None,
        metrics: Metrics | None = None, every: timedelta = timedelta(seconds=20),
        alone: timedelta = timedelta(minutes=5), whole: timedelta = timedelta(days=1),
        kept: timedelta = timedelta(hours=1),
    ) -> None:  # fmt: skip
        """Members follow what happened `every` so often; questions of metrics are asked anew as often as `alone` says,
        and as often as `whole` says everybody is looked at, for what the feed does not tell (erasures, old data). One
        that was not computed within `kept` is computed wholly: longer the feed need not keep what came."""
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._people = people
        self._every, self._alone, self._whole, self._kept = every, alone, whole, kept
        self._asking = Asking(state, log, clock, governance, metrics)
        self._recomputing = Recomputing(state, log, kept)
        self._moves = Moves(log)
        self.consents: Consents | None = None  # who must not be handed over; main fills it, as campaigns stand above

    # -- definitions ------------------------------------------------------------------------------------------------

    async def segments(self, principal: Principal) -> list[Segment]:
        """Every segment of the workspace, built-in ones first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.segments(tx, principal.tenant.workspace)

    async def segment(self, principal: Principal, id: str) -> Segment:
        """One segment by its id, or by a built-in one's name (`about-to-churn`)."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await _found(tx, principal, id)

    async def create(
        self, principal: Principal, name: str | Mapping[str, str], rule: object, about: str | Mapping[str, str] = ""
    ) -> Segment:
        """A new segment; nobody is in it before it is computed. `rule` is a rule or its JSON."""
        access(principal, "segments:write")
        read = await self._asking.checked(principal, _rule(rule))
        known = await self._asking.known(principal, read)
        made = Segment(
            str(uuid7()), _name(name), _text(about), read, "", principal.actor, self._clock.now(), None, None
        )
        async with self._state.begin(principal.tenant) as tx:
            await self._unfold(tx, principal.tenant, made.rule, known)
            await store.add(tx, principal.tenant.org, principal.tenant.workspace, made)
            await store.note_rule(tx, principal.tenant.workspace, made.id, made.rule, made.created_by, made.created_at)
            await append(tx, events.segment_event(principal, self._clock.now(), events.CREATED, made))
        return made

    async def change(
        self, principal: Principal, id: str, *, name: str | Mapping[str, str] | None = None,
        about: str | Mapping[str, str] | None = None, rule: object | None = None,
    ) -> Segment:  # fmt: skip
        """Changes what is given. A new rule counts from the next computation on."""
        access(principal, "segments:write")
        read = await self._asking.checked(principal, _rule(rule)) if rule is not None else None
        known = await self._asking.known(principal, *([read] if read is not None else []))
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id)
            after = replace(
                before,
                name=_name(name) if name is not None else before.name,
                about=_text(about) if about is not None else before.about,
                rule=read if read is not None else before.rule,
            )
            if before.by_hand != after.by_hand:
                raise Conflict("A list made by hand stays one, and a rule stays a rule.", field="rule")
            await self._unfold(tx, principal.tenant, after.rule, known, (before.id,))
            await store.change(tx, principal.tenant.workspace, before.id, after.name, after.about, after.rule)
            if after.rule != before.rule:
                now = self._clock.now()
                await store.note_rule(tx, principal.tenant.workspace, before.id, after.rule, principal.actor, now)
            await append(tx, events.segment_event(principal, self._clock.now(), events.CHANGED, after))
        return after

    async def delete(self, principal: Principal, id: str) -> None:
        """Removes a segment. One that was handed over, or that another rule names, stays: Conflict."""
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
            if segment.built_in:
                raise Conflict("A built-in segment cannot be removed.")
            if await handover_store.handovers(tx, principal.tenant.workspace, segment.id, 1):
                raise Conflict("This segment was handed over; its lists are kept, so it is kept too.")
            for other in await store.segments(tx, principal.tenant.workspace):
                if other.id != segment.id and f'"{segment.id}"' in str(as_json(other.rule)).replace("'", '"'):
                    raise Conflict(f"The segment {other.name['en']} is made from this one.")
            await store.delete(tx, principal.tenant.workspace, segment.id)
            await append(tx, events.segment_event(principal, self._clock.now(), events.DELETED, segment))

    async def furnish(self, principal: Principal) -> Segment:
        """Makes sure the built-in segment *about to churn* is there, and returns it."""
        access(principal, "segments:read")
        made = Segment(
            str(uuid7()),
            {"ko": "이탈 직전", "en": "About to churn"},
            {
                "ko": "8~35일 전에는 사흘 이상 활동했지만 최근 7일은 활동이 없는 사람. 규칙으로 만든 첫 판이며 점수나"
                " 확률이 아닙니다.",
                "en": "Active on three days or more between 8 and 35 days ago and not at all in the last 7. A first"
                " version by rule: not a score and not a probability.",
            },
            read_rule(ABOUT_TO_CHURN), "about-to-churn", principal.actor, self._clock.now(), None, None,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            if await store.add(tx, principal.tenant.org, principal.tenant.workspace, made):
                await store.note_rule(
                    tx, principal.tenant.workspace, made.id, made.rule, made.created_by, made.created_at
                )
                await append(tx, events.segment_event(principal, self._clock.now(), events.CREATED, made))
                return made
            return await _found(tx, principal, "about-to-churn")

    async def words(self, principal: Principal, rules: Sequence[Rule]) -> list[dict[str, str]]:
        """Rules in words, `ko` and `en`."""
        access(principal, "segments:read")
        names = await self._asking.names(principal, rules)
        return [in_words(rule, names) for rule in rules]

    # -- who is in them ---------------------------------------------------------------------------------------------

    async def preview(
        self, principal: Principal, rule: object, examples: int = 10, *, at: datetime | None = None,
        sample: bool = False, query: str = "",
    ) -> Preview:  # fmt: skip
        """How many people a rule holds for now, or `at` a past moment, without keeping anything.

        With `sample` a large log answers by an estimate at once. A preview under the same name `query` that still runs
        is ended: somebody types on.
        """
        access(principal, "segments:read")
        return await self._asking.preview(
            principal, _rule(rule), self._moment(at), examples, sample=sample, query=query
        )

    async def breakdown(self, principal: Principal, rule: object, trait: str = "") -> Breakdown:
        """Whom a rule holds for now by a trait's values, or by stage where none is named."""
        access(principal, "segments:read")
        if trait:
            check_prop(trait, "trait")
        return await broken_down(self._asking, principal, _rule(rule), trait)

    async def course(self, principal: Principal, rule: object, days: int = 28, points: int = 8) -> list[Size]:
        """How many a rule would have held for on days of the past, oldest first; estimates where the log is large."""
        access(principal, "segments:read")
        if not (1 <= days <= 366 and 2 <= points <= 31):
            raise Invalid("`days` is 1 to 366 and `points` 2 to 31.", field="days")
        read, now = _rule(rule), self._clock.now()
        found = []
        for back in range(points - 1, -1, -1):
            at = now - timedelta(days=days) * back / (points - 1)
            seen = await self._asking.preview(principal, read, at, 0, sample=True, query="")
            found.append(Size(at, seen.size, 0, 0))
        return found

    async def among(self, principal: Principal, rule: object, people: Collection[UUID]) -> set[UUID]:
        """Those of these people for whom a rule holds now; some thousands at a time."""
        access(principal, "segments:read")
        unfolded = await self._asking.unfolded(principal, _rule(rule))
        return set(await self._asking.people(principal, unfolded, self._clock.now(), people)) if people else set()

    async def everybody(self, principal: Principal, rule: object) -> list[UUID]:
        """All for whom a rule holds now, by id; nothing is kept."""
        access(principal, "segments:read")
        unfolded = await self._asking.unfolded(principal, _rule(rule))
        return await self._asking.people(principal, unfolded, self._clock.now())

    def condition(self, where: Sequence[Filter]) -> tuple[str, dict[str, object]]:
        """Filters over an event `e` as SQL that begins with ` and`, and the values bound in it."""
        return on_event(where)

    def meant(self, *selectors: Selector) -> tuple[list[str], dict[str, object]]:
        """Of each whether an event `e` is one of those meant, as SQL, and the values bound in all of them."""
        statement = Statement()
        return [f"({selected(one, statement)})" for one in selectors], statement.params

    async def activity(self, principal: Principal) -> Selector:
        """What being active means in this workspace, as its stages have it; `*` is anything people do themselves."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return (await stage_store.settings(tx, principal.tenant.workspace))[0].activity

    async def compute(self, principal: Principal, id: str, *, wait: bool = False) -> Computed:
        """Asks the log who is in it now; everybody who came or went is an event.

        While another computation of it runs: Conflict, or with `wait` it is waited for.
        """
        access(principal, "segments:write")
        workspace = principal.tenant.workspace
        for _ in range(_TRIES):
            async with self._state.begin(principal.tenant) as tx:
                segment = await _found(tx, principal, id)
                if segment.by_hand:
                    return await self._look_over(tx, principal, segment)
                known = await standing_store.standings(tx, workspace, [segment.id])
            asked = await self._asking.asked(principal, segment)
            seen, now = await self._recomputing.position(), self._clock.now()
            people = await self._asking.people(principal, asked.rule, now)
            async with self._state.begin(principal.tenant) as tx:
                if wait:
                    await store.wait_for_lock(tx, workspace, segment.id)
                elif not await store.lock(tx, workspace, segment.id):
                    raise Conflict("This segment is being computed at this moment.")
                held = {segment.id: ids_from(people)}
                moved = await self._recomputing.write(tx, principal, [asked], known, now, seen, held=held)
                if segment.id in moved:
                    return Computed(len(people), *moved[segment.id])
                if (await _found(tx, principal, segment.id)).rule != segment.rule:
                    raise Conflict("The segment's rule was changed meanwhile.")
        raise Conflict("This segment is computed again and again at this moment.")

    async def check(self, principal: Principal, id: str) -> Checked:
        """Brings a segment up to this moment as the loop does, then looks at everybody: both should agree."""
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
        if not segment.by_hand and segment.computed_at is not None:
            now = self._clock.now()
            place, _ = await self._due(principal, await self.segments(principal), timedelta(), now, [])
            mine = [one for one in place.moving if one[0].segment.id == segment.id]
            await self._recomputing.follow([replace(place, moving=mine)], now)
        done = await self.compute(principal, segment.id, wait=True)
        return Checked(done.size, done.entered, done.left)

    async def list_people(
        self, principal: Principal, id: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> tuple[int, int]:
        """Puts people into a hand-made list and takes others out, by their ids; how many came and went."""
        if len(add) + len(remove) > EVENTS_A_BATCH:
            raise Invalid(f"At most {EVENTS_A_BATCH:,} people at a time.", field="add")
        workspace = principal.tenant.workspace
        coming = {who(workspace, one, f"add[{number}]") for number, one in enumerate(add)}
        going = {who(workspace, one, f"remove[{number}]") for number, one in enumerate(remove)}
        async with self._state.begin(principal.tenant) as tx:
            came = await self.put_in(tx, principal, id, coming) if coming else []
            went = await self.put_in(tx, principal, id, going, out=True) if going else []
        return len(came), len(went)

    async def list_sheet(
        self, principal: Principal, id: str, text: str, *, column: str = "", instead: bool = False, out: bool = False,
        dry: bool = False,
    ) -> Report:  # fmt: skip
        """Puts the people of a CSV file into a hand-made list, or takes them `out`; `instead` of those who are in it.

        The report says by line who is unknown, who came twice and what cannot be read; `dry` reports only.
        """
        access(principal, "segments:write")
        workspace = principal.tenant.workspace
        rows, report = rows_of(workspace, text, column)
        known = await self._seen(principal, [row.person for row in rows])
        for row in rows:
            if row.person not in known:
                report.unknown.add(row.line, row.id)
        meant = {row.person for row in rows if row.person in known}
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
            await _by_hand(tx, principal, segment)
            before = set(await store.all_people(tx, workspace, segment.id))
            current = set((await self._current(tx, principal, meant)).values())
            gone = (current & before) if out else (before - current if instead else set())
            coming = set() if out else current - before
            report.there = 0 if out else len(current & before)
            report.entered, report.left = len(coming), len(gone)
            if not dry:
                for some, going in ((gone, True), (coming, False)):
                    if some:
                        await self.put_in(tx, principal, segment.id, some, out=going)
        return report

    async def _seen(self, principal: Principal, people: Sequence[UUID]) -> set[UUID]:
        """Those of these whom the workspace knows, by what was stated or by what they did."""
        found: set[UUID] = set()
        for at in range(0, len(people), EVENTS_A_BATCH):
            part = people[at : at + EVENTS_A_BATCH]
            if self._people is not None:
                async with self._state.begin(principal.tenant) as tx:
                    found |= set(await self._people.known(tx, principal.tenant, part))
            found |= await self._moves.seen(principal.tenant, set(part) - found)
        return found

    async def _current(self, tx: Tx, principal: Principal, people: Collection[UUID]) -> dict[UUID, UUID]:
        """Who these people are now."""
        if self._people is None:
            return {one: one for one in people}
        known = await self._people.known(tx, principal.tenant, people)
        return {one: known[one].id if one in known else one for one in people}

    async def put_in(
        self, tx: Tx, principal: Principal, id: str, people: Collection[UUID], *, out: bool = False
    ) -> list[UUID]:
        """Puts people into a hand-made list, or takes them out of it; who came or went. Each is an event at once.

        Conflict for a segment that a rule fills: it would be undone at its next computation.
        """
        access(principal, "segments:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        segment = await _found(tx, principal, id)
        await _by_hand(tx, principal, segment)
        await store.wait_for_lock(tx, workspace, segment.id)
        people = set((await self._current(tx, principal, people)).values())
        moved = await (
            store.take_out(tx, workspace, segment.id, list(people)) if out
            else store.put_in(tx, workspace, segment.id, now, list(people))
        )  # fmt: skip
        if moved:
            size = await store.count(tx, workspace, segment.id)
            came, went = (0, len(moved)) if out else (len(moved), 0)
            await store.note_size(tx, workspace, segment.id, Size(now, size, came, went))
            name = events.LEFT if out else events.ENTERED
            for start in range(0, len(moved), EVENTS_A_BATCH):
                part = moved[start : start + EVENTS_A_BATCH]
                await append(tx, *events.moved(principal, now, segment, name, part, False))
        return moved

    async def _look_over(self, tx: Tx, principal: Principal, segment: Segment) -> Computed:
        """A hand-made list stays as it is, but for people who have become others since they were put in."""
        now, workspace = self._clock.now(), principal.tenant.workspace
        await store.wait_for_lock(tx, workspace, segment.id)
        people = await store.all_people(tx, workspace, segment.id)
        if await stage_store.filled(tx, workspace, segment.id):  # whatever fills it looks to merges itself
            await store.note_size(tx, workspace, segment.id, Size(now, len(people), 0, 0))
            return Computed(len(people), 0, 0)
        known = await self._people.known(tx, principal.tenant, people) if self._people is not None else {}
        stale = [one for one in people if one in known and known[one].id != one]
        gone = await store.take_out(tx, workspace, segment.id, stale)
        came = await store.put_in(tx, workspace, segment.id, now, list({known[one].id for one in stale}))
        size = len(people) - len(gone) + len(came)
        await store.note_size(tx, workspace, segment.id, Size(now, size, len(came), len(gone)))
        told = [(events.ENTERED, came), (events.LEFT, gone)]
        await append(
            tx, *(one for name, some in told for one in events.moved(principal, now, segment, name, some, True))
        )
        return Computed(size, len(came), len(gone))

    async def tick(self, now: datetime | None = None) -> int:
        """Brings every segment of every workspace that is due up to this moment; returns how many. For the server's
        own loop; while another process does it, nothing.

        One that cannot be computed (its question meets a limit) keeps no other from it; the first such error is raised
        when all have been tried.
        """
        now = now or self._clock.now()
        async with self._state.begin_system() as guard:
            return await self._tick(now) if await standing_store.alone(guard) else 0

    async def _tick(self, now: datetime) -> int:
        done, failed, places = 0, list[DureError](), []
        for workspace in await self._governance.workspaces():
            principal = self._governance.system(workspace.tenant, "segments")
            segments = await self.segments(principal)
            if not any(segment.built_in for segment in segments):
                segments = [await self.furnish(principal), *segments]
            for segment in segments:
                if segment.by_hand and (segment.computed_at is None or now - segment.computed_at >= self._alone):
                    done += await self._tried(principal, segment, failed)
            place, wholly = await self._due(principal, segments, self._every, now, failed)
            done += await self._wholly(place, wholly, failed)
            places.append(place)
        try:
            done += sum(one.segments for one in (await self._recomputing.follow(places, now)).values())
        except DureError as error:
            failed.append(error)
        if failed:
            raise failed[0]
        return done

    async def _wholly(self, place: Workplace, wholly: Sequence[Asked], failed: list[DureError]) -> int:
        """Many are computed at once; few, and those that a question of metrics fills, one by one."""
        many = [one for one in wholly if not one.alone]
        done = 0
        if len(many) >= _MANY:
            try:
                done = len(await self._recomputing.whole(place.principal, place.zone, many, self._clock.now()))
                wholly = [one for one in wholly if one.alone]
            except DureError as error:  # one by one it is seen which of them cannot be computed
                log.warning("segments.not_together", segments=len(many), error=error.message)
        for one in wholly:
            if one.alone and await self._recomputing.rested(place.principal, one, self._clock.now(), self._whole):
                done += 1
            else:
                done += await self._tried(place.principal, one.segment, failed)
        return done

    async def compute_all(self, principal: Principal) -> dict[str, Checked]:
        """Looks at everybody for every segment that a rule of events fills, in one reading of the log; what was found
        against what was kept, by segment."""
        access(principal, "segments:write")
        place, wholly = await self._due(principal, await self.segments(principal), timedelta(), self._clock.now(), [])
        asked = [one for one in (*wholly, *(one for one, _ in place.moving)) if not one.alone]
        found = await self._recomputing.whole(principal, place.zone, asked, self._clock.now())
        return {one: Checked(*numbers) for one, numbers in found.items()}

    async def _tried(self, principal: Principal, segment: Segment, failed: list[DureError]) -> int:
        try:
            await self.compute(principal, segment.id)
        except Conflict:
            return 0  # another process is at it, or its rule is being changed: the next tick sees
        except DureError as error:
            log.warning("segments.not_computed", segment=segment.id, error=error.message)
            failed.append(error)
            return 0
        return 1

    async def _due(
        self, principal: Principal, segments: Sequence[Segment], every: timedelta, now: datetime,
        failed: list[DureError],
    ) -> tuple[Workplace, list[Asked]]:  # fmt: skip
        """What there is to do in a workspace: what follows what happened, and what is computed wholly."""
        known, zone = await self._asking.known(principal, segments=segments), await self._asking.zone(principal)
        asked = []
        for segment in segments:
            if segment.by_hand:
                continue
            try:
                unfolded = known.unfold(segment.rule, (segment.id,))
                asked.append(Asked(segment, unfolded, fingerprint(unfolded, zone)))
            except DureError as error:
                log.warning("segments.not_computed", segment=segment.id, error=error.message)
                failed.append(error)
        async with self._state.begin(principal.tenant) as tx:
            standings = await standing_store.standings(tx, principal.tenant.workspace)
        wholly, moving = due(asked, standings, now, every=every, alone=self._alone, whole=self._whole, kept=self._kept)
        return Workplace(principal, zone, moving), wholly

    async def people(
        self, principal: Principal, id: str, after: UUID | None = None, limit: int = 100, at: datetime | None = None
    ) -> list[Member]:
        """Who was in it at the newest computation, by id, `limit` (at most 5,000) after `after`; or who was in it `at`
        a past moment, by the rule as it was then and what is known today of the time before it."""
        access(principal, "segments:read")
        if at is not None:
            moment = self._moment(at)
            found = await self._then(principal, id, moment)
            return [Member(one, moment) for one in found if after is None or one > after][: min(limit, 5_000)]
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
            return await store.members(tx, principal.tenant.workspace, segment.id, after, min(limit, 5_000))

    async def called(self, principal: Principal, people: Collection[UUID]) -> dict[UUID, dict[str, str]]:
        """For a list: `name` and `distinct_id` of those about whom something was stated."""
        access(principal, "segments:read")
        if self._people is None:
            return {}
        async with self._state.begin(principal.tenant) as tx:
            known = await self._people.known(tx, principal.tenant, people)
        return {
            asked: {
                "name": str(one.traits.get("name") or ""),
                "distinct_id": one.distinct_ids[0] if one.distinct_ids else "",
            }
            for asked, one in known.items()
        }

    async def size_at(self, principal: Principal, id: str, at: datetime) -> int:
        """How many were in it at a past moment, by the rule as it was then."""
        access(principal, "segments:read")
        return len(await self._then(principal, id, self._moment(at)))

    async def rules(self, principal: Principal, id: str) -> list[PastRule]:
        """Every rule a segment had, newest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.rules_of(tx, principal.tenant.workspace, (await _found(tx, principal, id)).id)

    async def moves(self, principal: Principal, id: str, before: str = "", limit: int = 100) -> list[Move]:
        """Who entered and left, newest first; `before` is the `place` of the last one seen."""
        segment = await self.segment(principal, id)
        return await self._moves.newest(principal.tenant, segment.id, before, min(limit, 1_000))

    async def days(self, principal: Principal, id: str, days: int = 28) -> list[Day]:
        """How many entered and left on each day of the workspace's zone."""
        segment, zone = await self.segment(principal, id), await self._asking.zone(principal)
        since = self._clock.now() - timedelta(days=days)
        return await self._moves.by_day(principal.tenant, segment.id, zone, since)

    async def _then(self, principal: Principal, id: str, at: datetime) -> list[UUID]:
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
            rule = (await store.rules_at(tx, workspace, at)).get(segment.id)
        if rule is None:
            raise NotFound("This segment was not there yet.", field="at")
        # A hand-made list is what its people's own events say.
        listed = Listed(segment.id) if isinstance(rule, Listed) else rule
        return await self._asking.people(
            principal, await self._asking.unfolded(principal, listed, (segment.id,), at), at
        )

    async def sizes(self, principal: Principal, ids: Sequence[str], most: int = 60) -> dict[str, list[Size]]:
        """How large they were after each computation that changed something, oldest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.sizes(tx, principal.tenant.workspace, ids, most)

    async def fillers(self, principal: Principal) -> dict[str, str]:
        """By segment, what fills it (a stage, a score's tenths); no hand puts anybody into those."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            filled = await stage_store.filled_by(tx, principal.tenant.workspace, "")
        return {segment: by for by, segment in filled.items()}

    async def is_known(self, tenant: Tenant, id: str) -> bool:
        """Whether there is a segment of that id, for questions that name one."""
        async with self._state.begin(tenant) as tx:
            return await store.segment(tx, tenant.workspace, id) is not None

    async def segments_of(self, principal: Principal, person: UUID) -> list[str]:
        """The ids of the segments somebody is in."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.segments_of(tx, principal.tenant.workspace, person)

    # -- handing over -----------------------------------------------------------------------------------------------

    async def hand_over(
        self, principal: Principal, segment: str, to_function: str, purpose: str, expires: datetime | None = None,
        control_share: float = 0.5, *, from_function: str = "product", goal: object | None = None, window: str = "",
        score: str = "",
    ) -> Handover:  # fmt: skip
        """Gives the segment as it is now to a team. `control_share` of its people are listed to be left alone; who does
        not want to hear from the company is in neither list.

        Who is control hangs on the person and the segment alone, so a second handover has the same control.
        """
        async with self._state.begin(principal.tenant) as tx:
            return await self.hand_over_in(
                tx, principal, segment, to_function, purpose, expires, control_share, from_function=from_function,
                goal=goal, window=window, score=score,
            )  # fmt: skip

    async def hand_over_in(
        self, tx: Tx, principal: Principal, segment: str, to_function: str, purpose: str,
        expires: datetime | None = None, control_share: float = 0.5, *, from_function: str = "product",
        goal: object | None = None, window: str = "", score: str = "",
    ) -> Handover:  # fmt: skip
        access(principal, "segments:write")
        now = self._clock.now()
        terms = handing.read_terms(
            now, to_function, purpose, expires, control_share, from_function, goal, window, score
        )
        found = await _found(tx, principal, segment)
        return await handing.hand_over(tx, principal, now, found, terms, self.consents)

    async def handovers(self, principal: Principal, segment: str | None = None, limit: int = 50) -> list[Handover]:
        """Newest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            one = (await _found(tx, principal, segment)).id if segment else None
            return await handover_store.handovers(tx, principal.tenant.workspace, one, limit)

    async def handover_people(
        self, principal: Principal, handover: str, *, control: bool, after: UUID | None = None, limit: int = 100
    ) -> list[UUID]:
        """One of a handover's two lists, by id; Conflict once it is closed."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await handover_store.handover(tx, principal.tenant.workspace, handover)
            if found is None:
                raise NotFound("There is no such handover.")
            if not found.is_open(self._clock.now()):
                raise Conflict("This handover has ended; its lists are closed.")
            return await handover_store.people(
                tx, principal.tenant.workspace, handover, control, after, min(limit, 5_000)
            )

    def _moment(self, at: datetime | None) -> datetime:
        now = self._clock.now()
        if at is None:
            return now
        if at.tzinfo is None:
            raise Invalid("`at` is a moment with its zone, such as 2026-11-01T00:00:00+09:00.", field="at")
        if at > now:
            raise Invalid("`at` is a moment of the past.", field="at")
        return at

    async def _unfold(self, tx: Tx, tenant: Tenant, rule: Rule, known: Known, inside: tuple[str, ...] = ()) -> Rule:
        """The rule in what the log answers, by the segments as they are in this transaction."""
        rules = {segment.id: segment for segment in await store.segments(tx, tenant.workspace)}
        named = {segment.built_in: segment.rule for segment in rules.values() if segment.built_in}
        return replace(known, rules={**{one.id: one.rule for one in rules.values()}, **named}).unfold(rule, inside)


async def _found(tx: Tx, principal: Principal, id: str) -> Segment:
    found = await store.segment(tx, principal.tenant.workspace, id)
    if found is None:
        built_in = [each for each in await store.segments(tx, principal.tenant.workspace) if each.built_in == id != ""]
        if not built_in:
            raise NotFound("There is no such segment.", field="segment")
        return built_in[0]
    return found


async def _by_hand(tx: Tx, principal: Principal, segment: Segment) -> None:
    if not segment.by_hand:
        raise Conflict("A rule says who is in this segment; only a hand-made list takes people.", field="segment")
    if await stage_store.filled(tx, principal.tenant.workspace, segment.id):
        raise Conflict("A stage or a score says who is in this segment.", field="segment")


def _rule(rule: object) -> Rule:
    return read_rule(as_json(rule) if hasattr(rule, "__struct_fields__") else rule)  # type: ignore[arg-type]


def _name(name: str | Mapping[str, str]) -> dict[str, str]:
    text = _text(name)
    if not text["ko"].strip() or len(text["ko"]) > 120 or re.search(r"[\x00-\x1f]", text["ko"] + text["en"]):
        raise Invalid("A segment has a name of at most 120 characters.", field="name")
    return text


def _text(text: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(text, str):
        return {"ko": text, "en": text}
    ko = text.get("ko") or text.get("en") or ""
    return {"ko": ko, "en": text.get("en") or ko}
