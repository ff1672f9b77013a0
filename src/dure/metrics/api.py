"""Metrics' entrance: ask a question, open a number down to its events, keep the catalogue and the boards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.filters import Filter
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import asking, behind, events, names, store
from dure.metrics.behind import Cell
from dure.metrics.boards import bar
from dure.metrics.body import read as _read
from dure.metrics.catalogue import catalogue, formula, impact, revision, uses
from dure.metrics.catalogue.measuring import Measuring
from dure.metrics.journeys.api import Journeys
from dure.metrics.kinds import journey
from dure.metrics.model import Board, ChangedMetric, Metric, NewBoard, NewMetric
from dure.metrics.model import Reading as Which
from dure.metrics.period import Ruler
from dure.metrics.question import AnyQuestion, Interval, JourneyQuestion, MetricQuestion, parse
from dure.metrics.serving.answers import Answers
from dure.metrics.serving.bounds import Bounds
from dure.metrics.serving.inquiry import Inquiries, Inquiry
from dure.metrics.serving.reading import Reading
from dure.metrics.sql import Ask, Words
from dure.metrics.starters import BOARD, METRICS, TREES
from dure.metrics.tree.api import Trees
from dure.state import State, Tx

__all__ = ["Board", "Bounds", "Metric", "Metrics", "NewBoard", "NewMetric", "Which"]

KnownSegment = Callable[[Tenant, str], Awaitable[bool]]
_READ, _WRITE = "metrics:read", "metrics:write"


class Metrics:
    """The one definition of every number. Questions and answers are JSON as in CONTRACTS §3."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, *, bounds: Bounds | None = None
    ) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._answers = Answers(log, clock, bounds or Bounds())
        self._inquiries = Inquiries(log)
        self._segment_is_known: KnownSegment | None = None
        self.journeys = Journeys(state, clock)
        self.trees = Trees(state, clock, self.measuring)

    def know_segments_by(self, known: KnownSegment) -> None:
        """Who can say whether a segment that a question names is there."""
        self._segment_is_known = known

    async def ask(self, principal: Principal, raw: Mapping[str, Any], query: str = "") -> dict[str, Any]:
        """The answer to a question. Invalid (422) names the field that makes no sense.

        `query` is a name of the asker's by which the question can be watched and cancelled while it runs.
        """
        access(principal, _READ)
        question = parse(dict(raw))

        async def answer(inquiry: Inquiry) -> dict[str, Any]:
            if isinstance(question, JourneyQuestion):
                return await self._journey(principal, question, inquiry)
            if not isinstance(question, MetricQuestion):
                return await self._answer(principal, question, inquiry)
            metric = await self._metric(principal, question.metric)
            measuring = await self.measuring(principal, inquiry=inquiry)
            answer = await measuring.answer(metric, question)
            value = measuring.number_of(metric, question, answer)
            return {**answer, "metric": {**msgspec.to_builtins(metric), "value": value}}

        return await self._inquiries.run(principal, query, answer)

    async def cancel(self, principal: Principal, query: str) -> None:
        """Stops a question of one's own while it runs; NotFound where none does under that name."""
        access(principal, _READ)
        await self._inquiries.stop(principal, query)

    async def progress(self, principal: Principal, query: str) -> dict[str, Any]:
        """How far a question of one's own is: `{state, rows_read, rows_total, elapsed_ms}`."""
        access(principal, _READ)
        return await self._inquiries.progress(principal, query)

    async def rows_behind(
        self, principal: Principal, raw: Mapping[str, Any], cell: Mapping[str, Any], query: str = ""
    ) -> dict[str, Any]:
        """The people and events that one cell of the question's answer counted (`behind.Cell`)."""
        access(principal, _READ)
        question, wanted = await self._cell(principal, raw, cell)

        async def answer(inquiry: Inquiry) -> dict[str, Any]:
            async with self._answers.turn(inquiry) as reading:
                ask, ruler = await self._prepared(principal, question, reading)
                return await behind.rows(reading, ask, ruler, wanted)

        return await self._inquiries.run(principal, query, answer)

    async def people_behind(
        self, principal: Principal, raw: Mapping[str, Any], cell: Mapping[str, Any], query: str = ""
    ) -> dict[str, Any]:
        """The ids of those whom one cell counted, by id: `{people, total, next}`; `next` is the next page's `after`."""
        access(principal, _READ)
        question, wanted = await self._cell(principal, raw, cell)

        async def answer(inquiry: Inquiry) -> dict[str, Any]:
            async with self._answers.turn(inquiry) as reading:
                ask, ruler = await self._prepared(principal, question, reading)
                return await behind.people(reading, ask, ruler, wanted)

        return await self._inquiries.run(principal, query, answer)

    async def countable(
        self, principal: Principal, raw: Mapping[str, Any], cell: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A question and a cell as somebody keeps them to count people by; Invalid where they name no people.

        A metric becomes its question of today; a range that was not said stays open.
        """
        access(principal, _READ)
        question, wanted = await self._cell(principal, raw, cell)
        if question.by != "person":
            raise Invalid("Only people are counted here, not accounts or objects.", field="question.by")
        ask, ruler = await self._prepared(principal, question)
        behind.units(ask, ruler, wanted)
        kept = {name: value for name, value in msgspec.to_builtins(question).items() if value is not None}
        return kept, {name: value for name, value in cell.items() if name not in ("limit", "after")}

    async def counted(
        self, principal: Principal, raw: Mapping[str, Any], cell: Mapping[str, Any], prefix: str,
        now: datetime | None = None,
    ) -> tuple[str, Mapping[str, Any]]:  # fmt: skip
        """A SELECT of `unit`, the people that a cell counts `now` (some may come twice), and the values bound in it,
        whose names begin with `prefix`."""
        access(principal, _READ)
        question, wanted = await self._cell(principal, raw, cell)
        ask, ruler = await self._prepared(principal, question, now=now)
        ask.words = Words(prefix)
        sql, _ = behind.units(ask, ruler, wanted)
        return sql, ask.words.values

    async def event_names(self, principal: Principal) -> list[dict[str, Any]]:
        access(principal, _READ)
        return await names.events(self._log, principal.tenant, self._clock.now() - timedelta(days=120))

    async def property_names(self, principal: Principal, event: str = "") -> list[dict[str, Any]]:
        access(principal, _READ)
        return await names.properties(self._log, principal.tenant, event)

    async def property_values(self, principal: Principal, prop: str, event: str = "") -> list[dict[str, Any]]:
        access(principal, _READ)
        return await names.values(self._log, principal.tenant, prop, event)

    # -- the catalogue ----------------------------------------------------------------------------------------------

    async def metrics(
        self, principal: Principal, text: str = "", function: str = "", tag: str = "", *, verified: bool | None = None
    ) -> list[dict[str, Any]]:
        """The catalogue, or what of it a search means; each metric with `used`, in how many places."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            known = await store.metrics(tx, principal.tenant.workspace)
            used = await uses.counts(tx, principal.tenant.workspace, [metric.id for metric in known])
        return [
            {**msgspec.to_builtins(metric), "used": used[metric.id]}
            for metric in known
            if catalogue.matches(metric, text)
            and function in ("", metric.function)
            and (not tag or tag in metric.tags)
            and verified in (None, metric.verified)
        ]

    async def metric(self, principal: Principal, id: str) -> dict[str, Any]:
        """A metric with its history, newest first, what each version changed, and where it is used."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            metric = await self._known(tx, principal, id, lock=False)
            history = await store.history(tx, principal.tenant.workspace, id)
            places = await uses.uses(tx, principal.tenant.workspace, id)
        return {
            **msgspec.to_builtins(metric),
            "history": revision.with_differences(history),
            "uses": msgspec.to_builtins(places),
        }

    async def create_metric(self, principal: Principal, raw: Mapping[str, Any]) -> Metric:
        """Adds a metric to the catalogue; Conflict where its id is taken."""
        access(principal, _WRITE)
        new = _read(dict(raw), NewMetric)
        async with self._state.begin(principal.tenant) as tx:
            return await self._create(tx, principal, new)

    async def change_metric(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> Metric:
        """Writes a metric anew under the next version; what it was stays in its history. Verification is taken back
        where it counts something else now. Conflict where `version` is given and somebody has changed it since."""
        access(principal, _WRITE)
        new = _read({**raw, "id": id}, ChangedMetric)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id)
            if new.version is not None and new.version != known.version:
                raise Conflict(
                    f"This metric is at version {known.version} by now; you read version {new.version}.",
                    field="version", data={"version": known.version},
                )  # fmt: skip
            changed = await self._changed(tx, principal, known, new)
            await self._save(tx, principal, changed, events.METRIC_CHANGED)
        return changed

    async def impact(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Who would be affected if a metric were written anew like this: the places where it is used, their people
        and teams, the old and the new value over the same range, and whether verification would be lost."""
        access(principal, _READ)
        body = {name: value for name, value in raw.items() if name not in ("from", "to")}
        new = _read({**body, "id": id}, ChangedMetric)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id, lock=False)
            changed = await self._changed(tx, principal, known, new)
            places = await uses.uses(tx, workspace, id)
            users = await self._governance.users_in(tx, principal.tenant)
        numbers: dict[str, Any] = {}
        for name, metric in (("before", known), ("after", changed)):
            measuring = await self.measuring(principal, metric)
            numbers[name] = await self._tried(measuring, metric, raw.get("from"), raw.get("to"))
        return impact.told(known, changed, places, users, numbers)

    async def verify_metric(self, principal: Principal, id: str, *, verified: bool = True) -> Metric:
        """Says that the owners stand by a metric as it is now."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id)
            by, at = (principal.actor, self._clock.now()) if verified else ("", None)
            changed = msgspec.structs.replace(
                known, verified=verified, verified_by=by, verified_at=at, version=known.version + 1
            )
            await self._save(tx, principal, changed, events.METRIC_VERIFIED)
        return changed

    async def remove_metric(self, principal: Principal, id: str) -> None:
        """Conflict where a formula or a tree counts with it; a board only says that it is gone."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            places = await uses.uses(tx, principal.tenant.workspace, id)
            needed = [place for place in places if place.kind in ("formula", "tree") and not place.through]
            if needed:
                names = ", ".join(place.name_en for place in needed)
                raise Conflict(f"Others count with this metric: {names}.", data={"uses": msgspec.to_builtins(needed)})
            if not await store.remove_metric(tx, principal.tenant.workspace, id):
                raise NotFound(f"There is no metric {id!r}.")
            await append(tx, events.metrics_event(principal, self._clock, events.METRIC_REMOVED, "metric", id, {}))

    async def value(
        self, principal: Principal, id: str, from_: str | None = None, to: str | None = None,
        where: tuple[Filter, ...] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """`{metric, value, previous, change, good, target_met, line, intervals}`: how a metric stands over a range
        beside the range of the same length before; the last thirty days where none is given."""
        access(principal, _READ)
        metric = await self._metric(principal, id)
        return await self._value(principal, metric, from_, to, where)

    async def latest(self, principal: Principal, id: str) -> dict[str, Any]:
        """`{value, previous, change, good, target_met}` of the last interval that is over beside the one before it; of
        the metric's whole range where it has no two intervals."""
        access(principal, _READ)
        metric = await self._metric(principal, id)
        found = await self._value(principal, metric, None, None)
        over = found["values"][: found["complete"]]
        if len(over) < 2:
            return {name: found[name] for name in ("value", "previous", "change", "good", "target_met")}
        return catalogue.standing(metric, over[-1], over[-2])

    async def series(
        self, principal: Principal, id: str, from_: str, to: str, *, interval: Interval, timezone: str | None = None
    ) -> dict[str, float | None]:
        """A metric's numbers by the beginnings of the intervals that are over. Invalid where it has none as short
        as `interval`: a metric may have a value for a week and none for a day."""
        access(principal, _READ)
        metric, measuring = await self._metric(principal, id), await self.measuring(principal)
        if (grain := measuring.grain(metric)) is None or (grain, interval) == ("week", "day"):
            raise Invalid(f"{id} has no value for each {interval}.", field="metric")
        asked = MetricQuestion(metric=id, from_=from_, to=to, interval=interval, timezone=timezone)
        return await measuring.series(metric, asked)

    # -- boards -----------------------------------------------------------------------------------------------------

    async def boards(self, principal: Principal) -> list[Board]:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.boards(tx, principal.tenant.workspace)

    async def board(
        self, principal: Principal, id: str, from_: str | None = None, to: str | None = None
    ) -> dict[str, Any]:
        """A board with the value of each metric on it; a tile that cannot be answered carries its `error`."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            board = await store.board(tx, principal.tenant.workspace, id)
            known = {metric.id: metric for metric in await store.metrics(tx, principal.tenant.workspace)}
        if board is None:
            raise NotFound(f"There is no board {id!r}.")
        tiles = []
        for tile in board.tiles:
            shown: dict[str, Any] = msgspec.to_builtins(tile)
            metric = known.get(tile.metric or "")
            try:
                if metric is not None:
                    shown |= await self._value(principal, metric, from_, to)
                elif tile.question is not None:
                    shown["answer"] = await self._answer(principal, parse(tile.question))
                elif tile.text is None:
                    shown["error"] = "This metric is no longer in the catalogue."
            except Invalid as error:
                shown["error"] = error.message
            tiles.append(shown)
        return {"id": board.id, "name_ko": board.name_ko, "name_en": board.name_en, "tiles": tiles}

    async def create_board(self, principal: Principal, raw: Mapping[str, Any]) -> Board:
        access(principal, _WRITE)
        new = _read(dict(raw), NewBoard)
        async with self._state.begin(principal.tenant) as tx:
            return await self._create_board(tx, principal, new)

    async def change_board(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> Board:
        access(principal, _WRITE)
        new = _read({**raw, "id": id}, NewBoard)
        async with self._state.begin(principal.tenant) as tx:
            if await store.board(tx, principal.tenant.workspace, id) is None:
                raise NotFound(f"There is no board {id!r}.")
            return await self._save_board(tx, principal, new, id, events.BOARD_CHANGED)

    async def start(self, principal: Principal) -> Board:
        """Fills an empty catalogue with metrics of each team, their board, the trees that they make and a journey map;
        a second time changes nothing."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            known = {metric.id for metric in await store.metrics(tx, principal.tenant.workspace)}
            for new in METRICS:
                if new.id not in known:
                    await self._create(tx, principal, new)
            await self.trees.begin_with(tx, principal, TREES)
            await self.journeys.start(tx, principal)
            board = await store.board(tx, principal.tenant.workspace, BOARD.id or "")
            return board or await self._create_board(tx, principal, BOARD)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _answer(
        self, principal: Principal, question: AnyQuestion, inquiry: Inquiry | None = None
    ) -> dict[str, Any]:
        await self._check_segment(principal, question)
        zone = await self._timezone(principal)
        inquiry = inquiry or self._inquiries.unnamed(principal)
        return await self._answers.answer(inquiry, question, self._clock.now(), zone)

    async def _cell(
        self, principal: Principal, raw: Mapping[str, Any], cell: Mapping[str, Any]
    ) -> tuple[AnyQuestion, Cell]:
        """A question and one number of its answer; what is wrong is named as `question.…` or `cell.…`."""
        with _within("question"):
            question = await self._plain(principal, parse(dict(raw)))
            await self._check_segment(principal, question)
        return question, _read(dict(cell), Cell, "cell")

    async def _plain(self, principal: Principal, question: AnyQuestion) -> AnyQuestion:
        """What a metric of the catalogue or a saved map asks."""
        if isinstance(question, MetricQuestion):
            metric = await self._metric(principal, question.metric)
            if formula.is_formula(metric.question):
                raise Invalid("A formula's number is opened by the metrics it is made of.", field="metric")
            question = catalogue.asked(metric, question)
        if isinstance(question, JourneyQuestion):
            question = await self.journeys.resolved(principal, question)
        return question

    async def _journey(self, principal: Principal, question: JourneyQuestion, inquiry: Inquiry) -> dict[str, Any]:
        resolved = await self.journeys.resolved(principal, question)
        answer = await self._answer(principal, resolved, inquiry)
        shown = {stage.id: stage.metric for stage in journey.course_of(resolved).stages}
        measuring = await self.measuring(principal, inquiry=inquiry)
        for stage in answer["stages"]:
            metric = measuring.known.get(shown[stage["id"]] or "")
            if metric is not None:
                value = await measuring.number(metric, question.from_, question.to, question.timezone)
                stage["metric"] = {**msgspec.to_builtins(metric), "value": value}
        return {**answer, "question": {**answer["question"], "map": question.map}}

    async def _value(
        self, principal: Principal, metric: Metric, from_: str | None, to: str | None, where: tuple[Filter, ...] = ()
    ) -> dict[str, Any]:
        standing = await (await self.measuring(principal)).standing(metric, from_, to, where)
        return {"metric": msgspec.to_builtins(metric), **standing}

    async def _tried(self, measuring: Measuring, metric: Metric, from_: Any, to: Any) -> dict[str, Any]:
        """A metric's standing, or the `error` that a definition meets when it is asked."""
        try:
            found = await measuring.standing(metric, from_, to)
        except (Invalid, NotFound) as error:
            return {"error": error.message}
        return {name: found[name] for name in ("value", "previous", "change", "line", "complete", "question")}

    async def measuring(self, principal: Principal, *instead: Metric, inquiry: Inquiry | None = None) -> Measuring:
        """One look at the catalogue, to measure with; `instead` stand in for the metrics of the same ids."""
        async with self._state.begin(principal.tenant) as tx:
            known = {metric.id: metric for metric in await store.metrics(tx, principal.tenant.workspace)}
        known |= {metric.id: metric for metric in instead}
        answer = partial(self._answer, principal, inquiry=inquiry)
        return Measuring(known, answer, self._clock.now(), await self._timezone(principal))

    async def _check_segment(self, principal: Principal, question: AnyQuestion) -> None:
        named, known = question.segment, self._segment_is_known
        if named is not None and known is not None and not await known(principal.tenant, named):
            raise Invalid(f"There is no segment {named!r}.", field="segment")

    async def _prepared(
        self, principal: Principal, question: AnyQuestion, reading: Reading | None = None, now: datetime | None = None
    ) -> tuple[Ask, Ruler]:
        reading = reading or Reading(self._log, principal.tenant)
        with _within("question"):
            return await asking.prepare(reading, question, now or self._clock.now(), await self._timezone(principal))

    async def _timezone(self, principal: Principal) -> str:
        return (await self._governance.workspace(principal.tenant)).timezone

    async def _metric(self, principal: Principal, id: str) -> Metric:
        async with self._state.begin(principal.tenant) as tx:
            return await self._known(tx, principal, id, lock=False)

    async def _known(self, tx: Tx, principal: Principal, id: str, *, lock: bool = True) -> Metric:
        metric = await store.metric(tx, principal.tenant.workspace, id, lock=lock)
        if metric is None:
            raise NotFound(f"There is no metric {id!r}.", field="metric")
        return metric

    async def _create(self, tx: Tx, principal: Principal, new: NewMetric) -> Metric:
        name = catalogue.id_of(new.id, new.name_en)
        await self._check(tx, principal, new, name)
        if await store.metric(tx, principal.tenant.workspace, name) is not None:
            raise Conflict(f"There is a metric {name!r} already.", field="id")
        body = {**msgspec.to_builtins(new), "id": name}
        metric = msgspec.convert({**body, "created_by": principal.actor, "created_at": self._clock.now()}, Metric)
        await self._save(tx, principal, metric, events.METRIC_CREATED)
        return metric

    async def _changed(self, tx: Tx, principal: Principal, known: Metric, new: ChangedMetric) -> Metric:
        """The metric as it would be after a change."""
        await self._check(tx, principal, new, known.id)
        body = {**msgspec.to_builtins(known), **msgspec.to_builtins(new), "id": known.id}
        changed = msgspec.convert({**body, "version": known.version + 1}, Metric)
        if known.verified and catalogue.same_meaning(known, changed):
            return changed
        return msgspec.structs.replace(changed, verified=False, verified_by="", verified_at=None)

    async def _check(self, tx: Tx, principal: Principal, new: NewMetric, id: str) -> None:
        known = {metric.id: metric for metric in await store.metrics(tx, principal.tenant.workspace)}
        catalogue.check(new, id, known)
        if new.owner and new.owner not in {user.id for user in await self._governance.users_in(tx, principal.tenant)}:
            raise Invalid("The owner is a person of this workspace.", field="owner")

    async def _save(self, tx: Tx, principal: Principal, metric: Metric, event: str) -> None:
        await store.save_metric(tx, principal.tenant.workspace, metric, principal.actor, self._clock.now())
        told = {"name_ko": metric.name_ko, "name_en": metric.name_en, "version": metric.version,
                "verified": metric.verified}  # fmt: skip
        await append(tx, events.metrics_event(principal, self._clock, event, "metric", metric.id, told))

    async def _create_board(self, tx: Tx, principal: Principal, new: NewBoard) -> Board:
        name = catalogue.id_of(new.id, new.name_en)
        if await store.board(tx, principal.tenant.workspace, name) is not None:
            raise Conflict(f"There is a board {name!r} already.", field="id")
        return await self._save_board(tx, principal, new, name, events.BOARD_CREATED)

    async def _save_board(self, tx: Tx, principal: Principal, new: NewBoard, id: str, event: str) -> Board:
        for index, tile in enumerate(new.tiles):
            bar.check_tile(tile, f"tiles[{index}]")
            if tile.metric is not None:
                await self._known(tx, principal, tile.metric, lock=False)
        board = Board(id=id, name_ko=new.name_ko, name_en=new.name_en, tiles=new.tiles)
        await store.save_board(tx, principal.tenant.workspace, board, principal.actor, self._clock.now())
        told = {"name_ko": board.name_ko, "name_en": board.name_en, "tiles": len(board.tiles)}
        await append(tx, events.metrics_event(principal, self._clock, event, "board", id, told))
        return board


@contextmanager
def _within(name: str) -> Iterator[None]:
    """Names what is wrong as a field of `name`."""
    try:
        yield
    except Invalid as error:
        raise Invalid(error.message, field=f"{name}.{error.field}" if error.field else name) from error
