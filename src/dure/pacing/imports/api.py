"""Imports' entrance: pieces of a file, each kept in one transaction and noted, so that a second run adds nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid
from dure.pacing import store
from dure.pacing.api import Pacing
from dure.pacing.deliveries import recording
from dure.pacing.deliveries import store as delivery_store
from dure.pacing.imports import cells, pieces
from dure.pacing.imports.mapping import Kind, guess
from dure.pacing.model import UNITS, Figure, LineItem, NewLineItem
from dure.state import State, Tx

_MOST_ROWS = 5_000
_PACINGS = {
    "even": "even",
    "evenly": "even",
    "균등": "even",
    "frontloaded": "frontloaded",
    "front loaded": "frontloaded",
    "초반 집중": "frontloaded",
    "asap": "asap",
    "as fast as possible": "asap",
    "accelerated": "asap",
    "최대한 빨리": "asap",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a file as texts; `lines` are where each stands in it. `mapping` says what was not guessed right."""

    kind: Kind
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    mapping: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    party: str = "first"
    micro: bool = False
    day_first: bool = False
    digest: str = ""
    number: int = 0


@dataclass
class Found:
    """What a piece brought. `findings` are rows left out, by line, field and sentence."""

    mapping: dict[str, str]
    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    known: bool = False
    findings: list[dict[str, Any]] = field(default_factory=list)

    def note(self, line: int, name: str, message: str) -> None:
        self.findings.append({"line": line, "field": name, "message": message})


class Imports:
    def __init__(self, state: State, clock: Clock, governance: Governance, pacing: Pacing) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._pacing = pacing

    async def bring(self, principal: Principal, piece: Piece, *, dry_run: bool = False) -> Found:
        """Keeps what can be read of a piece; a dry run only says what would be kept."""
        access(principal, "pacing:write")
        if len(piece.rows) > _MOST_ROWS or len(piece.rows) != len(piece.lines):
            raise Invalid(f"A piece has {_MOST_ROWS:,} rows at most, each with its line.", field="rows")
        found = Found(guess(piece.kind, piece.columns, piece.mapping))
        space = await self._governance.workspace(principal.tenant)
        workspace, now = space.id, self._clock.now()
        rows = []
        for line, row in zip(piece.lines, piece.rows, strict=True):
            if len(row) != len(piece.columns):
                found.note(line, "", f"The row has {len(row)} fields, the header {len(piece.columns)}.")
                continue
            named = dict(zip(piece.columns, row, strict=True))
            rows.append((line, {name: named[column] for name, column in found.mapping.items()}))
        async with self._state.begin(principal.tenant) as tx:
            before = await pieces.known(tx, workspace, piece.digest, piece.number) if piece.digest else None
            if before is not None:
                # What was kept stays, whatever was corrected since; only what was left out is tried again.
                again = {one["line"] for one in before["findings"]}
                if not again:
                    return Found(**{**before, "known": True})
                rows = [(line, row) for line, row in rows if line in again]
                found.findings = [one for one in found.findings if one["line"] in again]
            if piece.kind == "deliveries":
                await self._deliveries(tx, principal, space, piece, rows, found, now, dry_run=dry_run)
            else:
                await self._line_items(tx, principal, space, piece, rows, found, dry_run=dry_run)
            found.findings.sort(key=lambda one: one["line"])
            if piece.digest and not dry_run:
                if before is not None:
                    found.unchanged += before["added"] + before["corrected"] + before["unchanged"]
                note = {"mapping": found.mapping, "added": found.added, "corrected": found.corrected,
                        "unchanged": found.unchanged, "findings": found.findings}  # fmt: skip
                await pieces.keep(tx, workspace, piece.digest, piece.number, note, now)
        return found

    async def _deliveries(
        self, tx: Tx, principal: Principal, space: Workspace, piece: Piece,
        rows: Sequence[tuple[int, dict[str, str]]], found: Found, now: datetime, *, dry_run: bool,
    ) -> None:  # fmt: skip
        items = await self._items(tx, space.id, [row["line_item"].strip() for _, row in rows])
        today = now.astimezone(ZoneInfo(space.timezone)).date()
        figures: list[Figure] = []
        for line, row in rows:
            try:
                item = items.get(row["line_item"].strip())
                if item is None:
                    wanted = "line item's id or external id, nor the name of just one"
                    raise cells.BadCell("line_item", row["line_item"], wanted)
                figure = _figure(row, item, piece)
                figures.append(recording.checked(line, figure, {item.id: item}, today))
            except cells.BadCell as bad:
                found.note(line, bad.field, str(bad))
            except Invalid as bad:
                found.note(line, (bad.field or "").rpartition(".")[2], bad.message)
        if not figures:
            return
        kept = recording.last_of_each(figures)
        known = {} if piece.party == "third" else await delivery_store.known_figures(tx, space.id, kept)
        for one in kept:
            was = known.get(recording.place(one))
            same = was is not None and all(getattr(was, name) == getattr(one, name) for name in UNITS)
            found.unchanged += same
            found.corrected += was is not None and not same
            found.added += was is None
        if not dry_run:
            await self._pacing.record_in(tx, principal, figures, space.timezone)

    async def _line_items(
        self, tx: Tx, principal: Principal, space: Workspace, piece: Piece,
        rows: Sequence[tuple[int, dict[str, str]]], found: Found, *, dry_run: bool,
    ) -> None:  # fmt: skip
        for line, row in rows:
            try:
                new = _line_item(row, space.currency, piece)
                if await store.ids(tx, space.id, [new.external]):
                    found.unchanged += 1
                    continue
                await self._pacing.check_in(tx, principal, new)
                if not dry_run:
                    await self._pacing.create_in(tx, principal, new, space.currency)
                found.added += 1
            except cells.BadCell as bad:
                found.note(line, bad.field, str(bad))
            except DureError as bad:
                found.note(line, bad.field or "", bad.message)

    async def _items(self, tx: Tx, workspace: str, given: Sequence[str]) -> dict[str, LineItem]:
        """Line items by id, external id, or a name that only one has."""
        found = await store.ids(tx, workspace, sorted(set(given)))
        return {**await store.named(tx, workspace, sorted(set(given) - found.keys())), **found}


