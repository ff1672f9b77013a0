"""kill -9 of the server and of its PostgreSQL between a message's commit and its fan-out, again and again.

People write as Slack's clients do: what was not answered is said again under the same client_msg_id. A listener does
as a browser tab: it hears the live socket, and after a break asks for what came after the last message that it saw.
Every message that was acknowledged is there once, at the timestamp that was acknowledged, and was heard in order.
`DURE_CRASH_ROUNDS` sets how often (2 unless told otherwise).
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import sys
import threading
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

from tests.frame.running import Server, found, server

pytestmark = pytest.mark.crash
ROUNDS = int(os.environ.get("DURE_CRASH_ROUNDS", "2"))
WRITERS, CHANNELS = 4, 2


class Writer:
    """Somebody who says one thing after the other in turn in the channels, until told to stop or the server is gone."""

    def __init__(self, name: str, token: str, channels: list[str]) -> None:
        self.name = name
        self.acknowledged: dict[str, tuple[str, str]] = {}  # client_msg_id → channel, ts
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json; charset=utf-8"}
        self._channels = channels
        self._numbers = itertools.count()
        self._unanswered: dict[str, str] | None = None

    def say(self, url: str, until: threading.Event) -> None:
        with contextlib.closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)) as connection:
            while not until.is_set() or self._unanswered:
                if self._unanswered is None:
                    number = next(self._numbers)
                    self._unanswered = {
                        "channel": self._channels[number % len(self._channels)],
                        "text": f"{self.name} {number}",
                        "client_msg_id": f"{self.name}-{number}",
                    }
                try:
                    connection.request("POST", "/slack/api/chat.postMessage", json.dumps(self._unanswered),
                                       self._headers)  # fmt: skip
                    answer = json.loads(connection.getresponse().read())
                except (OSError, http.client.HTTPException, json.JSONDecodeError):
                    return
                if not answer["ok"]:  # the database was killed under it
                    assert answer["error"] in ("service_unavailable", "internal_error"), answer
                    return
                said = self._unanswered["client_msg_id"]
                self.acknowledged[said] = (answer["channel"], answer["ts"])
                assert answer["message"]["client_msg_id"] == said
                self._unanswered = None


class Listener:
    """A tab: what it saw of each channel, in the order in which it saw it."""

    def __init__(self, token: str, channels: list[str]) -> None:
        self.seen: dict[str, list[str]] = defaultdict(list)
        self._headers = {"authorization": f"Bearer {token}"}
        self._channels = channels

    def listen(self, url: str, heard: threading.Event) -> None:
        """Hears one server until it is gone."""
        try:
            with connect(
                url.replace("http", "ws") + "/api/live", additional_headers=self._headers, compression=None,
                close_timeout=1,
            ) as socket:  # fmt: skip
                socket.send(json.dumps({"sub": [f"channel:{channel}" for channel in self._channels]}))
                for text in socket:
                    said = json.loads(text)
                    if said.get("hello"):
                        self.catch_up(url)
                        heard.set()
                    elif said.get("e", {}).get("event") == "Message Posted":
                        self._see(said["e"]["object"], said["e"]["properties"]["ts"])
        except (ConnectionClosed, InvalidHandshake, OSError, httpx.TransportError):
            return

    def catch_up(self, url: str) -> None:
        with httpx.Client(base_url=f"{url}/api/v1", headers=self._headers) as client:
            for channel in self._channels:
                more = True
                while more:
                    after = self.seen[channel][-1] if self.seen[channel] else "0.000001"
                    page = client.get(f"/channels/{channel}/messages", params={"after": after, "limit": 200}).json()
                    for message in page["messages"]:
                        self._see(channel, message["ts"])
                    more = page["later"]

    def _see(self, channel: str, ts: str) -> None:
        # An event may come twice, and one that was caught up with comes once more.
        if not self.seen[channel] or ts > self.seen[channel][-1]:
            self.seen[channel].append(ts)
        else:
            assert ts in self.seen[channel], f"{ts} came after {self.seen[channel][-1]}"


def kill(running: Server, victim: str) -> None:
    postmaster = psutil.Process(int((running.folder / "postgres" / "postmaster.pid").read_text().split()[0]))
    if victim in ("postgres", "both"):
        postmaster.kill()
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()


def test_no_message_is_lost_or_doubled_or_out_of_order_whatever_is_killed(run_folder: Path) -> None:
    chance = random.Random(11)
    folder = run_folder / "channels-killed"
    made = found(folder)
    token = made["user_token"]
    channels: list[str] = []
    writers = [Writer(f"w{n}", token, channels) for n in range(WRITERS)]
    listener = Listener(token, channels)
    for number in range(ROUNDS):
        with server(folder) as running:
            if not channels:
                channels += [_channel(running.url, token, f"room-{n}") for n in range(CHANNELS)]
            heard, until = threading.Event(), threading.Event()
            tab = threading.Thread(target=listener.listen, args=(running.url, heard))
            tab.start()
            assert heard.wait(60)
            writing = [threading.Thread(target=writer.say, args=(running.url, until)) for writer in writers]
            enough = _answered(writers) + chance.randint(20, 300)
            for one in writing:
                one.start()
            while _answered(writers) < enough and any(one.is_alive() for one in writing):
                writing[0].join(0.001)
            kill(running, ("server", "both")[number % 2])
            until.set()
            for one in (*writing, tab):
                one.join()
    with server(folder) as running:
        done = threading.Event()
        done.set()
        for writer in writers:
            writer.say(running.url, done)
        listener.catch_up(running.url)
        there = _everything(running.url, token, channels)
    acknowledged = {said: place for writer in writers for said, place in writer.acknowledged.items()}
    kept = {said: place for said, place in there if said in acknowledged}
    ids = [said for said, _ in there]
    sys.stderr.write(f"\nrounds {ROUNDS}, acknowledged {len(acknowledged):,}, kept {len(there):,}\n")
    assert kept == acknowledged  # each at the timestamp that was answered
    assert len(ids) == len(set(ids))
    for channel in channels:
        stamps = [ts for _, (place, ts) in there if place == channel]
        assert stamps == sorted(set(stamps))
        assert listener.seen[channel] == stamps
    for writer in writers:  # who writes one thing after the other is read in that order
        for channel in channels:
            mine = [said for said, (place, _) in there if place == channel and said.startswith(f"{writer.name}-")]
            assert mine == sorted(mine, key=lambda said: int(said.split("-")[1]))


def _channel(url: str, token: str, name: str) -> str:
    headers = {"authorization": f"Bearer {token}"}
    made = httpx.post(f"{url}/slack/api/conversations.create", data={"name": name}, headers=headers).json()
    return str(made["channel"]["id"])


def _answered(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def _everything(url: str, token: str, channels: list[str]) -> list[tuple[str, tuple[str, str]]]:
    """Every message by client_msg_id, oldest first in each channel."""
    there = []
    with httpx.Client(base_url=f"{url}/slack/api/", headers={"authorization": f"Bearer {token}"}) as slack:
        for channel in channels:
            pages, cursor = [], ""
            while True:
                page = slack.get(
                    "conversations.history", params={"channel": channel, "limit": 999, "cursor": cursor}
                ).json()
                pages += [one for one in page["messages"] if one.get("client_msg_id")]
                cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
                if not cursor:
                    break
            there += [(one["client_msg_id"], (channel, one["ts"])) for one in reversed(pages)]
    return there
