"""Boards as they are looked at: one tile at a time, saved views, annotations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, access
from dure.governance.model import FUNCTIONS
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.kernel.ids import uuid7
from dure.metrics import store
from dure.metrics.api import Metrics
from dure.metrics.boards import events as told
from dure.metrics.boards import store as board_store
from dure.metrics.boards.bar import Bar, narrowed, narrowing, read_bar
from dure.metrics.boards.model import Annotation, View
from dure.metrics.body import read
from dure.metrics.events import metrics_event
from dure.metrics.model import Board, Tile
from dure.metrics.period import zone_of
from dure.state import State, Tx

_READ, _WRITE = "metrics:read", "metrics:write"


class Boards:
    """What the catalogue's boards show, and what people keep about them."""

    def __init__(self, state: State, clock: Clock, governance: Governance, metrics: Metrics) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._metrics = metrics

    async def tile(self, principal: Principal, board: str, number: int, raw: Mapping[str, Any]) -> dict[str, Any]:
        """One tile within a bar: `{tile, metric?, value?, …, answer?, text?}`. A slow one holds up no other."""
        access(principal, _READ)
        found = await self._board(principal, board)
        return await self.answered(principal, found, number, read_bar(dict(raw)))

    async def answered(self, principal: Principal, board: Board, number: int, bar: Bar) -> dict[str, Any]:
        """The same of a board and a bar that are known already."""
        tile = tile_of(board, number)
        shown: dict[str, Any] = {"number": number, "tile": msgspec.to_builtins(tile)}
        if tile.text is not None:
            return {**shown, "text": tile.text}
        zone = (await self._governance.workspace(principal.tenant)).timezone
        from_, to = bar.range(self._clock.now(), zone)
        if tile.question is not None:
            answer = await self._metrics.ask(principal, narrowed(tile.question, bar, from_, to))
            if tile.question["kind"] == "sql":
                answer["meta"]["warnings"].append("SQL is not narrowed by the board's bar.")
            return {**shown, "answer": answer, "question": answer["question"]}
        assert tile.metric is not None  # noqa: S101  check_tile let nothing else in
        if tile.look == "number" and bar.breakdown is None:
            return {**shown, **(await self._metrics.value(principal, tile.metric, from_, to, bar.where))}
        asked = {"kind": "metric", "metric": tile.metric, **narrowing("metric", bar, from_, to)}
        answer = await self._metrics.ask(principal, asked)
        metric = answer.pop("metric")
        value = metric.pop("value")
        return {**shown, "metric": metric, "value": value, "answer": answer, "question": answer["question"]}

    async def board(self, principal: Principal, id: str) -> Board:
        """A board with its tiles, none of them answered."""
        access(principal, _READ)
        return await self._board(principal, id)

    async def remove(self, principal: Principal, id: str) -> None:
        """Takes a board away with its views, links and annotations of its own."""
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if not await board_store.remove_board(tx, principal.tenant.workspace, id):
                raise NotFound(f"There is no board {id!r}.")
            await append(tx, metrics_event(principal, self._clock, told.BOARD_REMOVED, "board", id, {}))

    # -- saved views ------------------------------------------------------------------------------------------------

    async def views(self, principal: Principal, board: str) -> list[View]:
        """A board's shared views and one's own."""
        access(principal, _READ)
        await self._board(principal, board)
        async with self._state.begin(principal.tenant) as tx:
            return await board_store.views(tx, principal.tenant.workspace, board, principal.actor)

    async def save_view(
        self, principal: Principal, board: str, name: str, bar: Mapping[str, Any], *, shared: bool = False,
        id: str | None = None,
    ) -> View:  # fmt: skip
        """Keeps a bar under a name, or writes a view anew."""
        access(principal, _WRITE)
        if not 0 < len(name.strip()) <= 120:
            raise Invalid("A view has a name of at most 120 characters.", field="name")
        kept, now = read_bar(dict(bar)), self._clock.now()
        await self._board(principal, board)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._view(tx, principal, board, id) if id else None
            view = View(
                id=known.id if known else str(uuid7()), board=board, name=name.strip(), bar=kept, shared=shared,
                created_by=known.created_by if known else principal.actor,
                created_at=known.created_at if known else now,
            )  # fmt: skip
            await board_store.save_view(tx, principal.tenant.workspace, view)
            about = {"view": view.id, "name": view.name, "shared": shared}
            await append(tx, metrics_event(principal, self._clock, told.VIEW_SAVED, "board", board, about))
        return view

    async def remove_view(self, principal: Principal, board: str, id: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            view = await self._view(tx, principal, board, id)
            await board_store.remove_view(tx, principal.tenant.workspace, id)
            about = {"view": id, "name": view.name}
            await append(tx, metrics_event(principal, self._clock, told.VIEW_REMOVED, "board", board, about))

    async def _view(self, tx: Tx, principal: Principal, board: str, id: str) -> View:
        view = await board_store.view(tx, principal.tenant.workspace, board, id)
        # Another's personal view is not there for anybody else.
        if view is None or not (view.shared or view.created_by == principal.actor):
            raise NotFound("There is no such view.", field="view")
        _mine(principal, view.created_by)
        return view

    # -- annotations ------------------------------------------------------------------------------------------------

    async def annotations(
        self, principal: Principal, from_: str, to: str, board: str | None = None, metric: str | None = None
    ) -> list[Annotation]:
        """Those from one date or time to another, both included."""
        access(principal, _READ)
        start, end = await self._at(principal, from_, "from"), await self._at(principal, to, "to", last=True)
        async with self._state.begin(principal.tenant) as tx:
            return await board_store.annotations_between(tx, principal.tenant.workspace, start, end, board, metric)

    async def annotate(self, principal: Principal, raw: Mapping[str, Any], id: str | None = None) -> Annotation:
        """Writes an annotation, or one anew: `{at, text, function?, board?, metric?}`; `at` is a date or a time."""
        access(principal, _WRITE)
        given = _annotation(raw)
        at, now = await self._at(principal, given.at, "at"), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await self._there(tx, principal, given)
            known = await self._annotation(tx, principal, id) if id else None
            annotation = Annotation(
                id=known.id if known else str(uuid7()), at=at, text=given.text.strip(), function=given.function,
                board=given.board, metric=given.metric, created_by=known.created_by if known else principal.actor,
                created_at=known.created_at if known else now,
            )  # fmt: skip
            await board_store.save_annotation(tx, principal.tenant.workspace, annotation)
            name = told.ANNOTATION_CHANGED if known else told.ANNOTATED
            about = {"at": at.isoformat(), "text": annotation.text, "function": annotation.function,
                     "board": annotation.board, "metric": annotation.metric}  # fmt: skip
            await append(tx, metrics_event(principal, self._clock, name, "annotation", annotation.id, about))
        return annotation

    async def remove_annotation(self, principal: Principal, id: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            annotation = await self._annotation(tx, principal, id)
            await board_store.remove_annotation(tx, principal.tenant.workspace, id)
            about = {"at": annotation.at.isoformat(), "text": annotation.text}
            await append(tx, metrics_event(principal, self._clock, told.ANNOTATION_REMOVED, "annotation", id, about))

    async def _annotation(self, tx: Tx, principal: Principal, id: str) -> Annotation:
        annotation = await board_store.annotation(tx, principal.tenant.workspace, id)
        if annotation is None:
            raise NotFound("There is no such annotation.", field="annotation")
        _mine(principal, annotation.created_by)
        return annotation

    async def _there(self, tx: Tx, principal: Principal, given: _Annotation) -> None:
        workspace = principal.tenant.workspace
        if given.board and await store.board(tx, workspace, given.board) is None:
            raise Invalid("There is no such board.", field="board")
        if given.metric and await store.metric(tx, workspace, given.metric) is None:
            raise Invalid("There is no such metric.", field="metric")

    # -- within -----------------------------------------------------------------------------------------------------

    async def _board(self, principal: Principal, id: str) -> Board:
        async with self._state.begin(principal.tenant) as tx:
            board = await store.board(tx, principal.tenant.workspace, id)
        if board is None:
            raise NotFound(f"There is no board {id!r}.")
        return board

    async def _at(self, principal: Principal, text: str, field: str, *, last: bool = False) -> datetime:
        """An ISO date (its beginning, or with `last` its end) or date-time in the workspace's zone."""
        zone = zone_of((await self._governance.workspace(principal.tenant)).timezone)
        try:
            if len(text) == 10:
                day = date.fromisoformat(text) + timedelta(days=1 if last else 0)
                return datetime.combine(day, time(), zone).astimezone(UTC)
            at = datetime.fromisoformat(text)
            return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Invalid(f"{text!r} is neither an ISO date nor a date-time.", field=field) from error


def tile_of(board: Board, number: int) -> Tile:
    """A board's tile by its place from 0."""
    if not 0 <= number < len(board.tiles):
        raise NotFound("The board has no such tile.", field="tile")
    return board.tiles[number]


class _Annotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: str
    text: str
    function: str = ""
    board: str | None = None
    metric: str | None = None


def _annotation(raw: Mapping[str, Any]) -> _Annotation:
    given = read(dict(raw), _Annotation)
    if not 0 < len(given.text.strip()) <= 300:
        raise Invalid("An annotation says something in at most 300 characters.", field="text")
    if given.function and given.function not in FUNCTIONS:
        raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
    return given


def _mine(principal: Principal, maker: str) -> None:
    if principal.actor != maker and principal.role not in (Role.OWNER, Role.ADMIN):
        raise NotAllowed("Only whoever made it, or an admin, may change it.")
