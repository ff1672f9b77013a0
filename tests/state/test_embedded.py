"""The embedded PostgreSQL is a real one: it outlives a killed server and keeps what was committed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from dure.state.embedded import EmbeddedPostgres

_OWNER = """
import sys, signal, psycopg
from pathlib import Path
from dure.state.embedded import EmbeddedPostgres
url = EmbeddedPostgres(Path(sys.argv[1])).start()
with psycopg.connect(url) as connection:
    connection.execute("create table if not exists kept (n int)")
    connection.execute("insert into kept values (1)")
print("ready", flush=True)
signal.pause()
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_was_ended_is_found_again_with_its_data(run_folder: Path, end: signal.Signals) -> None:
    folder = run_folder / f"own-{end.name}"
    owner = subprocess.Popen([sys.executable, "-c", _OWNER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    owner.send_signal(end)
    owner.wait()
    owner.stdout.close()
    server = EmbeddedPostgres(folder)
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1,)
    server.stop()
    assert not (folder / "postmaster.pid").exists()


def test_a_number_that_is_another_process_by_now_is_not_believed(run_folder: Path) -> None:
    folder = run_folder / "recycled"
    server = EmbeddedPostgres(folder)
    with psycopg.connect(server.start()) as connection:
        connection.execute("create table kept (n int)")
    main = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n")[0]))
    main.kill()
    main.wait(10)
    assert not server.alive()
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        lines = (folder / name).read_text().split("\n")
        (folder / name).write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert not server.alive()
    again = EmbeddedPostgres(folder)
    with psycopg.connect(again.start()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
    assert again.alive()
    again.stop()


def test_a_folder_may_be_named_from_where_one_stands(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run_folder)
    server = EmbeddedPostgres(Path("here"))
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server.stop()


def test_a_folder_with_a_blank_in_its_path_is_refused_in_words(run_folder: Path) -> None:
    with pytest.raises(ValueError, match="blanks"):
        EmbeddedPostgres(run_folder / "my data").start()
