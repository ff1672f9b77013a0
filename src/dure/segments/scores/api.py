"""Scores' entrance: asking for one, its card, everybody's value and why, and segments made of its tenths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.log.api import Log
from dure.segments import events as segment_events
from dure.segments import store as segment_store
from dure.segments.model import Listed, Segment
from dure.segments.scores import events, filling, store
from dure.segments.scores.model import Model, Score, Scored, Settings, Work, WorkKind
from dure.segments.scores.rules import read_settings
from dure.segments.scores.working import Working
from dure.segments.stages.store import filled_by, note_filled
from dure.state import State, Tx

__all__ = ["Model", "Score", "Scored", "Scores", "Settings", "Work"]


class Scores:
    """Who is likely to leave, to convert, or to be like the members of a segment."""

    def __init__(self, state: State, log: Log, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self.working = Working(state, log, clock, governance)

    async def scores(self, principal: Principal) -> list[tuple[Score, Model | None, Work | None]]:
        """Every score with the version in use and the newest work on it."""
        access(principal, "segments:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            works = await store.works(tx, workspace)
            return [
                (one, await store.model(tx, workspace, one.id, one.model) if one.model else None, works.get(one.id))
                for one in await store.scores(tx, workspace)
            ]

    async def score(self, principal: Principal, id: str) -> tuple[Score, Model | None, Work | None]:
        access(principal, "segments:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            model = await store.model(tx, workspace, id, found.model) if found.model else None
            return found, model, await store.work(tx, workspace, id)

    async def create(self, principal: Principal, name: str | Mapping[str, str], settings: object) -> Score:
        """A new score; its first training is asked for at once."""
        access(principal, "segments:write")
        read, now, workspace = read_settings(settings), self._clock.now(), principal.tenant.workspace
        named = {"ko": name, "en": name} if isinstance(name, str) else dict(name)
        if set(named) != {"ko", "en"} or not all(text.strip() and len(text) <= 120 for text in named.values()):
            raise Invalid("A score has a name of at most 120 characters.", field="name")
        made = Score(str(uuid7()), named, read, principal.actor, now, "", None)
        async with self._state.begin(principal.tenant) as tx:
            if read.kind == "alike" and await segment_store.segment(tx, workspace, read.segment) is None:
                raise NotFound("There is no such segment.", field="segment")
            await store.add(tx, principal.tenant.org, workspace, made)
            await store.ask(tx, workspace, made.id, "train", principal.actor, now)
            await append(tx, events.score_event(principal, now, events.CREATED, made))
        return made

    async def delete(self, principal: Principal, id: str) -> None:
        """Removes a score with its versions and values. While a segment is made of it: Conflict."""
        access(principal, "segments:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            if await filled_by(tx, principal.tenant.workspace, f"score:{id}:"):
                raise Conflict("A segment is made of this score; remove that first.")
            await store.delete(tx, principal.tenant.workspace, id)
            await append(tx, events.score_event(principal, self._clock.now(), events.DELETED, found))

    async def ask(self, principal: Principal, id: str, kind: WorkKind) -> Work:
        """Asks for a training, or for everybody's values by the version in use. While work is open: Conflict."""
        access(principal, "segments:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            if kind == "score" and not found.model:
                raise Conflict("This score has no trained version yet.")
            if not await store.ask(tx, workspace, id, kind, principal.actor, now):
                raise Conflict("Work on this score is under way.")
            await append(tx, events.score_event(principal, now, events.ASKED, found, {"work": kind}))
            work = await store.work(tx, workspace, id)
            assert work is not None  # noqa: S101 - just written
            return work

    async def cancel(self, principal: Principal, id: str) -> None:
        """Ends the work under way, wherever it runs, within a second or two. Nothing of it is kept."""
        access(principal, "segments:write")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            if not await store.cancel(tx, principal.tenant.workspace, id, now):
                raise Conflict("No work on this score is under way.")
            await append(tx, events.score_event(principal, now, events.CANCELLED, found))

    async def models(self, principal: Principal, id: str) -> list[Model]:
        """The newest versions, with their cards."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, id)
            return await store.models(tx, principal.tenant.workspace, id)

    async def people(
        self, principal: Principal, id: str, *, decile: int | None = None, after: UUID | None = None, limit: int = 100
    ) -> list[Scored]:
        """The highest first; of one tenth or of all."""
        access(principal, "segments:read")
        if decile is not None and not 1 <= decile <= 10:
            raise Invalid("`decile` is 1 to 10.", field="decile")
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, id)
            return await store.people(tx, principal.tenant.workspace, id, decile, after, min(limit, 5_000))

    async def deciles(self, principal: Principal, id: str) -> Sequence[Mapping[str, Any]]:
        """Of each tenth how many there are, and their values."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, id)
            return await store.decile_sizes(tx, principal.tenant.workspace, id)

    async def of_person(self, principal: Principal, person: UUID) -> dict[str, Scored]:
        """Somebody's values by score."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.of_person(tx, principal.tenant.workspace, person)

    async def make_segment(
        self, principal: Principal, id: str, first: int, last: int, name: str | Mapping[str, str] = ""
    ) -> Segment:
        """A segment of the tenths `first` to `last`, which every scoring fills anew. The same again is the same."""
        access(principal, "segments:write")
        if not 1 <= first <= last <= 10:
            raise Invalid("Tenths are from 1 (the highest) to 10, the first not above the last.", field="first")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            score = await _found(tx, principal, id)
            by = filling.called(id, first, last)
            standing = (await filled_by(tx, workspace, by)).get(by)
            if standing and (known := await segment_store.segment(tx, workspace, standing)):
                return known
            part = f"{first * 10 - 10}–{last * 10} %"
            given = {"ko": f"{score.name['ko']}: 상위 {part}", "en": f"{score.name['en']}: top {part}"}
            named = {"ko": name, "en": name} if isinstance(name, str) and name else dict(name or {})
            made = Segment(
                str(uuid7()), named or given,
                {"ko": "점수를 매길 때마다 채워집니다.", "en": "Filled at every scoring."},
                Listed(), "", principal.actor, now, None, None,
            )  # fmt: skip
            await segment_store.add(tx, principal.tenant.org, workspace, made)
            await segment_store.note_rule(tx, workspace, made.id, made.rule, made.created_by, now)
            await append(tx, segment_events.segment_event(principal, now, segment_events.CREATED, made))
            await note_filled(tx, workspace, made.id, by)
            await filling.refill(tx, principal, id, now)
            return await segment_store.segment(tx, workspace, made.id) or made


async def _found(tx: Tx, principal: Principal, id: str) -> Score:
    found = await store.score(tx, principal.tenant.workspace, id)
    if found is None:
        raise NotFound("There is no such score.", field="score")
    return found
