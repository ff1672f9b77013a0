"""What Salesforce's door and the sync hold about a person: kept answers, jobs, what both sides had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank

_SEEN = {"seen": "jsonb"}
_CONFLICT = {"here": "jsonb", "there": "jsonb"}


class SalesforceHolder:
    """Answers and jobs, which pass within hours and days, go whole; links of their records too."""

    name = "salesforce"
    tables: Sequence[str] = (
        "deals.salesforce_page", "deals.salesforce_job", "deals.salesforce_job_part", "deals.salesforce_job_row",
        "deals.sync_link", "deals.sync_conflict", "deals.sync_failure",
    )  # fmt: skip

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        del tx
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        rows = await tx.rows(
            "select object, record, remote, seen from deals.sync_link where workspace = %s and record = any(%s)",
            (whom.tenant.workspace, list(whom.objects)),
        )
        return {"salesforce-sync": rows}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        workspace, objects = whom.tenant.workspace, list(whom.objects)
        gone = await tx.run("delete from deals.salesforce_page where workspace = %s", (workspace,))
        gone += await tx.run("delete from deals.salesforce_job where workspace = %s", (workspace,))
        for table in ("sync_link", "sync_conflict"):
            gone += await tx.run(
                f"delete from deals.{table} where workspace = %s and record = any(%s)", (workspace, objects)
            )
        gone += await tx.run(
            "delete from deals.sync_failure where workspace = %s and id = any(%s)", (workspace, objects)
        )
        gone += await blank(tx, "deals.sync_link", _SEEN, whom)
        return gone + await blank(tx, "deals.sync_conflict", _CONFLICT, whom)
