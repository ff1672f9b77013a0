"""Imports over HTTP: pieces of a table, as a dry run or for good."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from dure.governance.http import Caller
from dure.pacing.imports.api import Imports, Piece
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Rows:
    """Rows as texts under their columns. `lines` are where they stand in the file (from 2 on where nothing is said);
    with `digest` and `number` a piece that came before is not kept again. `micro`: amounts are in millionths."""

    columns: list[str]
    rows: list[list[str]]
    lines: list[int] | None = None
    mapping: dict[str, str] | None = None
    source: str = ""
    party: Literal["first", "third"] = "first"
    micro: bool = False
    day_first: bool = False
    digest: str = ""
    number: int = 0
    dry_run: bool = False


def router(api: Imports) -> APIRouter:
    """/api/v1/pacing/imports/…"""
    routes = APIRouter(prefix="/api/v1", tags=["pacing"])

    async def bring(caller: Caller, kind: Literal["deliveries", "line_items"], body: Rows) -> dict[str, Any]:
        lines = body.lines or list(range(2, len(body.rows) + 2))
        piece = Piece(kind, body.columns, body.rows, lines, body.mapping or {}, body.source, body.party, body.micro,
                      body.day_first, body.digest, body.number)  # fmt: skip
        return asdict(await api.bring(caller, piece, dry_run=body.dry_run))

    @routes.post("/pacing/imports/deliveries")
    async def deliveries(caller: Caller, body: Rows) -> dict[str, Any]:
        """Brings in figures; columns are guessed, rows that cannot be read are told with their lines."""
        return await bring(caller, "deliveries", body)

    @routes.post("/pacing/imports/line-items")
    async def line_items(caller: Caller, body: Rows) -> dict[str, Any]:
        """Brings in line items; one that is known by its external id stays as it is."""
        return await bring(caller, "line_items", body)

    return routes
