"""Two real `dure serve` of different companies that are partners and share a channel."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
from slack_sdk import WebClient

from dure.governance.http import COOKIE
from tests.frame.running import dure
from tests.waiting import waited
from tests.web.browser import Browser


class Servers:
    """Where servers are forked; ends with what it is the context of. `patience`: how long a post waits for the home."""

    def __init__(self, patience: float) -> None:
        self._patience = patience

    def __enter__(self) -> Self:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DURE_")}
        environment |= {"DURE_ALLOWED_NETWORKS": "127.0.0.0/8", "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.channels.dying"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def start(self, *known: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([*known, self._patience]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@dataclass
class Company:
    """One company's server: started, killed and started again at the same address."""

    folder: Path
    org: str
    email: str
    servers: Servers
    port: int = 0
    made: dict[str, str] = field(default_factory=dict)
    process: int = 0
    _session: str = ""

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

    def start(self) -> None:
        said, errors = (self.folder.parent / f"{self.folder.name}.{name}" for name in ("out", "err"))
        said.unlink(missing_ok=True)
        self.process = self.servers.start(str(self.folder), self.port, str(self._dies), str(said), str(errors))
        waited(lambda: self._answers(said, errors), "the server does not answer")

    def _answers(self, said: Path, errors: Path) -> bool:
        assert self.alive, errors.read_text()[-3000:]
        return said.exists() and said.read_text().startswith("Dure answers at ")

    @property
    def alive(self) -> bool:
        return Path(f"/proc/{self.process}").exists() if self.process else False

    def dies(self, place: str, times: int) -> None:
        """The running server kills itself the nth time from now that it passes a place."""
        new = self._dies.with_suffix(".new")
        new.write_text(f"{place}:{times}")
        new.replace(self._dies)

    def spared(self) -> None:
        self._dies.unlink(missing_ok=True)

    @property
    def _dies(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.dies"

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def end(self) -> None:
        try:
            self._end(signal.SIGTERM)
        except AssertionError:
            self.kill()

    def _end(self, number: signal.Signals) -> None:
        if self.alive:
            os.kill(self.process, number)
        waited(lambda: not self.alive, "the server does not end", seconds=60)

    @property
    def slack(self) -> WebClient:
        return WebClient(self.made["user_token"], base_url=f"{self.url}/slack/api/", timeout=120)

    @property
    def session(self) -> str:
        """A session of the owner's, by the link that works once."""
        if not self._session:
            with httpx.Client(base_url=self.url, timeout=60) as client:
                client.post("/sign-in/" + self.made["sign_in_url"].rpartition("/")[2])
                self._session = client.cookies[COOKIE]
        return self._session

    def enter(self, browser: Browser, path: str, lang: str = "ko", theme: str = "light") -> None:
        browser.leave()  # both servers' pages send the cookies of one host
        browser.cookie(self.url, COOKIE, self.session)
        browser.open(self.url + path, lang=lang, theme=theme)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        headers = {"authorization": f"Bearer {self.made['user_token']}"}
        answer = httpx.request(method, f"{self.url}/api/v1{path}", headers=headers, json=body or None, timeout=120)
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def history(self, channel: str, oldest: str = "0") -> list[dict[str, Any]]:
        """Everything that came after a moment, oldest first, without what was said in threads only."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.slack.conversations_history(channel=channel, limit=999, cursor=cursor, oldest=oldest)
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
        """With a patience that may be too short for it, it is accepted all the same."""
        channel = self.sori.slack.conversations_create(name=name)["channel"]["id"]
        self.sori.slack.chat_postMessage(channel=channel, text="before it was shared")
        self.sori.ask("POST", f"/partners/{self.partner_of['sori']}/offers", channel=channel, email=self.hanbit.email)
        offer = waited(lambda: self._offer(name), "the offer did not come", seconds=60)
        with contextlib.suppress(AssertionError):
            self.hanbit.ask("POST", f"/channels/offers/{offer}/accept", name=name)
        waited(lambda: self._connected(offer), "the channel was not shared")
        return channel, offer

    def _connected(self, channel: str) -> bool:
        mine = self.hanbit.slack.users_conversations(limit=200)["channels"]
        return any(one["id"] == channel for one in mine)

    def waiting(self) -> int:
        """How many entries are on their way from either."""
        return sum(one.ask("GET", "/partners")["partners"][0]["waiting"] for one in (self.sori, self.hanbit))

    def _offer(self, name: str) -> str:
        offers = self.hanbit.ask("GET", "/channels/offers")["offers"]
        return next((one["channel"] for one in offers if one["name"] == name), "")


@contextmanager
def two_companies(folder: Path, patience: float = 60) -> Iterator[Pair]:
    with ExitStack() as stack:
        servers = stack.enter_context(Servers(patience))
        sori = Company(folder / "sori", "Sorimaru", "mina@sorimaru.example", servers)
        hanbit = Company(folder / "hanbit", "Hanbit", "rina@hanbit.example", servers)
        for one in (sori, hanbit):
            stack.callback(one.end)
        with ThreadPoolExecutor(2) as both:
            list(both.map(Company.found, (sori, hanbit)))
        for one in (sori, hanbit):
            one.start()
        pair = Pair(sori, hanbit)
        pair.become_partners()
        pair.channel, pair.copy = pair.share()
        yield pair
