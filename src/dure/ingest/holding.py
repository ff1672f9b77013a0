"""What ingest holds about a person: examples of refused events, and events that wait to be let in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.ingest import rules_store
from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank, there

# An example that speaks of the person is emptied whole: it is a raw event, and may be theirs from end to end.
_EXAMPLES = ("ingest.reject", "ingest.violation", "ingest.event_name")
_HELD = "ingest.held"


class IngestHolder:
    """Examples and held events. A table that this installation does not have is passed over."""

    name = "ingest"
    tables: Sequence[str] = (*_EXAMPLES, _HELD)

    async def trace(self, tx: Tx, whom: Whom) -> Whom:  # noqa: ARG002
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        found: dict[str, Sequence[Mapping[str, Any]]] = {}
        for table in _EXAMPLES:
            if await there(tx, table):
                rows = await tx.rows(
                    f"select * from {table} where workspace = %s and %s <> '' and example ~* %s",
                    (whom.tenant.workspace, whom.strong, whom.strong),
                )
                found[table.replace(".", "-")] = [row for row in rows if whom.told_in(row["example"])]
        if await there(tx, _HELD):
            rows = await tx.rows(
                f"select line from {_HELD} where workspace = %s and person = any(%s)",
                (whom.tenant.workspace, list(whom.people)),
            )
            found["ingest-held"] = [{"event": bytes(row["line"]).decode("utf-8", "replace")} for row in rows]
        return found

    async def erase(self, tx: Tx, whom: Whom) -> int:
        changed = 0
        for table in _EXAMPLES:
            if await there(tx, table):
                changed += await self._empty(tx, table, whom)
                changed += await blank(tx, table, {"message": "text"}, whom) if table != "ingest.event_name" else 0
        if await there(tx, _HELD):
            changed += await rules_store.forget_held(tx, whom.tenant.workspace, list(whom.people))
            changed += await self._blank_held(tx, whom)
        return changed

    async def _blank_held(self, tx: Tx, whom: Whom) -> int:
        """Others' events that wait and speak of the person."""
        rows = await tx.rows(
            f"select ctid::text as place, convert_from(line, 'UTF8') as line from {_HELD} where workspace = %s"
            " and %s <> '' and convert_from(line, 'UTF8') ~* %s for update",
            (whom.tenant.workspace, whom.strong, whom.strong),
        )
        new = [(whom.blank(row["line"]).encode(), row["place"]) for row in rows if whom.told_in(row["line"])]
        await tx.many(f"update {_HELD} set line = %s where ctid = %s::tid", new)
        return len(new)

    async def _empty(self, tx: Tx, table: str, whom: Whom) -> int:
        if not whom.strong:
            return 0
        rows = await tx.rows(
            f"select ctid::text as place, example from {table} where workspace = %s and example ~* %s for update",
            (whom.tenant.workspace, whom.strong),
        )
        places = [row["place"] for row in rows if whom.told_in(row["example"])]
        return await tx.run(f"update {table} set example = '' where ctid = any(%s::tid[])", (places,)) if places else 0
