"""`make fuzz`: an independent checker, schemathesis, at every operation of a served demo; prints how each was answered.

It runs from an environment of its own (`.venv-fuzz`), because it needs another version of a library than Dure does.

    python -m tests.security.fuzzing [--url URL --token TOKEN] [--seeds 1,2,3] [--examples 5] [--seconds 3600]
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / ".venv-fuzz" / "bin" / "schemathesis"
PHASES = "examples,coverage,fuzzing,stateful"
# Ends whoever asks, or writes outside: these are asked last, each with a token of its own life.
ENDS_WHO_ASKS = r"^/api/v1/(session|sessions|tokens|found|backups|security)(/|$)|/allowed-hosts$|/policies(/|$)"


@dataclass
class Answers:
    """How requests were answered, by operation."""

    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failed: dict[str, str] = field(default_factory=dict)
    phases: Counter[str] = field(default_factory=Counter)

    def read(self, report: Path) -> None:
        """Takes up one run's report, a line an event."""
        with report.open(encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                finished = told.get("ScenarioFinished")
                if finished:
                    self._scenario(finished)

    def _scenario(self, finished: dict[str, Any]) -> None:
        recorder = finished["recorder"]
        for key, seen in recorder.get("interactions", {}).items():
            request, response = seen["request"], seen.get("response")
            case = recorder["cases"].get(key, {}).get("value", {})
            name = f"{case.get('method', request['method'])} {case.get('path', request['uri'])}"
            status = response["status_code"] if response else 0
            self.statuses[name][status] += 1
            self.phases[finished["phase"]] += 1
            if status == 0 or (status >= 500 and status != 503):
                self.failed.setdefault(name, f"{status} {request['method']} {request['uri']} {_body(request)[:400]}")

    def total(self) -> Counter[int]:
        return sum(self.statuses.values(), Counter[int]())


def _body(request: dict[str, Any]) -> str:
    body = request.get("body")
    return base64.b64decode(body["$base64"]).decode("utf-8", "replace") if isinstance(body, dict) else str(body or "")


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """A demo's address and its owner's token; the folder goes with it."""
    with tempfile.TemporaryDirectory(prefix="dure-fuzz-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-m", "dure", "demo", "--data", f"{folder}/data", "--port", "0", "--json"]
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            try:
                assert server.stdout is not None
                met = json.loads(server.stdout.readline())
                yield met["url"], met["token"]
            finally:
                server.terminate()
                server.wait(60)


def run(url: str, token: str, seed: int, options: argparse.Namespace, *, ends: bool, answers: Answers) -> None:
    """One run of the checker over the whole document, but for what ends who asks (or over just that)."""
    with tempfile.TemporaryDirectory(prefix="dure-fuzz-") as folder:
        report = Path(folder) / "report.ndjson"
        command = [
            str(options.tool), "run", f"{url}/api/v1/openapi.json", "--checks", "not_a_server_error",
            "-H", f"Authorization: Bearer {token}", "--seed", str(seed), "--max-examples", str(options.examples),
            "--phases", options.phases, "--mode", "all", "--continue-on-failure", "--no-shrink", "--no-color",
            "--workers", str(options.workers), "--warnings", "off", "--suppress-health-check", "all",
            "--max-redirects", "0", "--request-timeout", "60", "--generation-database", "none",
            "--include-path-regex" if ends else "--exclude-path-regex", ENDS_WHO_ASKS,
            "--report-ndjson-path", str(report),
        ]  # fmt: skip
        if options.seconds:
            command += ["--max-time", str(options.seconds)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if report.exists():
            answers.read(report)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stdout[-4000:] + done.stderr[-4000:])
        summary = re.search(r"(?s)=+ SUMMARY.*", done.stdout)
        print(summary[0] if summary else done.stdout[-2000:], flush=True)  # noqa: T201


def table(answers: Answers, operations: int, seeds: list[int]) -> str:
    total = answers.total()
    told = [
        f"seeds {seeds}: {total.total()} requests; the document has {operations} operations",
        "by phase: " + ", ".join(f"{name} {count}" for name, count in answers.phases.most_common()),
        "| status | requests | share |", "|---|---|---|",
        *(f"| {status or 'none'} | {count} | {count / total.total():.1%} |" for status, count in sorted(total.items())),
        f"errors of ours: {len(answers.failed)}",
        *(f"  {name}: {what}" for name, what in sorted(answers.failed.items())),
    ]  # fmt: skip
    return "\n".join(told)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--url")
    asked.add_argument("--token")
    asked.add_argument("--tool", default=TOOL, type=Path)
    asked.add_argument("--seeds", default=os.environ.get("DURE_FUZZ_SEED", "1"))
    asked.add_argument("--examples", default=int(os.environ.get("DURE_FUZZ_EXAMPLES", "5")), type=int)
    asked.add_argument(
        "--seconds",
        default=int(os.environ.get("DURE_FUZZ_SECONDS", "0")),
        type=int,
        help="The most that one run may take.",
    )
    asked.add_argument("--phases", default=PHASES)
    asked.add_argument("--workers", default=2, type=int)
    options = asked.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    if options.url:
        answers, operations = whole(options.url, options.token, seeds, options)
    else:
        with served() as (url, token):
            answers, operations = whole(url, token, seeds, options)
    print(table(answers, operations, seeds))  # noqa: T201
    raise SystemExit(1 if answers.failed else 0)


def whole(url: str, token: str, seeds: list[int], options: argparse.Namespace) -> tuple[Answers, int]:
    document = httpx.get(f"{url}/api/v1/openapi.json", timeout=60).json()
    answers = Answers()
    for ends in (False, True):
        for seed in seeds:
            run(url, token, seed, options, ends=ends, answers=answers)
    return answers, sum(map(len, document["paths"].values()))


if __name__ == "__main__":
    main()
