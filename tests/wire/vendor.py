"""A vendor's own client, installed as it is in a folder of its own, in its own process, against a real server.

The folders lie under `.venv/wire` and are made once for each version of `constraints.txt`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.frame.running import Server, found, server
from tests.waiting import waited

HERE = Path(__file__).parent
_FOLDERS = HERE.parents[1] / ".venv" / "wire"
_HOW_TO = HERE.parents[1] / "docs" / "how-to" / "send-events.md"
_SNIPPET = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_UNREACHABLE = re.compile("connection|network is unreachable|temporary failure in name resolution|timed out", re.I)


class Vendor:
    """A server with a write key, and a vendor's client that sends to it."""

    def __init__(self, running: Server, key: str, packages: Path, script: Path) -> None:
        self.running = running
        self.key = key
        self._packages = packages
        self._script = script

    def send(self, what: str, *arguments: str, key: str = "") -> dict[str, Any]:
        """Runs one function of the client's script; what it returned."""
        done = subprocess.run(
            # -S: the interpreter's own packages stay out of sight.
            [sys.executable, "-S", str(self._script), what, self.running.url, key or self.key, *arguments],
            capture_output=True, text=True, timeout=120, env=_environment() | {"PYTHONPATH": str(self._packages)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def try_snippet(self, library: str, *, apart: bool = True) -> None:
        """Runs what docs/how-to/send-events.md says of a library, with this server's address and key."""
        [snippet] = [text for text in _SNIPPET.findall(_HOW_TO.read_text(encoding="utf-8")) if library in text]
        program = snippet.replace("http://127.0.0.1:8400", self.running.url).replace("WRITE_KEY", self.key)
        flags = ["-S"] if apart else []
        done = subprocess.run(
            [sys.executable, *flags, "-c", program], capture_output=True, text=True, timeout=120,
            env=_environment() | ({"PYTHONPATH": str(self._packages)} if apart else {}),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def timeline(self, who: str, count: int) -> list[dict[str, Any]]:
        """Somebody's events from outside, oldest first, once there are `count` of them in the log."""

        def arrived() -> list[dict[str, Any]]:
            answer = self.running.client.get(f"/api/v1/people/{who}/timeline?limit=500&source=default")
            events: list[dict[str, Any]] = answer.json()["events"] if answer.status_code == 200 else []
            return events if len(events) >= count else []

        events = waited(arrived, f"not all {count} events of {who} arrived")
        assert len(events) == count, [event["event"] for event in events]
        return events[::-1]

    def person(self, who: str, **traits: Any) -> dict[str, Any]:
        """What is known of somebody, once these traits are."""

        def known() -> dict[str, Any]:
            answer: dict[str, Any] = self.running.client.get(f"/api/v1/people/{who}").json()
            return answer if answer.get("traits", {}).items() >= traits.items() else {}

        return waited(known, f"{traits} of {who} did not arrive")

    def count(self, event: str, **question: Any) -> int:
        """How many events of a name a question over all time finds."""
        asked = {"kind": "trend", "from": "2000-01-01", "to": "2030-12-31", "interval": "month",
                 "series": [{"event": event, "math": "count"}], **question}  # fmt: skip
        answer = self.running.client.post("/api/v1/query", json=asked)
        assert answer.status_code == 200, answer.text
        total: int = answer.json()["series"][0]["total"]
        return total

    def rejects(self) -> dict[str, int]:
        """Refusals by reason."""
        rejects = self.running.client.get("/api/v1/rejects").json()["rejects"]
        return {reject["reason"]: reject["count"] for reject in rejects}


@contextmanager
def vendor(package: str, run_folder: Path) -> Iterator[Vendor]:
    """A server of its own for a client; skipped only where the package index cannot be reached."""
    packages = _installed(package)
    folder = run_folder / f"wire-{package[:4]}"
    key = found(folder)["write_key"]
    script = HERE / "clients" / f"send_{package.partition('-')[0]}.py"
    with server(folder) as running:
        yield Vendor(running, key, packages, script)


def _installed(package: str) -> Path:
    constraints = HERE / "constraints.txt"
    folder, wanted = _FOLDERS / package, constraints.read_text()
    if (folder / "constraints.txt").is_file() and (folder / "constraints.txt").read_text() == wanted:
        return folder
    _FOLDERS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_FOLDERS, ignore_cleanup_errors=True) as made:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
             "--retries", "1", "--target", made, "--constraint", str(constraints), package],
            capture_output=True, text=True, env=_environment(),
        )  # fmt: skip
        if done.returncode and _UNREACHABLE.search(done.stderr):
            pytest.skip(f"{package} cannot be installed: the package index cannot be reached.")
        assert done.returncode == 0, done.stderr
        (Path(made) / "constraints.txt").write_text(wanted)
        # Another worker may have made it meanwhile; whichever is whole is as good.
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder


def _environment() -> dict[str, str]:
    hidden = ("DURE_", "PYTHON", "POSTHOG_", "AMPLITUDE_", "RUDDER")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
