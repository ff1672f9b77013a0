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
from dure.governance.model import FUNCTIONS
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.kernel.filters import Filter
from dure.kernel.ids import uuid7
from dure.kernel.lots import lot
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments import events, store
from dure.segments.model import All, Counted, Either, Handover, Member, Not, Preview, Rule, Segment, Size
from dure.segments.rules import ABOUT_TO_CHURN, as_json, duration, leaves_of, read_rule, unfold, who
from dure.segments.sql import on_event, people_of
from dure.segments.words import in_words
from dure.state import State, Tx

__all__ = [
    "Computed",
    "Handover",
    "Member",
    "Preview",
    "Rule",
    "Segment",
    "Segments",
    "Size",
    "as_json",
    "duration",
    "read_rule",
]

log = structlog.get_logger("segments")

EVENTS_A_BATCH = 5_000
"""Larger feed batches would make one follower's transaction long."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation found."""

    size: int
    entered: int
    left: int


class Segments:
    """Named sets of people."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, *, people: People | None = None,
        metrics: Metrics | None = None, every: timedelta = timedelta(minutes=5),
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._people = people
        self._metrics = metrics
        self._every = every

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
        read = await self._counted(principal, _rule(rule))
        made = Segment(
            str(uuid7()), _name(name), _text(about), read, "", principal.actor, self._clock.now(), None, None
        )
        async with self._state.begin(principal.tenant) as tx:
            await self._unfold(tx, principal.tenant, made.rule)
            await store.add(tx, principal.tenant.org, principal.tenant.workspace, made)
            await append(tx, events.segment_event(principal, self._clock.now(), events.CREATED, made))
        return made

    async def change(
        self, principal: Principal, id: str, *, name: str | Mapping[str, str] | None = None,
        about: str | Mapping[str, str] | None = None, rule: object | None = None,
    ) -> Segment:  # fmt: skip
        """Changes what is given. A new rule counts from the next computation on."""
        access(principal, "segments:write")
        read = await self._counted(principal, _rule(rule)) if rule is not None else None
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id)
            after = replace(
                before,
                name=_name(name) if name is not None else before.name,
                about=_text(about) if about is not None else before.about,
                rule=read if read is not None else before.rule,
            )
            await self._unfold(tx, principal.tenant, after.rule, (before.id,))
            await store.change(tx, principal.tenant.workspace, before.id, after.name, after.about, after.rule)
            await append(tx, events.segment_event(principal, self._clock.now(), events.CHANGED, after))
        return after

    async def delete(self, principal: Principal, id: str) -> None:
        """Removes a segment. One that was handed over, or that another rule names, stays: Conflict."""
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
            if segment.built_in:
                raise Conflict("A built-in segment cannot be removed.")
            if await store.handovers(tx, principal.tenant.workspace, segment.id, 1):
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
                await append(tx, events.segment_event(principal, self._clock.now(), events.CREATED, made))
                return made
            return await _found(tx, principal, "about-to-churn")

    async def words(self, principal: Principal, rules: Sequence[Rule]) -> list[dict[str, str]]:
        """Rules in words, `ko` and `en`."""
        names = {segment.id: dict(segment.name) for segment in await self.segments(principal)}
        return [in_words(rule, names) for rule in rules]

    # -- who is in them ---------------------------------------------------------------------------------------------

    async def preview(self, principal: Principal, rule: object, examples: int = 10) -> Preview:
        """How many people a rule holds for now, without keeping anything."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            unfolded = await self._unfold(tx, principal.tenant, _rule(rule))
        people = await self._people_of(principal, await self._counted(principal, unfolded))
        return Preview(len(people), tuple(people[:examples]))

    async def among(self, principal: Principal, rule: object, people: Collection[UUID]) -> set[UUID]:
        """Those of these people for whom a rule holds now; some thousands at a time."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            unfolded = await self._unfold(tx, principal.tenant, _rule(rule))
        return set(await self._people_of(principal, unfolded, people)) if people else set()

    async def everybody(self, principal: Principal, rule: object) -> list[UUID]:
        """All for whom a rule holds now, by id; nothing is kept."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            unfolded = await self._unfold(tx, principal.tenant, _rule(rule))
        return await self._people_of(principal, unfolded)

    def condition(self, where: Sequence[Filter]) -> tuple[str, dict[str, object]]:
        """Filters over an event `e` as SQL that begins with ` and`, and the values bound in it."""
        return on_event(where)

    async def compute(self, principal: Principal, id: str, *, wait: bool = False) -> Computed:
        """Asks the log who is in it now; everybody who came or went is an event.

        While another computation of it runs: Conflict, or with `wait` it is waited for.
        """
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            segment = await _found(tx, principal, id)
            if segment.by_hand:
                return await self._look_over(tx, principal, segment)
            unfolded = await self._unfold(tx, principal.tenant, segment.rule, (segment.id,))
        people = await self._people_of(principal, unfolded)
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if wait:
                await store.wait_for_lock(tx, workspace, segment.id)
            elif not await store.lock(tx, workspace, segment.id):
                raise Conflict("This segment is being computed at this moment.")
            current = await _found(tx, principal, segment.id)
            if current.rule != segment.rule:
                raise Conflict("The segment's rule was changed meanwhile.")
            entered, left = await store.replace_members(tx, workspace, segment.id, now, people)
            await store.note_size(tx, workspace, segment.id, Size(now, len(people), len(entered), len(left)))
            for name, group in ((events.ENTERED, entered), (events.LEFT, left)):
                for at in range(0, len(group), EVENTS_A_BATCH):
                    part = group[at : at + EVENTS_A_BATCH]
                    await append(tx, *events.moved(principal, now, segment, name, part, current.size is None))
        return Computed(len(people), len(entered), len(left))

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

    async def put_in(
        self, tx: Tx, principal: Principal, id: str, people: Collection[UUID], *, out: bool = False
    ) -> list[UUID]:
        """Puts people into a hand-made list, or takes them out of it; who came or went. Each is an event at once.

        Conflict for a segment that a rule fills: it would be undone at its next computation.
        """
        access(principal, "segments:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        segment = await _found(tx, principal, id)
        if not segment.by_hand:
            raise Conflict("A rule says who is in this segment; only a hand-made list takes people.", field="segment")
        await store.wait_for_lock(tx, workspace, segment.id)
        if self._people is not None:
            known = await self._people.known(tx, principal.tenant, people)
            people = {known[one].id if one in known else one for one in people}
        moved = await (
            store.take_out(tx, workspace, segment.id, list(people)) if out
            else store.put_in(tx, workspace, segment.id, now, list(people))
        )  # fmt: skip
        if moved:
            size = await store.count(tx, workspace, segment.id)
            came, went = (0, len(moved)) if out else (len(moved), 0)
            await store.note_size(tx, workspace, segment.id, Size(now, size, came, went))
            name = events.LEFT if out else events.ENTERED
            await append(tx, *events.moved(principal, now, segment, name, moved, False))
        return moved

    async def _look_over(self, tx: Tx, principal: Principal, segment: Segment) -> Computed:
        """A hand-made list stays as it is, but for people who have become others since they were put in."""
        now, workspace = self._clock.now(), principal.tenant.workspace
        await store.wait_for_lock(tx, workspace, segment.id)
        people = await store.all_people(tx, workspace, segment.id)
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
        """Computes every segment of every workspace that is due; returns how many were. For the server's own loop.

        One that cannot be computed (its question meets a limit) keeps no other from it; the first such error is raised
        when all have been tried.
        """
        now = now or self._clock.now()
        done = 0
        failed: list[DureError] = []
        for workspace in await self._governance.workspaces():
            principal = self._governance.system(workspace.tenant, "segments")
            await self.furnish(principal)
            for segment in await self.segments(principal):
                if segment.computed_at is None or now - segment.computed_at >= self._every:
                    try:
                        await self.compute(principal, segment.id)
                        done += 1
                    except Conflict:
                        continue  # another process is at it, or its rule is being changed: the next tick sees
                    except DureError as error:
                        log.warning("segments.not_computed", segment=segment.id, error=error.message)
                        failed.append(error)
        if failed:
            raise failed[0]
        return done

    async def people(self, principal: Principal, id: str, after: UUID | None = None, limit: int = 100) -> list[Member]:
        """Who was in it at the newest computation, by id, `limit` (at most 5,000) after `after`."""
        access(principal, "segments:read")
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

    async def sizes(self, principal: Principal, ids: Sequence[str], most: int = 60) -> dict[str, list[Size]]:
        """How large they were after each computation that changed something, oldest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.sizes(tx, principal.tenant.workspace, ids, most)

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
        control_share: float = 0.5,
    ) -> Handover:  # fmt: skip
        """Gives the segment as it is now to a team. `control_share` of its people are listed to be left alone.

        Who is control hangs on the person and the segment alone, so a second handover has the same control.
        """
        async with self._state.begin(principal.tenant) as tx:
            return await self.hand_over_in(tx, principal, segment, to_function, purpose, expires, control_share)

    async def hand_over_in(
        self, tx: Tx, principal: Principal, segment: str, to_function: str, purpose: str,
        expires: datetime | None = None, control_share: float = 0.5,
    ) -> Handover:  # fmt: skip
        access(principal, "segments:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        if to_function not in FUNCTIONS:
            raise Invalid(f"`to_function` is one of {', '.join(FUNCTIONS)}.", field="to_function")
        if not purpose.strip() or len(purpose) > 500:
            raise Invalid("Say in a sentence what the people are handed over for.", field="purpose")
        if not 0 <= control_share < 1:
            raise Invalid("`control_share` is 0 or more and less than 1.", field="control_share")
        if expires is not None and expires <= now:
            raise Invalid("A handover cannot end before it begins.", field="expires")
        found = await _found(tx, principal, segment)
        people = await store.all_people(tx, workspace, found.id)
        if not people:
            raise Conflict("Nobody is in this segment now; there is nothing to hand over.")
        control = [person for person in people if lot(f"segment:{found.id}:", str(person)) < control_share]
        kept = set(control)
        treated = [person for person in people if person not in kept]
        handover = Handover(
            str(uuid7()), found.id, to_function, "#" + to_function.replace("_", "-"), purpose.strip(), control_share,
            len(people), len(control), len(treated), expires, principal.actor, now,
        )  # fmt: skip
        await store.add_handover(tx, workspace, handover, control, treated)
        await append(tx, events.handed_over(principal, now, found, handover))
        return handover

    async def handovers(self, principal: Principal, segment: str | None = None, limit: int = 50) -> list[Handover]:
        """Newest first."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            one = (await _found(tx, principal, segment)).id if segment else None
            return await store.handovers(tx, principal.tenant.workspace, one, limit)

    async def handover_people(
        self, principal: Principal, handover: str, *, control: bool, after: UUID | None = None, limit: int = 100
    ) -> list[UUID]:
        """One of a handover's two lists, by id."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            if await store.handover(tx, principal.tenant.workspace, handover) is None:
                raise NotFound("There is no such handover.")
            return await store.handover_people(
                tx, principal.tenant.workspace, handover, control, after, min(limit, 5_000)
            )

    async def _unfold(self, tx: Tx, tenant: Tenant, rule: Rule, inside: tuple[str, ...] = ()) -> Rule:
        known = {segment.id: segment for segment in await store.segments(tx, tenant.workspace)}
        known |= {segment.built_in: segment for segment in known.values() if segment.built_in}

        def rule_of(id: str) -> Rule | None:
            return known[id].rule if id in known else None

        return unfold(rule, rule_of, inside)

    async def _people_of(self, principal: Principal, rule: Rule, among: Collection[UUID] | None = None) -> list[UUID]:
        zone = (await self._governance.workspace(principal.tenant)).timezone
        counted = [
            await self._asked().counted(principal, leaf.question, leaf.cell, f"q{number}_")
            for number, leaf in enumerate(leaf for leaf in leaves_of(rule) if isinstance(leaf, Counted))
        ]
        statement = people_of(rule, self._clock.now(), zone, among, counted)
        answer = await self._log.query(principal.tenant, statement.sql, statement.params)
        return [row[0] for row in answer.rows]

    async def _counted(self, principal: Principal, rule: Rule) -> Rule:
        """The rule with its questions checked, and as they are kept: a metric by its definition of today."""
        if isinstance(rule, All | Either):
            return type(rule)(tuple([await self._counted(principal, part) for part in rule.of]))
        if isinstance(rule, Not):
            return Not(await self._counted(principal, rule.of))
        if not isinstance(rule, Counted):
            return rule
        try:
            return Counted(*await self._asked().countable(principal, rule.question, rule.cell))
        except Invalid as error:
            raise Invalid(error.message, field=f"rule.{error.field}") from error

    def _asked(self) -> Metrics:
        if self._metrics is None:
            raise Invalid("Here no question is answered, so no segment is made of one.", field="rule.kind")
        return self._metrics


async def _found(tx: Tx, principal: Principal, id: str) -> Segment:
    found = await store.segment(tx, principal.tenant.workspace, id)
    if found is None:
        built_in = [each for each in await store.segments(tx, principal.tenant.workspace) if each.built_in == id != ""]
        if not built_in:
            raise NotFound("There is no such segment.", field="segment")
        return built_in[0]
    return found


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
