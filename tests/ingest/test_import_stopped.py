"""An import is ended as the world would, in the middle; another run goes on, and every row is there once."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dure.ingest.imports import Columns, EventFile, Reading
from tests.frame.running import DURE, Server, dure, found, server
from tests.waiting import waited

ROWS = 60_000
COLUMNS = Columns("what", "who", "at")
OPTIONS = ("--event", "what", "--user", "who", "--time", "at")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A file of many rows, of which one is bad."""
    path = tmp_path / "history.csv"
    with path.open("w") as file:
        file.write("what,who,at,n\n")
        file.writelines(f"Played,u-{n % 999},2026-03-{1 + n % 28:02},{n}\n" for n in range(ROWS - 1))
        file.write("Played,u-1,someday,0\n")
    return path


@pytest.fixture
def folder(run_folder: Path, request: pytest.FixtureRequest) -> Path:
    return run_folder / f"stop-{abs(hash(request.node.name)) % 10_000}"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_command_that_is_ended_in_the_middle_goes_on_at_the_next_run(
    folder: Path, history: Path, how: signal.Signals
) -> None:
    found(folder)
    with server(folder) as running:
        command = start(folder, history)
        waited(lambda: begun(command, running, history))
        command.send_signal(how)
        command.send_signal(signal.SIGCONT)
        said, _ = command.communicate(timeout=30)
        kept = chunks(running, history)
        assert 3 <= kept < ROWS // 5000, "it was ended too late to show anything"
        if how is signal.SIGINT:
            assert command.returncode == 130
            assert f"stopped: {kept * 5000:,} events added; they are kept" in said
        done = again(folder, history)
        assert done["added"] + done["known"] == ROWS - 1
        assert done["known"] >= kept * 5000
        assert [bad["line"] for bad in done["bad"]] == [ROWS + 1]
        waited(lambda: counted(running) == (ROWS - 1, ROWS - 1))


def test_a_server_that_is_killed_under_an_import_keeps_what_it_acknowledged(folder: Path, history: Path) -> None:
    found(folder)
    with server(folder) as first:
        command = start(folder, history)
        waited(lambda: begun(command, first, history))
        first.end(signal.SIGKILL)
        command.send_signal(signal.SIGCONT)
        command.communicate(timeout=60)
        assert command.returncode == 1
    with server(folder) as second:
        done = again(folder, history)
        assert done["added"] + done["known"] == ROWS - 1
        assert done["known"] >= 15_000
        waited(lambda: counted(second) == (ROWS - 1, ROWS - 1))


def start(folder: Path, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*DURE, "import", "events", str(file), *OPTIONS, "--data", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_interruptible,
    )  # fmt: skip


def _interruptible() -> None:
    """A suite that runs in a shell's background ignores SIGINT, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def begun(command: subprocess.Popen[str], running: Server, file: Path) -> bool:
    """Whether some chunks are in. The command goes on only between two looks, or on a busy machine it would be through
    before the first look is answered."""
    command.send_signal(signal.SIGSTOP)
    if chunks(running, file) >= 3:
        return True
    command.send_signal(signal.SIGCONT)
    return False


def again(folder: Path, file: Path) -> dict[str, Any]:
    done = dure("import", "events", str(file), *OPTIONS, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def chunks(running: Server, file: Path) -> int:
    digest = EventFile.at(file).digest(COLUMNS, Reading(), "import")
    return len(running.client.get(f"/api/v1/imports/{digest}").json()["chunks"])


def counted(running: Server) -> tuple[int, int]:
    """Events in the log, and how many different message ids they have."""
    question = {"kind": "sql", "sql": "select count(), uniqExact(message_id) from events where event = 'Played'"}
    [[events, ids]] = running.client.post("/api/v1/query", json=question).json()["rows"]
    return events, ids
