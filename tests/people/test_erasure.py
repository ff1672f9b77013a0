"""Somebody asks to be forgotten: nothing of them is left anywhere, others stay whole, and it can be proved."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import zstandard

from dure.governance.api import Principal, Role
from dure.kernel.errors import NotAllowed
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.kernel.whom import Whom
from dure.log.api import Log
from dure.state import State
from tests.people.crew import EMAIL, HANDLE, MARKERS, NAME, OLD_EMAIL, PHONE, USER, Crew, open_crew, plant

pytestmark = pytest.mark.anyio


@pytest.fixture
async def crew(state: State, log: Log, tmp_path: Path) -> AsyncIterator[Crew]:
    async with open_crew(state, log, tmp_path / "ledger") as crew:
        yield crew


def in_postgres(url: str) -> dict[str, set[str]]:
    """Every column of every table that holds a marker, feed bodies unpacked; with person ids and statistics."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        markers = [*MARKERS, *(str(one) for one in everyone(connection))]
        tables = connection.execute(
            "select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables"
            " where table_type = 'BASE TABLE' and (table_schema not in ('information_schema', 'pg_catalog')"
            " or table_name in ('pg_statistic'))"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"select * from {table} t").fetchall():  # type: ignore[arg-type]
                said = " ".join(readable(value) for value in row).lower()
                if hits := {marker for marker in markers if marker in said}:
                    found.setdefault(table, set()).update(hits)
    return found


def everyone(connection: psycopg.Connection) -> list[Any]:
    (workspace,) = connection.execute("select id from governance.workspace").fetchone() or ("",)
    return [person_id(workspace, "zq-user-4711"), person_id(workspace, "zq-device-4711")]


