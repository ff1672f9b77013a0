"""A call at this door: who, what, with which body; and its answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg.pq import TransactionStatus

from dure.deals.records.records import Desk
from dure.deals.salesforce.catalogue import SObject
from dure.deals.salesforce.desk import View, view
from dure.deals.salesforce.faults import Fault
from dure.governance.api import Principal
from dure.state import Tx


@dataclass(frozen=True)
class Answer:
    """`body` is made JSON unless it is bytes or text already; None is no body at all."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = "application/json;charset=UTF-8"

    @property
    def ok(self) -> bool:
        return self.status < 300


@dataclass(frozen=True)
class Call:
    """`parts` are the path behind `/services/data/vXX.0/`, each decoded; `tx` is set where several calls are one."""

    desk: Desk
    principal: Principal
    method: str
    version: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    tx: Tx | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """The call's transaction; within a larger one a part of it, which alone is undone where it fails."""
        if self.tx is None:
            async with self.desk.state.begin(self.principal.tenant) as tx:
                yield tx
            return
        async with part_of(self.tx):
            yield self.tx

    async def view(self, tx: Tx) -> View:
        return await view(self.desk, tx, self.principal)

    def json(self) -> Any:
        """The body as JSON; a Fault where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Fault("JSON_PARSER_ERROR", f"The body is not JSON: {str(error)[:200]}") from None

    def json_object(self) -> dict[str, Any]:
        found = self.json()
        if not isinstance(found, dict):
            raise Fault("JSON_PARSER_ERROR", "The body is not an object of JSON.")
        return found


def known(seen: View, name: str) -> SObject:
    """The object by its name; NOT_FOUND where there is none."""
    found = seen.catalogue.find(name)
    if found is None:
        raise Fault("NOT_FOUND", "The requested resource does not exist")
    return found


@asynccontextmanager
async def part_of(tx: Tx) -> AsyncIterator[None]:
    """A part of a transaction that is undone alone where it fails, what it told the feed too."""
    if tx.connection.info.transaction_status == TransactionStatus.IDLE:
        await tx.run("select")  # what begins a transaction would end it too, and commit
    async with tx.part():
        yield
