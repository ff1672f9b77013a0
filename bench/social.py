"""Mentions from their arrival to a card in a team's channel, and what a query would have caught of ten million.

- **Arrival**: one `dure serve`, everything on that is on by default, the recipe that brings routed mentions to channels
  switched on, ten saved queries as labels. Mentions (Korean and English, a tenth of them near copies) come over HTTP in
  sets of 500 by two callers. The clock runs from the first request to the last card in a channel and the last mention
  on the shelf of listening. Beside it, as a limit, a bare COPY of the same texts into one PostgreSQL table.
- **Preview**: ten million mentions of ninety days in the log, made in ClickHouse. For each query: as typed (estimated
  where the index alone does not say), counted exactly, and the plain scan `folded ilike '%…%'` for its first word,
  which reads every text. Median of the rounds.

    python bench/social.py [--only arrival,preview] [--mentions 20000] [--rows 10000000] [--rounds 5] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from by_hand import mentions as made
from rich.console import Console
from rich.table import Table

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.recomputing import FOLLOWER as SEGMENTS
from dure.social.listening import preview
from dure.social.listening.parse import parse
from ingest import Dure, command, elsewhere, serving, used

TENANT = Tenant("E0BENCH0000", "T0BENCH0000")
A_SET, CALLERS = 500, 2
CHANNELS = ("product", "marketing", "sales", "ad-ops", "social", "care", "people", "press", "executives")
# The recipe that posts cards, whichever is there; the older one brings complaints only.
CARDS = (("mention-cards", {}), ("mention-to-care", {"function": "care", "channel": "care"}))
QUIET = 3.0  # seconds without a new card after which none is waited for
END = datetime(2026, 11, 20, tzinfo=UTC)
QUERIES = (
    "결제가", "소리마루", "파도라디오 OR wave", "결제가 OR 카드", "결제가 -카드", '"결제가 안"', "결제가 NEAR/5 카드",
    "앱",
    "fail*", "소리마루 sentiment:부정 network:x", "language:en reach>9000",
    "(결제가 OR 카드 OR 승인) (오류 OR 실패) NOT 소리마루",
)  # fmt: skip

console = Console(width=150)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default="arrival,preview")
    options.add_argument("--mentions", type=int, default=20_000)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--keep", type=Path, help="a folder in which the rows stay for another run")
    asked = options.parse_args()
    console.print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    if "arrival" in asked.only:
        arrival(asked.mentions)
    if "preview" in asked.only:
        previews(asked.rows, asked.rounds, asked.keep)


# -- arrival -----------------------------------------------------------------------------------------------------------


def arrival(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with serving(Path(name) / "d") as dure, psycopg.connect(dure.postgres, autocommit=True) as connection:
            token = _token(Path(name) / "d")
            recipe = _furnish(dure, token)
            posts = _posts(count + 1_000)
            elsewhere(send, dure.url, token, posts[:1_000])  # the reader is read in
            _settled(connection)
            before, cards = (used(dure.pid), used(dure.postmaster)), _cards(connection)
            began = time.perf_counter()
            acknowledged = elsewhere(send, dure.url, token, posts[1_000:])
            until, rested = _settled(connection)
            seconds, shelved = until - began, max(until, rested) - began
            posted = _cards(connection) - cards
            server, postgres = used(dure.pid) - before[0], used(dure.postmaster) - before[1]
            limit = _copied(connection, posts[1_000:])
            routed = connection.execute("select count(*) from social.mention where function <> ''").fetchone()
            assert routed is not None
    table = Table(title=f"{count:,} mentions in sets of {A_SET}, cards by {recipe!r}")
    for column in ("", "a second", "seconds", "ratio to COPY"):
        table.add_column(column, justify="left" if not column else "right")
    table.add_row("bare COPY of the same texts (limit)", f"{count / limit:,.0f}", f"{limit:.2f}", "1")
    table.add_row(
        "mentions acknowledged", f"{count / acknowledged:,.0f}", f"{acknowledged:.1f}", _ratio(acknowledged, limit)
    )
    table.add_row("mentions, to the last card", f"{count / seconds:,.0f}", f"{seconds:.1f}", _ratio(seconds, limit))
    table.add_row("cards posted", f"{posted / seconds:,.0f}", f"{seconds:.1f}", "")
    console.print(table)
    console.print(
        f"{posted:,} cards, {posted / count:.0%} of mentions; {routed[0] / (count + 1_000):.0%} routed. CPU a mention:"
        f" server {server / count * 1e3:.2f} ms, PostgreSQL {postgres / count * 1e3:.2f} ms."
        f" All followers at rest after {shelved:.1f} s.\n"
    )


def send(url: str, token: str, posts: list[dict[str, Any]]) -> float:
    """Seconds until all are acknowledged. Runs in a process of its own."""
    bodies = [json.dumps(posts[at : at + A_SET]).encode() for at in range(0, len(posts), A_SET)]

    async def caller(http: httpx.AsyncClient, mine: list[bytes]) -> None:
        for body in mine:
            (await http.post("/mentions", content=body)).raise_for_status()

    async def run() -> float:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", headers=headers, timeout=120) as http:
            began = time.perf_counter()
            await asyncio.gather(*(caller(http, bodies[n::CALLERS]) for n in range(CALLERS)))
            return time.perf_counter() - began

    return asyncio.run(run())


def _token(folder: Path) -> str:
    told = command(
        "token", "create", "--kind", "user", "--user", "b@example.com", "--scopes", "*", "--json", folder=folder
    )
    return str(json.loads(told)["token"])


def _furnish(dure: Dure, token: str) -> str:
    """Channels, saved queries, and the recipe for cards; its id."""
    with httpx.Client(base_url=dure.url, headers={"authorization": f"Bearer {token}"}, timeout=60) as http:
        for name in CHANNELS:
            http.post("/slack/api/conversations.create", data={"name": name}).raise_for_status()
        for number, text in enumerate(QUERIES[:10]):
            query = {"name": f"q{number}", "text": text, "watch": number < 3, "history": False}
            http.post("/api/v1/listening/queries", json=query).raise_for_status()
        known = {one["id"] for one in http.get("/api/v1/automations/recipes").json()["recipes"]}
        recipe, settings = next((name, given) for name, given in CARDS if name in known)
        made_of = {"recipe": recipe, "enabled": True, "settings": settings}
        http.post("/api/v1/automations", json=made_of).raise_for_status()
    return recipe


def _posts(count: int) -> list[dict[str, Any]]:
    """Posts about an audio service, a tenth of them near copies of one before."""
    chance = random.Random(3)
    words, now = made.words(4_000), datetime.now(UTC)
    wishes = (
        "결제가 안 돼요 오류",
        "환불 언제 되나요",
        "구독 가격이 궁금해요",
        "방송 최고예요",
        "app keeps crashing",
        "채용 공고 있나요",
    )
    posts: list[dict[str, Any]] = []
    for number in range(count):
        if number % 10 == 9:
            text = posts[chance.randrange(max(0, number - 400), number)]["text"] + " ㅠㅠ"
        else:
            text = f"{chance.choice(wishes)} {' '.join(chance.choices(words, k=chance.randrange(6, 14)))}"
        posts.append({
            "network": chance.choice(("x", "naver_blog", "app_store")), "id": f"b{number}", "text": text,
            "author": f"사람{number % 7000}", "handle": f"h{number % 7000}", "reach": chance.randrange(5000),
            "posted_at": (now - timedelta(seconds=count - number)).isoformat(),
        })  # fmt: skip
    return posts


def _cards(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("select count(*) from channels.message where subtype not like 'channel\\_%'").fetchone()
    assert row is not None
    return int(row[0])


def _settled(connection: psycopg.Connection[Any]) -> tuple[float, float]:
    """When the last card came and when the last follower had read it: once no follower is behind, no step waits and for
    a while no card has come. Segments are no follower: their mark says from where on the feed is kept for them, and
    moves whenever their own clock strikes."""
    count, last, rested = _cards(connection), time.perf_counter(), 0.0
    while True:
        time.sleep(0.1)
        if (now := _cards(connection)) != count:
            count, last = now, time.perf_counter()
        behind = connection.execute(
            "select count(*) from feed.batch b where b.position > (select min(position) from feed.cursor"
            " where name <> %s)", (SEGMENTS,),
        ).fetchone()  # fmt: skip
        if behind is None or behind[0]:
            rested = 0.0
            continue
        rested = rested or time.perf_counter()
        if time.perf_counter() - last > QUIET:
            return last, rested


def _copied(connection: psycopg.Connection[Any], posts: list[dict[str, Any]]) -> float:
    connection.execute("create table public.bench_mention (network text, id text primary key, text text, author text,"
                       " handle text, reach bigint, posted_at timestamptz)")  # fmt: skip
    began = time.perf_counter()
    with connection.cursor().copy("copy public.bench_mention from stdin") as copy:
        for one in posts:
            copy.write_row([one[name] for name in ("network", "id", "text", "author", "handle", "reach", "posted_at")])
    return time.perf_counter() - began


def _ratio(seconds: float, limit: float) -> str:
    return f"{limit / seconds:.3f}"


# -- preview -----------------------------------------------------------------------------------------------------------


def previews(rows: int, rounds: int, keep: Path | None) -> None:
    with _folder(keep) as folder, asyncio.Runner() as loop:
        log = Log(f"chdb://{folder}/clickhouse", database="bench")
        log.open()
        there = int(loop.run(log.query(TENANT, "select count() from mention")).rows[0][0])
        if there < rows:
            began = time.perf_counter()
            loop.run(made.fill(log, TENANT, rows, int(END.timestamp())))
            console.print(f"{rows:,} mentions made in {time.perf_counter() - began:.0f} s")
        table = Table(title=f"Preview over {max(there, rows):,} mentions, median of {rounds}, seconds")
        for column in ("query", "as typed", "exactly", "newest 8", "ilike scan", "caught", "typed said"):
            table.add_column(column, justify="left" if column == "query" else "right")
        typed_all = []
        for text in QUERIES:
            typed, said = _timed(loop, log, text, rounds, exact=False)
            whole, exact = _timed(loop, log, text, rounds, exact=True)
            newest = _median(rounds, lambda text=text: loop.run(
                preview.newest(log, TENANT, parse(text), END - timedelta(days=made.DAYS), END, 8)))  # fmt: skip
            word = next(
                (want.strip() for want in text.replace('"', " ").replace("(", " ").split() if ":" not in want), ""
            )
            scan = _median(1, lambda word=word: loop.run(log.query(
                TENANT, made.SCAN.format(condition=f"folded ilike '%{word.strip('*')}%'"))))  # fmt: skip
            told = f"{said.count:,}" if said.exact else f"{said.count:,} ({said.low:,}-{said.high:,})"
            typed_all.append(typed)
            table.add_row(
                text, f"{typed:.2f}", f"{whole:.2f}", f"{newest:.2f}", f"{scan:.2f}", f"{exact.count:,}", told
            )
        console.print(table)
        console.print(f"median as typed: {statistics.median(typed_all):.2f} s (aim: below 1)")
        log.close()


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _timed(loop: asyncio.Runner, log: Log, text: str, rounds: int, *, exact: bool) -> tuple[float, preview.Caught]:
    found: list[preview.Caught] = []

    def ask() -> None:
        node = parse(text)
        since = END - timedelta(days=made.DAYS)
        found.append(loop.run(preview.caught(log, TENANT, node, since, END, exact=exact)))

    return _median(rounds, ask), found[-1]


def _median(rounds: int, what: Any) -> float:
    seconds = []
    for _ in itertools.repeat(None, rounds):
        began = time.perf_counter()
        what()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
