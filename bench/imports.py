"""Rows a second of `dure import events` from a CSV file to the feed, beside `COPY` of the same file into PostgreSQL.

The peer is one `COPY` of the file as it is into a table of texts in the same PostgreSQL, in turn with Dure. It reads no
time, makes no event, and refuses nothing, so the ratio says what that costs. CPU seconds are of the command, of Dure's
process with its followers at work, and of all PostgreSQL processes. Memory is the command's peak for a file and for one
ten times as long: it must not grow with the file. The command's own start (two seconds) is counted in.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg

ROWS, ROUNDS = 1_000_000, 3
DURE = [sys.executable, "-c", "from dure.commands import cli; cli()"]
HEADER = "event,user,time,country,plan,price,page,session"
COLUMNS = ", ".join(f'"{name}" text' for name in HEADER.split(","))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        short, long = written(folder / "short.csv", ROWS // 10), written(folder / "long.csv", ROWS)
        data = folder / "d"
        command("init", "--org", "B", "--workspace", "b", "--email", "b@example.com", "--json", data=data)
        process = subprocess.Popen(
            [*DURE, "serve", "--data", str(data), "--port", "0", "--log-level", "error"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        try:
            measure(data, process.pid, short, long)
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def measure(data: Path, server: int, short: Path, long: Path) -> None:
    postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    postgres = f"postgresql://postgres@/postgres?host={data / 'postgres'}"
    own, copied, cpu = [], [], []
    small = imported(data, short, "warm").ru_maxrss
    large = 0
    for number in range(ROUNDS):
        before = used(server), used(postmaster)
        began = time.perf_counter()
        spent = imported(data, long, f"r{number}")
        own.append(ROWS / (time.perf_counter() - began))
        cpu.append((spent.ru_utime + spent.ru_stime, used(server) - before[0], used(postmaster) - before[1]))
        copied.append(ROWS / copy(postgres, long))
        large = max(large, spent.ru_maxrss)
    mine, peer = statistics.median(own), statistics.median(copied)
    print(f"{ROWS:,} rows of {long.stat().st_size / 1e6:,.0f} MB, median of {ROUNDS} rounds\n")
    print(f"{'dure import events':<40}{mine:>12,.0f} rows/s")
    print(f"{'COPY of the file as it is':<40}{peer:>12,.0f} rows/s{mine / peer:>10.2f}")
    names = ("command", "Dure with its followers", "PostgreSQL")
    for place, name in enumerate(names):
        print(f"CPU s a million rows, {name:<25}{statistics.median(one[place] for one in cpu) * 1e6 / ROWS:>6.1f}")
    print(f"command's peak memory: {small / 1024:,.0f} MB for a tenth of the rows, {large / 1024:,.0f} MB for all")


def imported(data: Path, file: Path, source: str) -> resource.struct_rusage:
    """Imports a file; what the command itself used."""
    process = subprocess.Popen(
        [*DURE, "import", "events", str(file), "--event", "event", "--user", "user", "--time", "time", "--source",
         source, "--json", "--data", str(data)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    answer = json.loads(process.stdout.read())
    _, status, spent = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode or answer["bad_rows"] or not answer["added"]:
        raise SystemExit(f"the import came to {answer}")
    return spent


def copy(postgres: str, file: Path) -> float:
    with psycopg.connect(postgres) as connection, file.open("rb") as content:
        connection.execute(f"create table if not exists public.bench_copy ({COLUMNS})")
        began = time.perf_counter()
        with connection.cursor().copy("copy public.bench_copy from stdin (format csv, header)") as into:
            while part := content.read(1 << 18):
                into.write(part)
        connection.commit()
        seconds = time.perf_counter() - began
        connection.execute("truncate public.bench_copy")
    return seconds


def written(path: Path, rows: int) -> Path:
    chance = random.Random(7)
    names = ("Listen Started", "Listen Finished", "Searched", "Signed Up", "Bought")
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for number in range(rows):
            at = f"2026-{1 + number * 9 // rows:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00"
            file.write(
                f"{chance.choice(names)},u-{chance.randrange(60_000)},{at},KR,{'pro' if number % 7 else 'free'},"
                f"{chance.randrange(99_000) / 100},/shows/{chance.randrange(900)},{chance.getrandbits(48):x}\n"
            )
    return path


def command(*arguments: str, data: Path | None) -> str:
    where = ["--data", str(data)] if data else []
    return subprocess.run([*DURE, *arguments, *where], check=True, stdout=subprocess.PIPE, text=True).stdout


def used(process: int) -> float:
    """CPU seconds of a process and of those it started, also of those that ended."""
    total = 0.0
    one = psutil.Process(process)
    for member in [one, *one.children(recursive=True)]:
        try:
            spent = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += spent.user + spent.system
    times = one.cpu_times()
    return total + getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)


if __name__ == "__main__":
    main()
