"""A channel that two servers share, beside one within a server, in the same run.

- **Answered**: from a post to its answer, one after the other: in a channel of the server's own, in the shared channel
  at its home, and at the other side, where the answer is the home's.
- **Seen**: from a post to its being in the history that somebody else reads: within one server, and on the other.
- **Messages a second**: sixteen connections at once, until everything is on both sides.

Two `dure serve` of different companies on this machine, each with databases of its own; requests between them are
signed, as always, over HTTP without TLS.

    python bench/federation.py [--posts 40] [--messages 1000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from by_hand.wire import as_fast_as_answered, request
from numpy import percentile

sys.path[:0] = [str(Path(__file__).parents[1])]

from tests.channels.two_servers import Company, Pair, two_companies  # noqa: E402

from ingest import elsewhere  # noqa: E402

CONNECTIONS = 16
WORDS = "한빛커피 4분기 브랜딩 제안서를 공유합니다. Please have a look before Friday."


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--posts", type=int, default=40)
    options.add_argument("--messages", type=int, default=1_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with two_companies(folder) as pair:
            own = pair.sori.slack.conversations_create(name="own")["channel"]["id"]
            waits(pair, own, asked.posts)
            rates(pair, own, asked.messages)


class Side:
    """One side's client over one kept connection."""

    def __init__(self, company: Company, channel: str) -> None:
        self.channel = channel
        self._client = httpx.Client(
            base_url=f"{company.url}/slack/api/", timeout=60,
            headers={"authorization": f"Bearer {company.made['user_token']}"},
        )  # fmt: skip

    def call(self, method: str, **body: Any) -> Any:
        got = self._client.post(method, json={"channel": self.channel, **body}).json()
        assert got["ok"], got
        return got

    def say(self, text: str) -> str:
        return str(self.call("chat.postMessage", text=text)["ts"])

    def sees(self, text: str) -> float:
        """When a text is in the history."""
        while [one["text"] for one in self.call("conversations.history", limit=1)["messages"]] != [text]:
            pass
        return time.perf_counter()


def waits(pair: Pair, own: str, posts: int) -> None:
    inside, home, away = Side(pair.sori, own), Side(pair.sori, pair.channel), Side(pair.hanbit, pair.copy)
    readers = {"own": Side(pair.sori, own), "home": Side(pair.sori, pair.channel), "away": Side(pair.hanbit, pair.copy)}
    ways: dict[str, tuple[Side, str]] = {
        "within one server": (inside, "own"), "at the home, seen away": (home, "away"),
        "away, seen at the home": (away, "home"),
    }  # fmt: skip
    answered: dict[str, list[float]] = {title: [] for title in ways}
    seen: dict[str, list[float]] = {title: [] for title in ways}
    with ThreadPoolExecutor(1) as beside:
        for number in range(posts + 3):
            for title, (speaker, reader) in ways.items():
                text = f"{title} {number}"
                seeing = beside.submit(readers[reader].sees, text)
                began = time.perf_counter()
                speaker.say(text)
                done = time.perf_counter()
                saw = seeing.result()
                if number >= 3:  # the first ones open connections
                    answered[title].append(done - began)
                    seen[title].append(saw - began)
    print(f"{posts} posts each way in turn, one at a time; ms\n")
    print(f"{'':<26}{'answered p50':>14}{'p95':>8}{'x':>7}{'seen p50':>12}{'p95':>8}{'x':>7}")
    base = [percentile(one["within one server"], 50) for one in (answered, seen)]
    for title in ways:
        row = [percentile(one[title], [50, 95]) for one in (answered, seen)]
        shown = [f"{p50 * 1000:>{width}.0f}{p95 * 1000:>8.0f}{p50 / limit:>7.1f}"
                 for (p50, p95), limit, width in zip(row, base, (14, 12), strict=True)]  # fmt: skip
        print(f"{title:<26}{''.join(shown)}")


def rates(pair: Pair, own: str, messages: int) -> None:
    print(f"\n{messages:,} messages over {CONNECTIONS} connections; messages a second\n")
    print(f"{'':<26}{'accepted':>12}{'x':>7}{'on both sides':>16}{'x':>7}")
    limit = 0.0
    for title, company, channel, other in (
        ("within one server", pair.sori, own, None), ("at the home", pair.sori, pair.channel, "hanbit"),
        ("away", pair.hanbit, pair.copy, "sori"),
    ):  # fmt: skip
        made = [
            request("POST", company.url, "/slack/api/chat.postMessage", company.made["user_token"],
                    {"channel": channel, "text": f"{WORDS} {number}", "client_msg_id": f"{title} {number}"})
            for number in range(messages)
        ]  # fmt: skip
        seconds = elsewhere(_said, company.url, made)
        began, accepted = time.perf_counter() - seconds, messages / seconds
        if other:
            until(lambda: pair.waiting() == 0 and newest(pair.sori, pair.channel) == newest(pair.hanbit, pair.copy))
        both = messages / (time.perf_counter() - began)
        limit = limit or both
        print(f"{title:<26}{accepted:>12,.0f}{accepted / limit:>7.2f}{both:>16,.0f}{both / limit:>7.2f}")


def _said(url: str, made: list[bytes]) -> float:
    import asyncio

    return asyncio.run(as_fast_as_answered(url, made, CONNECTIONS))


def newest(company: Company, channel: str) -> str:
    return str(company.slack.conversations_history(channel=channel, limit=1)["messages"][0]["ts"])


def until(there: Callable[[], bool]) -> None:
    while not there():
        time.sleep(0.02)


if __name__ == "__main__":
    main()
