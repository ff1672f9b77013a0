"""A real `dure serve` in a process of its own, for tests that end it as the world would."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.frame.nursery import Born

DURE = [sys.executable, "-m", "dure"]


@dataclass
class Server:
    """`process` is the server's; `client` speaks as whoever holds the folder."""

    folder: Path
    url: str
    process: Born
    client: httpx.Client

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends the server and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)


def dure(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a command on a folder to its end."""
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryFile("w+") as bad,
    ):
        given.write(stdin)
        given.seek(0)
        status = Born([*arguments, "--data", str(folder)], environment(), given, said, bad).wait()
        said.seek(0)
        bad.seek(0)
        return subprocess.CompletedProcess(arguments, status, said.read(), bad.read())


def found(folder: Path) -> dict[str, str]:
    """A folder as `dure init` makes it, and what that printed. It is made once a run and copied from then on."""
    made = _founded()
    # The database's files belong to a user of its own where the tests are root.
    subprocess.run(["cp", "-a", str(made), str(folder)], check=True)
    answer: dict[str, str] = json.loads((folder / "made.json").read_text())
    (folder / "made.json").unlink()
    return answer


@functools.cache
def _founded() -> Path:
    parent = Path(tempfile.mkdtemp(prefix="dure-founded-"))
    parent.chmod(0o755)
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    answer = init(parent / "folder")
    (parent / "folder" / "made.json").write_text(json.dumps(answer))
    return parent / "folder"


def init(folder: Path) -> dict[str, str]:
    """`dure init` on a folder; what it printed."""
    done = dure("init", "--org", "Sorimaru", "--workspace", "sorimaru", "--email", "mina@sorimaru.example", "--json",
                folder=folder)  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@contextmanager
def server(folder: Path, *flags: str) -> Iterator[Server]:
    """`dure serve` on a free port; ended with SIGTERM where the test did not end it."""
    complaints = folder.parent / f"{folder.name}.err"
    said, says = os.pipe()
    with Path(os.devnull).open() as nothing, os.fdopen(says, "w") as stdout, complaints.open("a") as stderr:
        process = Born(["serve", "--data", str(folder), "--port", "0", *flags], environment(), nothing, stdout, stderr)
    answers = os.fdopen(said)
    line = answers.readline()
    assert line.startswith("Dure answers at "), line + complaints.read_text()[-2000:]
    secret = json.loads((folder / "server.json").read_text())["secret"]
    url = line.split()[-1]
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {secret}"}, timeout=30) as client:
        running = Server(folder, url, process, client)
        try:
            yield running
        finally:
            running.end()
            answers.close()


def environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("DURE_")}