def _figure(row: Mapping[str, str], item: LineItem, piece: Piece) -> Figure:
    day, hour = cells.moment("day", row["day"], day_first=piece.day_first)
    if "hour" in row and row["hour"].strip():
        hour = cells.number("hour", row["hour"].partition(":")[0])
    counts = {name: cells.number(name, row.get(name, "")) for name in ("impressions", "clicks", "views", "listens")}
    spend = cells.money("spend", row.get("spend", ""), item.currency, micro=piece.micro)
    party = "third" if piece.party == "third" else "first"
    as_of = cells.instant("as_of", row.get("as_of", ""))
    return Figure(item.id, day, hour=hour, spend=spend, source=piece.source, party=party, as_of=as_of, **counts)  # type: ignore[arg-type]


def _line_item(row: Mapping[str, str], currency: str, piece: Piece) -> NewLineItem:
    start, _ = cells.moment("start_day", row["start_day"], day_first=piece.day_first)
    end, _ = cells.moment("end_day", row["end_day"], day_first=piece.day_first)
    unit = row.get("goal_unit", "").strip().casefold() or "impressions"
    how = row.get("pacing", "").strip().casefold()
    if how and how not in _PACINGS:
        raise cells.BadCell("pacing", row["pacing"], "way of pacing: even, frontloaded or asap")
    name, account = row["name"].strip(), row.get("account_name", "").strip()
    # Without an id of its own a row is known by what it says.
    own = hashlib.sha256(f"{name}|{account}|{start}|{end}".encode()).hexdigest()[:20]
    return NewLineItem(
        name, cells.number("goal", row["goal"]), start, end,
        cells.money("budget", row.get("budget", ""), currency, micro=piece.micro), account_name=account,
        external=row.get("external", "").strip() or f"import:{own}", order=row.get("order", "").strip(),
        goal_unit=unit, pacing=_PACINGS.get(how, "even"), cap=cells.number("cap", row.get("cap", "")) or None,  # type: ignore[arg-type]
        priority=cells.number("priority", row.get("priority", "")) or 8, targeting=row.get("targeting", "").strip(),
        format=row.get("format", "").strip(), source=piece.source,
    )  # fmt: skip
