"""What deals hold about a person: contacts and leads with their address, and what was noted of them at records."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank

_THEIRS = "workspace = %(w)s and email <> '' and lower(email) = any(%(addresses)s)"
_PEOPLE = ("deals.contact", "deals.lead")

# Texts that others wrote, where somebody may be pointed at: columns by table.
_NOTES: Mapping[str, Mapping[str, str]] = {
    "deals.opportunity": {
        "name": "text", "next_step": "text", "lost_reason": "text", "description": "text", "custom": "jsonb",
    },
    "deals.account": {"name": "text", "description": "text", "phone": "text", "custom": "jsonb"},
    "deals.contact": {"description": "text", "custom": "jsonb"},
    "deals.lead": {"description": "text", "custom": "jsonb"},
    "deals.line_item": {"description": "text"},
    "deals.view": {"name": "text", "filters": "jsonb"},
    "deals.import_job": {"plan": "jsonb", "report": "jsonb", "error": "text"},
    "deals.import_finding": {"value": "text", "suggestion": "text"},
}  # fmt: skip
# The same where a row may also be known to be about them, by what it belongs to: their name goes there too.
_ABOUT: Mapping[str, tuple[Mapping[str, str], str]] = {
    "deals.task": (
        {"subject": "text", "description": "text", "custom": "jsonb"},
        "about = any(%(objects)s) or contact = any(%(objects)s)",
    ),
    "deals.meeting": (
        {"subject": "text", "place": "text", "description": "text", "custom": "jsonb"},
        "about = any(%(objects)s) or contacts && %(objects)s",
    ),
    "deals.note": ({"title": "text", "text": "text", "custom": "jsonb"}, "about = any(%(objects)s)"),
    "deals.attachment": ({"name": "text", "url": "text", "custom": "jsonb"}, "about = any(%(objects)s)"),
    "deals.change": ({"before": "jsonb", "after": "jsonb"}, "record = any(%(objects)s)"),
    "deals.merge_row": (
        {"before": "jsonb", "after": "jsonb"},
        "before ->> 'id' = any(%(objects)s) or after ->> 'id' = any(%(objects)s)",
    ),
    "deals.merge": ({"choices": "jsonb"}, "winner = any(%(objects)s)"),
}  # fmt: skip


class DealHolder:
    """Contacts and leads with an address of theirs go; records of others stay, without what points at them."""

    name = "deals"
    tables: Sequence[str] = (
        *_NOTES, *_ABOUT, "deals.contact_role", "deals.match_key", "deals.unique_value", "deals.import_file",
    )  # fmt: skip

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        for table in _PEOPLE:
            rows = await tx.rows(f"select id, name from {table} where {_THEIRS}", _of(whom))
            whom = whom.wider(objects=[row["id"] for row in rows], names=[row["name"] for row in rows])
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        found = {}
        for table in _PEOPLE:
            rows = await tx.rows(f"select * from {table} where {_THEIRS}", _of(whom))
            found[table.replace(".", "-")] = rows
        for table, (_, condition) in _ABOUT.items():
            if table not in ("deals.merge_row", "deals.merge"):
                rows = await tx.rows(f"select * from {table} where workspace = %(w)s and ({condition})", _of(whom))
                found[table.replace(".", "-")] = rows
        return found

    async def erase(self, tx: Tx, whom: Whom) -> int:
        changed = 0
        for table, (columns, condition) in _ABOUT.items():
            changed += await blank(tx, table, columns, whom, also=condition, params=_of(whom))
        ids: list[str] = []
        for table in _PEOPLE:
            ids += [row["id"] for row in await tx.rows(f"delete from {table} where {_THEIRS} returning id", _of(whom))]
        for table in ("deals.match_key", "deals.unique_value"):
            await tx.run(f"delete from {table} where workspace = %s and record = any(%s)", (whom.tenant.workspace, ids))
        for table, columns in _NOTES.items():
            changed += await blank(tx, table, columns, whom)
        return changed + len(ids) + await self._files(tx, whom)

    async def _files(self, tx: Tx, whom: Whom) -> int:
        """Files on their way in that tell of them are dropped; the import then says that it cannot go on."""
        rows = await tx.rows(
            "select job, name, body from deals.import_file where workspace = %s", (whom.tenant.workspace,)
        )
        told = [row for row in rows if whom.told_in(zlib.decompress(row["body"]).decode("utf-8", "replace"))]
        for row in told:
            await tx.run(
                "delete from deals.import_file where workspace = %s and job = %s and name = %s",
                (whom.tenant.workspace, row["job"], row["name"]),
            )
        return len(told)


def _of(whom: Whom) -> dict[str, Any]:
    return {"w": whom.tenant.workspace, "addresses": list(whom.addresses), "objects": list(whom.objects)}
