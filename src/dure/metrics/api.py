"""Metrics' entrance: ask a question, open a number down to its events, keep the catalogue and the boards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import asking, behind, catalogue, events, names, store
from dure.metrics.answers import Answers
from dure.metrics.behind import Cell
from dure.metrics.bounds import Bounds
from dure.metrics.inquiry import Inquiries, Inquiry
from dure.metrics.model import Board, Metric, NewBoard, NewMetric
from dure.metrics.model import Reading as Which
from dure.metrics.period import Ruler
from dure.metrics.question import AnyQuestion, MetricQuestion, parse, refused
from dure.metrics.reading import Reading
from dure.metrics.sql import Ask, Words
from dure.metrics.starters import BOARD, METRICS
from dure.state import State, Tx

__all__ = ["Board", "Bounds", "Metric", "Metrics", "NewBoard", "NewMetric", "Which"]

Written = TypeVar("Written", NewMetric, NewBoard, Cell)
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
            if not isinstance(question, MetricQuestion):
                return await self._answer(principal, question, inquiry)
            metric = await self._metric(principal, question.metric)
            answer = await self._answer(principal, catalogue.asked(metric, question), inquiry)
            value = catalogue.number(metric, answer) if question.breakdown is None else None
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
        self, principal: Principal, raw: Mapping[str, Any], cell: Mapping[str, Any], prefix: str
    ) -> tuple[str, Mapping[str, Any]]:
        """A SELECT of `unit`, the people that a cell counts now (some may come twice), and the values bound in it,
        whose names begin with `prefix`."""
        access(principal, _READ)
        question, wanted = await self._cell(principal, raw, cell)
        ask, ruler = await self._prepared(principal, question)
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

    async def metrics(self, principal: Principal) -> list[Metric]:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.metrics(tx, principal.tenant.workspace)

    async def metric(self, principal: Principal, id: str) -> dict[str, Any]:
        """A metric with its history, newest first."""
        access(principal, _READ)
        metric = await self._metric(principal, id)
        async with self._state.begin(principal.tenant) as tx:
            history = await store.history(tx, principal.tenant.workspace, id)
        return {**msgspec.to_builtins(metric), "history": history}

    async def create_metric(self, principal: Principal, raw: Mapping[str, Any]) -> Metric:
        """Adds a metric to the catalogue; Conflict where its id is taken."""
        access(principal, _WRITE)
        new = _read(dict(raw), NewMetric)
        catalogue.check(new)
        async with self._state.begin(principal.tenant) as tx:
            return await self._create(tx, principal, new)

    async def change_metric(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> Metric:
        """Writes a metric anew under the next version; what it was stays in its history. Verification is taken back."""
        access(principal, _WRITE)
        new = _read({**raw, "id": id}, NewMetric)
        catalogue.check(new)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id)
            changed = msgspec.convert(
                {**msgspec.to_builtins(known), **msgspec.to_builtins(new), "id": id, "version": known.version + 1,
                 "verified": False}, Metric,
            )  # fmt: skip
            await self._save(tx, principal, changed, events.METRIC_CHANGED)
        return changed

    async def verify_metric(self, principal: Principal, id: str, *, verified: bool = True) -> Metric:
        """Says that the owners stand by a metric as it is now."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id)
            changed = msgspec.structs.replace(known, verified=verified, version=known.version + 1)
            await self._save(tx, principal, changed, events.METRIC_VERIFIED)
        return changed

    async def remove_metric(self, principal: Principal, id: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if not await store.remove_metric(tx, principal.tenant.workspace, id):
                raise NotFound(f"There is no metric {id!r}.")
            await append(tx, events.metrics_event(principal, self._clock, events.METRIC_REMOVED, "metric", id, {}))

    async def value(
        self, principal: Principal, id: str, from_: str | None = None, to: str | None = None
    ) -> dict[str, Any]:
        """`{metric, value, previous, change, good, target_met, line, intervals}`: how a metric stands over a range
        beside the range of the same length before; the last thirty days where none is given."""
        access(principal, _READ)
        metric = await self._metric(principal, id)
        return await self._value(principal, metric, from_, to)

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
                else:
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
        """Fills an empty catalogue with one metric of each team and their board; a second time changes nothing."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            known = {metric.id for metric in await store.metrics(tx, principal.tenant.workspace)}
            for new in METRICS:
                if new.id not in known:
                    await self._create(tx, principal, new)
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
            question = parse(dict(raw))
            if isinstance(question, MetricQuestion):
                question = catalogue.asked(await self._metric(principal, question.metric), question)
            await self._check_segment(principal, question)
        return question, _read(dict(cell), Cell, "cell")

    async def _check_segment(self, principal: Principal, question: AnyQuestion) -> None:
        named, known = question.segment, self._segment_is_known
        if named is not None and known is not None and not await known(principal.tenant, named):
            raise Invalid(f"There is no segment {named!r}.", field="segment")

    async def _value(self, principal: Principal, metric: Metric, from_: str | None, to: str | None) -> dict[str, Any]:
        question = MetricQuestion(metric=metric.id, from_=from_, to=to)
        now, zone = self._clock.now(), await self._timezone(principal)
        asked = catalogue.asked(metric, question)
        ruler = asking.ruler_for(asked, now, zone)
        over = catalogue.complete(ruler, now)
        answer = await self._answer(principal, asked)
        value = catalogue.number(metric, answer, over)
        if metric.reading.at == "last":
            previous = catalogue.number(metric, answer, over - 1) if over > 1 else None
        else:
            earlier = await self._answer(principal, catalogue.before(metric, ruler.period))
            previous = catalogue.number(metric, earlier)
        return {
            "metric": msgspec.to_builtins(metric),
            **catalogue.standing(metric, value, previous),
            "line": catalogue.line(metric, answer, over),
            "intervals": answer.get("intervals", []),
            "question": answer["question"],
            "meta": answer["meta"],
        }

    async def _prepared(
        self, principal: Principal, question: AnyQuestion, reading: Reading | None = None
    ) -> tuple[Ask, Ruler]:
        reading = reading or Reading(self._log, principal.tenant)
        with _within("question"):
            return await asking.prepare(reading, question, self._clock.now(), await self._timezone(principal))

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
        name = new.id or catalogue.slug(new.name_en)
        if await store.metric(tx, principal.tenant.workspace, name) is not None:
            raise Conflict(f"There is a metric {name!r} already.", field="id")
        body = {**msgspec.to_builtins(new), "id": name}
        metric = msgspec.convert({**body, "created_by": principal.actor, "created_at": self._clock.now()}, Metric)
        await self._save(tx, principal, metric, events.METRIC_CREATED)
        return metric

    async def _save(self, tx: Tx, principal: Principal, metric: Metric, event: str) -> None:
        await store.save_metric(tx, principal.tenant.workspace, metric, principal.actor, self._clock.now())
        told = {"name_ko": metric.name_ko, "name_en": metric.name_en, "version": metric.version,
                "verified": metric.verified}  # fmt: skip
        await append(tx, events.metrics_event(principal, self._clock, event, "metric", metric.id, told))

    async def _create_board(self, tx: Tx, principal: Principal, new: NewBoard) -> Board:
        name = new.id or catalogue.slug(new.name_en)
        if await store.board(tx, principal.tenant.workspace, name) is not None:
            raise Conflict(f"There is a board {name!r} already.", field="id")
        return await self._save_board(tx, principal, new, name, events.BOARD_CREATED)

    async def _save_board(self, tx: Tx, principal: Principal, new: NewBoard, id: str, event: str) -> Board:
        for index, tile in enumerate(new.tiles):
            if (tile.metric is None) == (tile.question is None):
                raise Invalid("A tile is a metric or a question.", field=f"tiles[{index}]")
            if tile.metric is not None:
                await self._known(tx, principal, tile.metric, lock=False)
            else:
                parse(tile.question)
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


def _read(raw: dict[str, Any], kind: type[Written], field: str = "") -> Written:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise refused(error, field) from error
