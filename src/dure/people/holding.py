"""What people hold about somebody, for erasing and giving out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank, there

# Table → the columns that say whose a row is: person ids as they are written, or distinct ids. A table that this
# installation does not have is passed over.
_BY_PERSON = {
    "people.person": ("id", "merged_into"),
    "people.identity": ("own", "person"),
}
_BY_ID = {
    "people.claim": ("distinct_id", "user_id"),
    "people.decision": ("distinct_id", "user_id"),
    "people.trait_change": ("owner",),
}
_TEXTS = {
    "people.account": {"traits": "jsonb", "changed": "jsonb"},
    "people.trait_change": {"changes": "jsonb", "late": "jsonb"},
    "people.decision": {"reason": "text"},
}
# Some senders make message ids of the person's id.
_APPLIED = "people.applied"


class PeopleHolder:
    """Profiles, identities and the statements behind them."""

    name = "people"
    tables: Sequence[str] = (*_BY_PERSON, *_BY_ID, "people.account", _APPLIED)

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        """Whatever traits they have or had, and the ids that became theirs."""
        rows = await tx.rows(
            "select distinct_id, traits from people.person where workspace = %s"
            " and (id = any(%s) or merged_into = any(%s))",
            (whom.tenant.workspace, list(whom.people), list(whom.people)),
        )
        for row in rows:
            whom = whom.wider(ids=[row["distinct_id"]]).knowing(row["traits"])
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {
            table.replace(".", "-"): await tx.rows(f"select * from {table} where {where}", params)
            for table, where, params in await _places(tx, whom)
        }

    async def erase(self, tx: Tx, whom: Whom) -> int:
        # As when people learn: one writer of a workspace's identities at a time.
        await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"people:{whom.tenant.workspace}",))
        gone = 0
        for table, where, params in await _places(tx, whom):
            gone += await tx.run(f"delete from {table} where {where}", params)
        for table, columns in _TEXTS.items():
            if await there(tx, table):
                gone += await blank(tx, table, columns, whom)
        if whom.strong:
            gone += await tx.run(
                f"delete from {_APPLIED} where workspace = %s and message_id ~* %s",
                (whom.tenant.workspace, whom.strong),
            )
        return gone


async def _places(tx: Tx, whom: Whom) -> list[tuple[str, str, dict[str, Any]]]:
    people = [str(one) for one in whom.people]
    found = []
    for tables, values in ((_BY_PERSON, people), (_BY_ID, [*whom.ids, *people])):
        for table, columns in tables.items():
            if await there(tx, table):
                theirs = " or ".join(f"{column}::text = any(%(values)s)" for column in columns)
                where = f"workspace = %(workspace)s and ({theirs})"
                if table == "people.trait_change":
                    where += " and kind = 'person'"
                found.append((table, where, {"workspace": whom.tenant.workspace, "values": values}))
    return found