def readable(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return zstandard.ZstdDecompressor().decompress(value, max_output_size=1 << 24).decode()
        except zstandard.ZstdError:
            return value.decode("utf-8", "replace") + value.hex()
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def in_files(folder: Path) -> set[str]:
    """Markers in the bytes of any file under a folder."""
    return {
        marker
        for path in folder.rglob("*")
        if path.is_file()
        for marker in (*MARKERS, "Zq.Marker@", "Zqmarker")
        if marker.encode() in path.read_bytes()
    }


async def in_log(crew: Crew) -> set[str]:
    """Markers in any column of any row of any table of the log."""
    found: set[str] = set()
    for table in ("events", "person_override", "erasing"):
        rows = await crew.house.log.query(crew.owner.tenant, f"select lower(formatRow('JSONEachRow', *)) from {table}")
        people = [str(person_id(crew.owner.tenant.workspace, one)) for one in MARKERS[:2]]
        found |= {marker for marker in (*MARKERS, *people) for row in rows.rows if marker in row[0]}
    return found


def database_folder(run_folder: Path, url: str) -> Path:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("checkpoint")
        (oid,) = connection.execute("select oid from pg_database where datname = current_database()").fetchone() or (0,)
    return run_folder / "pg" / "base" / str(oid)


def parts_folders(log: Log) -> list[Path]:
    with log._client() as client:
        rows = client.query("select data_paths from system.tables where database = currentDatabase()").result_rows
    return [Path(path) for row in rows for path in row[0]]


async def test_of_an_erased_person_nothing_is_left_in_any_table_row_or_file(
    crew: Crew, fresh_database: str, run_folder: Path
) -> None:
    await plant(crew)
    # All markers are there before, so that finding none afterwards says something.
    before = in_postgres(fresh_database)
    assert {
        "people.person", "people.identity", "people.claim", "campaigns.message", "campaigns.way", "automation.run",
        "automation.step", "social.mention", "deals.contact", "channels.message", "segments.member", "ingest.reject",
        "governance.attempt", "people.trait_change",
        "campaigns.device", "campaigns.card", "campaigns.began",
    } <= before.keys()  # fmt: skip
    assert set(MARKERS) <= await in_log(crew)
    files = [database_folder(run_folder, fresh_database), *parts_folders(crew.house.log)]
    assert set().union(*map(in_files, files)) >= {"zq-user-4711", "zqhandle77"}

    # ClickHouse's files are compressed: that the parts with the person's rows are gone says more than their bytes do.
    theirs = await crew.house.log.query(
        crew.owner.tenant,
        "select distinct _part from events where distinct_id in ('zq-user-4711', 'zq-device-4711')",
    )
    parts = [folder / part for folder in files[1:] for (part,) in theirs.rows if (folder / part).exists()]
    assert parts

    done = await crew.erased(reason="request")

    assert [part for part in parts if part.exists()] == []
    assert (done["state"], done["remains"], done["error"]) == ("done", {}, "")
    assert in_postgres(fresh_database) == {}
    assert await in_log(crew) == set()
    assert set().union(*map(in_files, [database_folder(run_folder, fresh_database), *files[1:]])) == set()
    for name in ("people", "campaigns", "social", "deals", "segments", "ingest", "channels", "automation", "feed",
                 "log events", "log events_blanked", "log merges"):  # fmt: skip
        assert done["counts"][name] > 0, name

    # The neighbour, and what others wrote, are whole but for what pointed at the person.
    jin = await crew.get("/api/v1/people/neighbour-1/timeline")
    assert [event["event"] for event in jin["events"]].count("Listened") == 3
    (invited,) = [event for event in jin["events"] if event["event"] == "Invited"]
    assert invited["properties"] == {"to": "[erased]", "ok": True, "phone": 0}
    mentions = (await crew.get("/api/v1/mentions"))["mentions"]
    assert [mention["text"] for mention in mentions] == ["@[erased] says it stops, write to [erased]"]
    async with crew.house.state.begin_system() as tx:
        said = {row["text"] for row in await tx.rows("select text from channels.message")}
        assert await tx.value("select count(*) from automation.run where status = 'done'") >= 1
        batches = await tx.rows("select count, body from feed.batch")
    assert {"[erased] wrote in", "Jin wrote in", "call [erased], [erased]"} <= said
    for batch in batches:
        lines = zstandard.ZstdDecompressor().decompress(batch["body"], max_output_size=1 << 24).split(b"\n")
        assert len(lines) == batch["count"]
        assert all(json.loads(line) for line in lines)


async def test_the_proof_is_given_to_whoever_presents_the_id_and_holds_no_personal_data(crew: Crew) -> None:
    await crew.send("identify", userId=USER, traits={"email": EMAIL})
    await crew.until(lambda: _there(crew), "not learned")
    done = await crew.erased(reason="objection")
    (proof,) = (await crew.post("/api/v1/erasures/proof", {"id": USER}))["erasures"]
    assert (proof["id"], proof["reason"], proof["asked_by"]) == (done["id"], "objection", crew.owner.actor)
    assert (await crew.post("/api/v1/erasures/proof", {"id": "somebody-else"}))["erasures"] == []
    assert not [marker for marker in MARKERS if marker in json.dumps(done).lower()]
    line = (crew.ledger / "erasures.ndjson").read_text()
    assert proof["hashes"][0] in line
    assert not [marker for marker in MARKERS if marker in line.lower()]
    await crew.house.settle_log()
    rows = await crew.house.log.query(
        crew.owner.tenant, "select toString(properties) from events where event = 'Person Erased'"
    )
    assert [json.loads(row[0])["erasure"] for row in rows.rows] == [done["id"]]


async def test_an_erased_address_gets_no_letter_when_it_is_imported_again(crew: Crew) -> None:
    await plant(crew)
    letters = len(crew.box.received)
    await crew.erased()
    await crew.send("identify", userId="zq-again", traits={"email": EMAIL.lower(), "name": "Again"})
    await crew.until(lambda: _there(crew, "zq-again"), "not learned")
    await crew.send("track", userId="zq-again", event="Ticket Opened")

    async def skipped() -> Any:
        crew.house.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
        async with crew.house.state.begin_system() as tx:
            return await tx.value(
                "select reason from campaigns.message where distinct_id = 'zq-again' and channel = 'email'"
            )

    assert await crew.until(skipped, "not decided") == "suppressed"
    assert len(crew.box.received) == letters


async def test_events_under_an_erased_id_are_a_strangers(crew: Crew) -> None:
    await crew.send("identify", userId=USER, anonymousId="zq-device-4711", traits={"email": EMAIL, "plan": "pro"})
    await crew.until(lambda: _there(crew), "not learned")
    await crew.erased()
    assert (await crew.http.get(f"/api/v1/people/{USER}")).status_code == 404
    await crew.send("track", userId=USER, event="Listened")
    await crew.house.settle_log()
    person = await crew.get(f"/api/v1/people/{USER}")
    assert person["traits"] == {}
    events = (await crew.get(f"/api/v1/people/{USER}/timeline"))["events"]
    assert [event["event"] for event in events] == ["Listened"]
    # What is stated once more is learned once more.
    await crew.send("identify", userId=USER, anonymousId="zq-device-4711", traits={"email": EMAIL})
    await crew.until(lambda: _there(crew), "not learned again")
    assert "zq-device-4711" in (await crew.get(f"/api/v1/people/{USER}"))["distinct_ids"]


async def test_an_erasure_can_be_cancelled_until_it_begins(crew: Crew) -> None:
    await crew.send("identify", userId=USER, traits={"email": EMAIL})
    await crew.until(lambda: _there(crew), "not learned")
    asked = await crew.post(f"/api/v1/people/{USER}/erasure", {"wait": 3600})
    again = await crew.post(f"/api/v1/people/{USER}/erasure", {"wait": 3600})
    assert again["id"] == asked["id"]
    assert (await crew.http.delete(f"/api/v1/erasures/{asked['id']}")).json()["state"] == "cancelled"
    assert (await crew.get(f"/api/v1/people/{USER}"))["traits"] == {"email": EMAIL}
    done = await crew.erased()
    late = await crew.http.delete(f"/api/v1/erasures/{done['id']}")
    assert late.status_code == 409
    assert not (await crew.post("/api/v1/erasures/proof", {"id": "zq-user"}))["erasures"]


async def test_bad_asking_names_the_field(crew: Crew) -> None:
    nobody = await crew.http.post("/api/v1/people/nobody/erasure", json={})
    assert (nobody.status_code, nobody.json()["error"]["field"]) == (404, "id")
    await crew.send("identify", userId=USER, traits={"email": EMAIL})
    await crew.until(lambda: _there(crew), "not learned")
    for body, field in (({"reason": "Kim asked"}, "reason"), ({"wait": -1}, "wait"), ({"why": "x"}, "why")):
        refused = await crew.http.post(f"/api/v1/people/{USER}/erasure", json=body)
        assert refused.status_code == 422
        assert field in refused.json()["error"]["field"]
    member = Principal(crew.owner.tenant, "U1", Role.MEMBER)
    with pytest.raises(NotAllowed):
        await crew.house.erasures.ask(member, USER)
    with pytest.raises(NotAllowed):
        await crew.house.erasures.export(member, USER, crew.ledger / "x.zip")


async def test_another_workspace_neither_sees_nor_loses_anything(crew: Crew) -> None:
    await crew.send("identify", userId=USER, traits={"email": EMAIL})
    await crew.until(lambda: _there(crew), "not learned")
    rival = Tenant("E0RIVAL0000", "T0RIVAL0000")
    async with crew.house.state.begin(rival) as tx:
        await tx.run(
            "insert into people.person values (%s, %s, %s, '{}', '{}', '', null, now(), now())",
            (rival.workspace, person_id(rival.workspace, USER), USER),
        )
    done = await crew.erased()
    async with crew.house.state.begin(rival) as tx:
        assert await tx.value("select count(*) from people.person where workspace = %s", (rival.workspace,)) == 1
    stranger = Principal(rival, "U2", Role.OWNER)
    assert await crew.house.erasures.erasures(stranger) == []
    assert await crew.house.erasures.proof(stranger, USER) == []
    assert done["state"] == "done"


@pytest.mark.parametrize("breaks", ["people", "log", "disk"])
async def test_an_erasure_that_is_killed_in_the_middle_goes_on(
    crew: Crew, fresh_database: str, breaks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plant(crew)
    erasing = crew.house.erasures._erasing
    stage, died = erasing._stage, asyncio.Event()

    async def dies(erasure: Any, name: str) -> None:
        await stage(erasure, name)
        if name.endswith(breaks) and not died.is_set():
            died.set()
            raise RuntimeError("the process dies here")

    monkeypatch.setattr(erasing, "_stage", dies)
    done = await crew.erased()
    assert died.is_set()
    assert (done["state"], done["remains"]) == ("done", {})
    assert in_postgres(fresh_database) == {}
    assert await in_log(crew) == set()


async def test_a_person_is_handed_all_that_is_held_of_them(crew: Crew, tmp_path: Path) -> None:
    await plant(crew)
    answer = await crew.http.get(f"/api/v1/people/{USER}/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made:
        files = {name: made.read(name).decode() for name in made.namelist()}
    assert {
        "person.json", "identity.json", "events.ndjson", "people-person.json", "campaigns-message.json",
        "social-mention.json", "deals-contact.json", "segments-member.json", "automation-run.json",
        "README.ko.md", "README.en.md",
    } <= files.keys()  # fmt: skip
    events = [json.loads(line) for line in files["events.ndjson"].splitlines()]
    assert [event["event"] for event in events].count("Listened") == 3
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    assert json.loads(files["person.json"])["traits"]["email"] == EMAIL
    for word in (OLD_EMAIL, NAME, HANDLE, PHONE):
        assert any(word in text for text in files.values()), word
    assert "jin@person.example" not in "".join(files.values())
    assert "`events.ndjson`" in files["README.ko.md"]


TEXTS = [
    ("mail zq.marker@person.example, please", "mail [erased], please"),
    ("zq.marker@person.example으로", "[erased]으로"),
    ("?to=Zq.Marker%40person.example&x", "?to=[erased]&x"),
    ("xzq.marker@person.example", "xzq.marker@person.example"),
    ("Zqmarker Kim alone is a name that many may have", "Zqmarker Kim alone is a name that many may have"),
    ('{"n":821099887766,"m":12}', '{"n":0,"m":12}'),
    ("order 42", "order 42"),
]


@pytest.mark.parametrize(("text", "left"), TEXTS)
def test_what_points_at_a_person_is_blanked_and_nothing_else(text: str, left: str) -> None:
    traits = {"email": EMAIL, "name": NAME, "phone": int(PHONE)}
    assert Whom(Tenant("E", "T"), ids=("42",)).knowing(traits).blank(text) == left


async def _there(crew: Crew, who: str = USER) -> bool:
    found = await crew.http.get(f"/api/v1/people/{who}")
    return found.is_success and EMAIL.lower() in found.text.lower()
