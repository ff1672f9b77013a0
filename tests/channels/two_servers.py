"""Two real `dure serve` of different companies that are partners and share a channel."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from slack_sdk import WebClient

from tests.frame.running import dure
from tests.waiting import waited

SERVE = [sys.executable, "-m", "tests.channels.dying"]


@dataclass
class Company:
    """One company's server: started, killed and started again at the same address."""

    folder: Path
    org: str
    email: str
    port: int = 0
    made: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def found(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        done = dure("init", "--org", self.org, "--workspace", self.org.lower(), "--email", self.email, "--json",
                    folder=self.folder)  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.made = json.loads(done.stdout)

    def start(self, dies: str = "") -> None:
        """`dies`: `place:n`, the process kills itself the nth time it passes there."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DURE_")}
        environment |= {"DURE_ALLOWED_NETWORKS": "127.0.0.0/8", "DIES": dies, "PYTHONPATH": os.pathsep.join(sys.path)}
        errors = (self.folder.parent / f"{self.folder.name}.err").open("a")
        self.process = subprocess.Popen(
            [*SERVE, "serve", "--data", str(self.folder), "--port", str(self.port)], stdout=subprocess.PIPE,
            stderr=errors, text=True, env=environment,
        )  # fmt: skip
        errors.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Dure answers at "), Path(errors.name).read_text()[-3000:]

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.dead()

    def dead(self) -> None:
        """Waits until the process has ended."""
        assert self.process is not None
        self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def end(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    @property
    def slack(self) -> WebClient:
        return WebClient(self.made["user_token"], base_url=f"{self.url}/slack/api/", timeout=30)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        headers = {"authorization": f"Bearer {self.made['user_token']}"}
        answer = httpx.request(method, f"{self.url}/api/v1{path}", headers=headers, json=body or None, timeout=30)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def history(self, channel: str) -> list[dict[str, Any]]:
        """Everything that is there, oldest first, thread replies among it."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.slack.conversations_history(channel=channel, limit=999, cursor=cursor)
            found += page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found[::-1]


@dataclass
class Pair:
    """Sori is the home of `channel`, which Hanbit knows as `copy`."""

    sori: Company
    hanbit: Company
    channel: str = ""
    copy: str = ""
    partner_of: dict[str, str] = field(default_factory=dict)

    def become_partners(self) -> None:
        code = self.sori.ask("POST", "/partners/codes")
        theirs = self.hanbit.ask("POST", "/partners", address=code["address"], code=code["code"])
        ours = self.sori.ask("GET", "/partners")["partners"][0]
        assert ours["fingerprint"] == theirs["fingerprint"] != ""
        self.partner_of = {"sori": ours["id"], "hanbit": theirs["id"]}
        for company, one in ((self.sori, ours), (self.hanbit, theirs)):
            company.ask("POST", f"/partners/{one['id']}/confirm", fingerprint=one["fingerprint"])

    def share(self, name: str = "together") -> tuple[str, str]:
        channel = self.sori.slack.conversations_create(name=name)["channel"]["id"]
        self.sori.slack.chat_postMessage(channel=channel, text="before it was shared")
        self.sori.ask("POST", f"/partners/{self.partner_of['sori']}/offers", channel=channel, email=self.hanbit.email)
        offer = waited(lambda: self._offer(name), "the offer did not come", seconds=15)
        self.hanbit.ask("POST", f"/channels/offers/{offer}/accept", name=name)
        return channel, offer

    def _offer(self, name: str) -> str:
        offers = self.hanbit.ask("GET", "/channels/offers")["offers"]
        return next((one["channel"] for one in offers if one["name"] == name), "")


@contextmanager
def two_companies(folder: Path) -> Iterator[Pair]:
    sori = Company(folder / "sori", "Sorimaru", "mina@sorimaru.example")
    hanbit = Company(folder / "hanbit", "Hanbit", "rina@hanbit.example")
    with ExitStack() as stack:
        for one in (sori, hanbit):
            stack.callback(one.end)
        with ThreadPoolExecutor(2) as both:
            list(both.map(Company.found, (sori, hanbit)))
            list(both.map(Company.start, (sori, hanbit)))
        pair = Pair(sori, hanbit)
        pair.become_partners()
        pair.channel, pair.copy = pair.share()
        yield pair
