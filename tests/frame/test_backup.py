"""A backup of a running server becomes another folder, whole; and brings nobody back who was erased meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
import zstandard

from tests.frame.running import Server, dure, found, server
from tests.waiting import waited

EMAIL, USER = "zq.marker@person.example", "zq-user-4711"


@pytest.fixture
def place(run_folder: Path, request: pytest.FixtureRequest) -> Path:
    made = run_folder / f"b{abs(hash(request.node.name)) % 10_000}"
    made.mkdir(mode=0o755)
    return made


def send(running: Server, key: str, *calls: dict[str, Any]) -> None:
    answer = running.client.post("/v1/batch", json={"batch": list(calls)}, auth=(key, ""))
    assert answer.status_code == 200, answer.text


def listened(user: str, number: int) -> dict[str, Any]:
    return {"type": "track", "userId": user, "event": "Listened", "messageId": f"{user}-{number}"}


def identified(user: str, email: str) -> dict[str, Any]:
    return {"type": "identify", "userId": user, "traits": {"email": email}, "messageId": f"i-{user}"}


def messages(running: Server) -> list[str]:
    sql = "SELECT message_id FROM events WHERE event = 'Listened'"
    answer = running.client.post("/api/v1/query", json={"kind": "sql", "sql": sql})
    assert answer.is_success, answer.text
    return sorted(row[0] for row in answer.json()["rows"])


def kept_file(running: Server, token: str, content: bytes) -> str:
    """Sends a file to channels; its id."""
    bearer = {"authorization": f"Bearer {token}"}
    sent = running.client.put("/api/v1/files/upload?name=plan.txt", content=content, headers=bearer)
    file: str = sent.json()["file"]["id"]
    wanted = {"files": json.dumps([{"id": file}])}
    assert running.client.post("/slack/api/files.completeUploadExternal", data=wanted, headers=bearer).json()["ok"]
    return file


def content_of(running: Server, token: str, file: str) -> bytes:
    bearer = {"authorization": f"Bearer {token}"}
    url = running.client.get(f"/api/v1/files/{file}", headers=bearer).json()["file"]["url"]
    return running.client.get(url, headers=bearer).content


def said_anywhere(folder: Path) -> set[str]:
    """Tables of the running folder's PostgreSQL in which the marker is, feed bodies unpacked."""
    places = set()
    with psycopg.connect(f"postgresql://postgres:@/postgres?host={folder / 'postgres'}") as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables where table_type = 'BASE TABLE'"
            " and table_schema not in ('information_schema', 'pg_catalog')"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"select * from {table}").fetchall():  # type: ignore[arg-type]
                for value in row:
                    text = str(value)
                    if isinstance(value, bytes) and value[:4] == b"\x28\xb5\x2f\xfd":
                        text = zstandard.ZstdDecompressor().decompress(value, max_output_size=1 << 24).decode()
                    if EMAIL in text or USER in text:
                        places.add(table)
    return places


def test_a_backup_taken_under_load_restores_whole_and_the_erased_stay_erased(place: Path) -> None:
    old, new, saved, ledger = place / "old", place / "new", place / "saved", place / "ledger"
    made = found(old)
    key, token = made["write_key"], made["user_token"]
    (old / "dure.toml").write_text(f'erasure_ledger = "{ledger}"\n')
    with server(old) as running:
        send(running, key, identified(USER, EMAIL), identified("jin", "jin@person.example"))
        for number in range(20):
            send(running, key, listened(USER, number), listened("jin", number))
        waited(lambda: running.client.get(f"/api/v1/people/{USER}").is_success)
        file = kept_file(running, token, b"a file of a channel")
        # The last of these may be in the feed and not in the log: the backup is of one moment all the same.
        done = dure("backup", str(saved), "--json", folder=old)
        assert done.returncode == 0, done.stderr
        send(running, key, listened("jin", 99))
        erased = dure("erase", USER, "--yes", "--json", folder=old)
        assert erased.returncode == 0, erased.stderr
        proof = json.loads(erased.stdout)
        assert (proof["state"], proof["remains"]) == ("done", {})
        assert said_anywhere(old) == set()
        manifest = json.loads((saved / "backup.json").read_text())
        assert not {name for name in manifest["files"] if "erasure" in name}
        assert (saved / "signing.key").exists()

        restored = dure("restore", str(saved), "--ledger", str(ledger), "--json", folder=new)
        assert restored.returncode == 0, restored.stderr
        # The server that was backed up still runs beside it.
        with server(new) as running:
            # Nobody had to ask: it happened before the server answered.
            assert said_anywhere(new) == set()
            assert running.client.get(f"/api/v1/people/{USER}").status_code == 404
            assert content_of(running, token, file) == b"a file of a channel"
            mine = sorted(f"jin-{number}" for number in range(20))
            waited(lambda: len(messages(running)) == len(mine))
            assert messages(running) == mine
            send(running, key, listened("jin", 100))
            waited(lambda: messages(running) == sorted([*mine, "jin-100"]))
            again = running.client.post("/api/v1/erasures/proof", json={"id": USER}).json()["erasures"]
            assert [(one["id"], one["state"]) for one in again] == [(proof["id"], "done")]
    assert not any(
        marker in path.read_bytes()
        for path in (new / "clickhouse").rglob("*") if path.is_file()
        for marker in (EMAIL.encode(), USER.encode())
    )  # fmt: skip


def test_a_restore_refuses_what_is_not_whole_and_what_is_not_empty(place: Path) -> None:
    old, new, saved = place / "old", place / "new", place / "saved"
    found(old)
    assert dure("backup", str(saved), folder=old).returncode == 0
    again = dure("backup", str(saved), folder=old)
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)

    unsaid = dure("restore", str(saved), folder=new)
    assert (unsaid.returncode, "--ledger" in unsaid.stderr) == (1, True)
    over = dure("restore", str(saved), "--no-ledger", folder=old)
    assert (over.returncode, "is not empty" in over.stderr) == (1, True)
    other = dure("restore", str(saved), "--ledger", str(place), folder=new)
    assert (other.returncode, "no erasure ledger" in other.stderr) == (1, True)

    version = saved / "postgres" / "PG_VERSION"
    kept = version.read_bytes()
    version.write_bytes(b"99\n")
    damaged = dure("restore", str(saved), "--no-ledger", folder=new)
    assert (damaged.returncode, "postgres/PG_VERSION" in damaged.stderr) == (1, True)
    version.unlink()
    missing = dure("restore", str(saved), "--no-ledger", folder=new)
    assert (missing.returncode, "is missing" in missing.stderr) == (1, True)
    version.write_bytes(kept)

    manifest = saved / "backup.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, "version": "99.0.0"}))
    newer = dure("restore", str(saved), "--no-ledger", folder=new)
    assert (newer.returncode, "99.0.0" in newer.stderr) == (1, True)
    manifest.unlink()
    cut = dure("restore", str(saved), "--no-ledger", folder=new)
    assert (cut.returncode, "no complete backup" in cut.stderr) == (1, True)
    assert not new.exists()


def test_a_folder_whose_restore_did_not_finish_is_not_served(place: Path) -> None:
    (place / "half").mkdir()
    (place / "half" / "restoring").touch()
    refused = dure("serve", "--port", "0", folder=place / "half")
    assert refused.returncode == 1
    assert "did not finish" in refused.stderr
