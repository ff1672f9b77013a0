"""Cold start to the first answer, and memory idle and loaded, beside what the two databases alone take.

The limit named here is the sum of starting the embedded PostgreSQL and opening an embedded ClickHouse in a process of
their own, on the same machine in the same run: Dure can only add to it. Memory is the resident set of the server and
of all PostgreSQL processes (proportional set size, so that shared pages count once).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

ROUNDS = 5
DATABASES = """
import sys, time
from pathlib import Path
from dure.state.embedded import EmbeddedPostgres
from dure.log.api import Log
folder = Path(sys.argv[1])
server = EmbeddedPostgres(folder / "postgres")
server.start()
log = Log(f"chdb://{folder}/clickhouse")
log.open()
print("ready", flush=True)
sys.stdin.read()
server.stop()
"""
SERVE = "from dure.commands import cli; cli()"


def main() -> None:
    alone, first, again = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)
            databases(Path(folder) / "a")
            alone.append(databases(Path(folder) / "a"))
            seconds, _ = serve(Path(folder) / "b", load=False)
            first.append(seconds)
            seconds, _ = serve(Path(folder) / "b", load=False)
            again.append(seconds)
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        _, memory = serve(Path(folder) / "c", load=True)
    limit = statistics.median(alone)
    print(f"{'start':<38}{'median s':>10}{'ratio to the databases alone':>32}")
    for name, values in (
        ("databases alone (limit)", alone),
        ("dure, later starts", again),
        ("dure, first start", first),
    ):
        middle = statistics.median(values)
        print(f"{name:<38}{middle:>10.2f}{middle / limit:>32.2f}")
    print(f"\n{'memory, MB':<38}{'server':>10}{'PostgreSQL':>12}{'together':>10}")
    for name, (server, postgres) in memory.items():
        print(f"{name:<38}{server:>10.0f}{postgres:>12.0f}{server + postgres:>10.0f}")


def databases(folder: Path) -> float:
    """Seconds from the process's start until both embedded databases answer."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", DATABASES, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return time.perf_counter() - started


def serve(folder: Path, *, load: bool) -> tuple[float, dict[str, tuple[float, float]]]:
    """Seconds from the process's start until `/readyz` says yes; with `load`, memory at rest and at work."""
    memory: dict[str, tuple[float, float]] = {}
    if load:
        made = json.loads(
            subprocess.run(
                [sys.executable, "-c", SERVE, "init", "--data", str(folder), "--org", "Bench", "--workspace", "bench",
                 "--email", "bench@example.com", "--json"], check=True, capture_output=True, text=True,
            ).stdout
        )  # fmt: skip
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--data", str(folder), "--port", "0", "--log-level", "error"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]
    assert httpx.get(f"{url}/readyz").status_code == 200
    seconds = time.perf_counter() - started
    if load:
        time.sleep(5)
        memory["idle"] = resident(process.pid, folder)
        batch = [{"type": "track", "event": "Listen Started", "userId": f"u-{n}", "properties": {"genre": "jazz"}}
                 for n in range(500)]  # fmt: skip
        with httpx.Client(base_url=url, auth=(made["write_key"], ""), timeout=60) as client:
            for number in range(400):
                events = [{**event, "messageId": f"{number}-{n}"} for n, event in enumerate(batch)]
                client.post("/v1/batch", json={"batch": events}).raise_for_status()
        memory["after 200,000 events by HTTP"] = resident(process.pid, folder)
    process.terminate()
    process.wait()
    process.stdout.close()
    return seconds, memory


def resident(pid: int, folder: Path) -> tuple[float, float]:
    """MB of the server and of the folder's PostgreSQL processes."""
    postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))
    postgres = [postmaster, *postmaster.children(recursive=True)]
    return pss([psutil.Process(pid)]), pss(postgres)


def pss(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


if __name__ == "__main__":
    main()
