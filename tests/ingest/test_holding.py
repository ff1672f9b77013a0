"""What ingest holds of a person beside the feed: examples of refusals, of broken plans, and events that wait."""

from __future__ import annotations

import json

import pytest

from dure.ingest.holding import IngestHolder
from dure.kernel.ids import person_id
from dure.kernel.whom import Whom
from dure.state import State
from tests.conftest import RIVAL, SORI

pytestmark = pytest.mark.anyio

USER, EMAIL = "zq-user-4711", "zq@person.example"
THEIRS = json.dumps({"userId": USER, "traits": {"email": EMAIL}})
OTHERS = json.dumps({"userId": "somebody"})
INVITED = json.dumps({"userId": "somebody", "properties": {"to": EMAIL}})


async def test_examples_are_emptied_and_waiting_events_go_but_counts_and_others_stay(state: State) -> None:
    whom = Whom(SORI).wider(ids=[USER], people=[person_id(SORI.workspace, USER)]).knowing({"email": EMAIL})
    async with state.begin(SORI) as tx:
        for tenant in (SORI, RIVAL):
            for number, example in enumerate((THEIRS, OTHERS)):
                await tx.run(
                    "insert into ingest.reject values (%s, 'web', %s, '2026-11-23', 3, now(), 'why', %s)",
                    (tenant.workspace, f"reason-{number}", example),
                )
                await tx.run(
                    "insert into ingest.violation values (%s, 'Played', %s, 'web', '2026-11-23', 3, now(), %s, %s)",
                    (tenant.workspace, f"/p{number}", f"{EMAIL} is not a number", example),
                )
                await tx.run(
                    "insert into ingest.event_name (workspace, name, state, becomes, source, first_at, last_at, seen,"
                    " held, example) values (%s, %s, 'waiting', '', 'web', now(), now(), 3, 1, %s)",
                    (tenant.workspace, f"Name {number}", example),
                )
                who = USER if number == 0 else "somebody"
                await tx.run(
                    "insert into ingest.held (workspace, name, message_id, person, line)"
                    " values (%s, 'Name', %s, %s, %s)",
                    (tenant.workspace, f"m-{number}", person_id(tenant.workspace, who), example.encode()),
                )
        await tx.run(
            "insert into ingest.held (workspace, name, message_id, person, line) values (%s, 'Name', 'm-2', %s, %s)",
            (SORI.workspace, person_id(SORI.workspace, "somebody"), INVITED.encode()),
        )
        gathered = await IngestHolder().gather(tx, whom)
        assert {name: len(rows) for name, rows in gathered.items()} == {
            "ingest-reject": 1, "ingest-violation": 1, "ingest-event_name": 1, "ingest-held": 1,
        }  # fmt: skip
        assert await IngestHolder().erase(tx, whom) >= 4
        for table in ("reject", "violation", "event_name"):
            rows = await tx.rows(f"select * from ingest.{table} where workspace = %s", (SORI.workspace,))
            assert sorted(row["example"] for row in rows) == sorted(["", OTHERS])
            assert EMAIL not in str(rows)
            assert {row.get("count", row.get("seen")) for row in rows} == {3}
        held = await tx.rows("select line from ingest.held where workspace = %s", (SORI.workspace,))
        assert sorted(bytes(row["line"]).decode() for row in held) == [
            INVITED.replace(EMAIL, "[erased]"), OTHERS,
        ]  # fmt: skip
        assert await tx.value(
            "select count(*) from ingest.reject where workspace = %s and example = %s", (RIVAL.workspace, THEIRS)
        ) == 1  # fmt: skip
        assert await IngestHolder().erase(tx, whom) == 0
