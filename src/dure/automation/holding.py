"""What automation holds about a person: the runs about them, with the event, inputs and outputs of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.errors import Unavailable
from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank

# Found by whom the run or its event is about, or by a word of theirs in what it was given or answered.
_RUNS = """
select id from automation.run where workspace = %(workspace)s and (
    subject = any(%(subjects)s) or event ->> 'person' = any(%(subjects)s)
    or event ->> 'distinct_id' = any(%(subjects)s) or event ->> 'object' = any(%(subjects)s)
    or (%(words)s <> ''
        and concat_ws(' ', subject, trigger_key, wait_key, error, event::text, item::text) ~* %(words)s))
union
select run from automation.step where workspace = %(workspace)s and %(words)s <> ''
    and concat_ws(' ', error, inputs::text, outputs::text) ~* %(words)s
"""
_BY_RUN = {"step": "run", "vote": "run", "approval": "run", "run": "id"}
_LINES = "workspace = %(workspace)s and subject = any(%(subjects)s)"


class AutomationHolder:
    """Runs and their steps. A step that is under way outside is waited for: it would write its answer afterwards."""

    name = "automation"
    tables: Sequence[str] = (
        "automation.run", "automation.step", "automation.approval", "automation.vote", "automation.crossing",
    )  # fmt: skip

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        subjects = [*map(str, whom.people), *whom.ids, *whom.objects]
        rows = await tx.rows(
            _RUNS, {"workspace": whom.tenant.workspace, "subjects": subjects, "words": whom.strong}
        )  # fmt: skip
        return whom.wider(runs=[str(row["id"]) for row in rows])

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        held = {
            f"automation-{table}": await tx.rows(
                f"select * from automation.{table} where workspace = %s and {column}::text = any(%s)",
                (whom.tenant.workspace, list(whom.runs)),
            )
            for table, column in _BY_RUN.items()
        }
        lines = await tx.rows(f"select * from automation.crossing where {_LINES}", _subjects(whom))
        return {**held, "automation-crossing": lines}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        bound = {"workspace": whom.tenant.workspace, "runs": list(whom.runs)}
        theirs = "workspace = %(workspace)s and id::text = any(%(runs)s)"
        await tx.run(f"select id from automation.run where {theirs} order by id for update", bound)
        busy = await tx.value(
            "select count(*) from (select run from automation.step where workspace = %(workspace)s"
            " and run::text = any(%(runs)s) and status = 'claimed' and lease_until > clock_timestamp()"
            " for update) as claimed", bound,
        )  # fmt: skip
        if busy:
            raise Unavailable(f"{busy} steps about the person are under way; the erasure goes on when they have ended.")
        gone = 0
        for table, column in _BY_RUN.items():
            gone += await tx.run(
                f"delete from automation.{table} where workspace = %(workspace)s and {column}::text = any(%(runs)s)",
                bound,
            )
        gone += await tx.run(f"delete from automation.crossing where {_LINES}", _subjects(whom))
        gone += await blank(tx, "automation.vote", {"note": "text"}, whom)
        words = {"question": "text", "note": "text", "form": "jsonb", "answer": "jsonb"}
        return gone + await blank(tx, "automation.approval", words, whom)


def _subjects(whom: Whom) -> dict[str, Any]:
    return {"workspace": whom.tenant.workspace, "subjects": [*map(str, whom.people), *whom.ids, *whom.objects]}
