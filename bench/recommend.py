"""How good recommendations are, and how fast.

1. quality: recall@10 and nDCG@10 on the Last.fm split (`shared/data/lastfm`), each kind beside `implicit` asked by its
   own API and beside popularity, in the same run; parameters are chosen on a fifth of the training listens
2. the blend: what Thompson sampling comes to when the held back fifth says what people took
3. speed: people a second in sets out of PostgreSQL, and one person over HTTP (p50, p99), for an invented audio company

    dure bench recommend [DURE_SHARED_DATA=folder of the real data sets] [DURE_BENCH_PEOPLE=100000]
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import structlog
from fastapi import FastAPI
from implicit.cpu.als import AlternatingLeastSquares
from rich.console import Console
from rich.table import Table
from scipy import sparse
from threadpoolctl import threadpool_limits

from dure.campaigns.recommending import bandit, factors, fitting, nearness, routes, store
from dure.campaigns.recommending.api import Recommendations
from dure.campaigns.recommending.histories import ENTRY, Heard
from dure.campaigns.recommending.kinds import choose
from dure.campaigns.recommending.model import Item, Kind, Token
from dure.campaigns.recommending.shelf import Shelf, laid_out, packed_near
from dure.governance.api import Governance
from dure.kernel.clock import StillClock
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.api import People
from dure.segments.api import Segments
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate
from dure.web import front
from dure.web.routing import include

DATA = Path(os.environ.get("DURE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")) / "lastfm"
PEOPLE = int(os.environ.get("DURE_BENCH_PEOPLE", "100000"))
ITEMS, CREATORS, ON_OFFER = 20_000, 2_000, 2_000
AT = datetime(2026, 11, 26, 3, tzinfo=UTC)
K = 10
Quality = tuple[float, float]


# -- quality ---------------------------------------------------------------------------------------------------------


def listens(name: str) -> np.ndarray:
    with gzip.open(DATA / f"listens_{name}.tsv.gz", "rt") as file:
        return np.loadtxt(file).astype(np.int64)


def matrix(rows: np.ndarray, shape: tuple[int, int]) -> Any:
    return sparse.csr_matrix((rows[:, 2].astype(np.float32), (rows[:, 0], rows[:, 1])), shape=shape)


def rows_of(plays: Any) -> list[bytes]:
    """A matrix of people × items as histories; items are tokens from 1 on."""
    entries = np.zeros(plays.nnz, ENTRY)
    entries["token"], entries["last"] = plays.indices + 1, int(AT.timestamp()) - 60
    entries["plays"] = np.clip(plays.data, 1, 65_535)
    return Heard([UUID(int=n) for n in range(plays.shape[0])], plays.indptr.astype(np.int64), entries).rows()


def shelf_of(plays: Any, tastes: dict[str, bytes]) -> Shelf:
    heard = np.asarray((plays > 0).sum(axis=0)).ravel()
    items = [Item(f"a-{n}", {"en": f"Artist {n}"}, created_at=AT - timedelta(days=365)) for n in range(plays.shape[1])]
    now = int(AT.timestamp())
    tokens = [Token(n + 1, "item", f"a-{n}", "", int(c), float(c), now) for n, c in enumerate(heard)]
    return laid_out(items, (), tokens, tastes, AT)


def judged(found: Sequence[Sequence[int]], truth: Any) -> Quality:
    """Mean recall and nDCG at K over those who have something to be found."""
    recall, gain = [], []
    discount = 1 / np.log2(np.arange(2, K + 2))
    for person, items in enumerate(found):
        wanted = set(truth.indices[truth.indptr[person] : truth.indptr[person + 1]].tolist())
        if wanted:
            hits = np.array([item in wanted for item in items[:K]])
            recall.append(hits.sum() / len(wanted))
            gain.append(float((hits * discount[: len(hits)]).sum()) / discount[: min(K, len(wanted))].sum())
    return float(np.mean(recall)), float(np.mean(gain))


def ours(plays: Any, tastes: dict[str, bytes], kind: Kind, **more: Any) -> list[list[int]]:
    heard = Heard.of([UUID(int=n) for n in range(plays.shape[0])], rows_of(plays))
    picks = choose(shelf_of(plays, tastes), heard, kind, K, int(AT.timestamp()), **more)
    return [[pick.place for pick in each] for each in picks]


def popularity(plays: Any) -> list[list[int]]:
    order = np.argsort(-np.asarray((plays > 0).sum(axis=0)).ravel(), kind="stable").tolist()
    found = []
    for person in range(plays.shape[0]):
        seen = set(plays.indices[plays.indptr[person] : plays.indptr[person + 1]].tolist())
        found.append([item for item in order[: K + len(seen)] if item not in seen][:K])
    return found


def implicits_own(plays: Any) -> tuple[list[list[int]], float]:
    """`implicit` alone: fitted and asked by its own API, with the parameters of the survey."""
    heard = plays.copy()
    heard.data[:] = 1
    started = time.perf_counter()
    model = AlternatingLeastSquares(factors=64, alpha=10, regularization=1, iterations=15, random_state=42)
    model.fit(heard, show_progress=False)
    seconds = time.perf_counter() - started
    found, _ = model.recommend(np.arange(heard.shape[0]), heard, N=K)
    return found.tolist(), seconds


def quality(out: Console) -> None:
    train, test = listens("train"), listens("test")
    shape = (int(max(train[:, 0].max(), test[:, 0].max())) + 1, int(max(train[:, 1].max(), test[:, 1].max())) + 1)
    everything, truth = matrix(train, shape), matrix(test, shape)
    held = np.random.default_rng(7).random(len(train)) < 0.2
    some, kept = matrix(train[~held], shape), matrix(train[held], shape)
    tried = Table("chosen on a held back fifth of train", "recall@10", "nDCG@10")
    best: dict[str, tuple[float, str]] = {}
    for keep in (50, 200):
        tastes = {"together": packed_near(nearness.nearest(shifted(some), keep))}
        tell(tried, best, f"together, {keep} neighbours", judged(ours(some, tastes, "together"), kept))
    for size, confidence, regular in ((32, 10.0, 1.0), (64, 10.0, 1.0), (64, 10.0, 10.0), (96, 10.0, 10.0)):
        learned = factors.learn(shifted(some), factors=size, confidence=confidence, regularization=regular)
        people = factors.folded_in(learned, shifted(some), confidence=confidence, regularization=regular)
        scores = people @ learned.T
        scores[shifted(some).nonzero()] = -np.inf
        found = (np.argsort(-scores[:, 1:], axis=1)[:, :K]).tolist()
        tell(tried, best, f"collaborative, {size} factors, {confidence:g}, {regular:g}", judged(found, kept))
    out.print(tried)
    out.print(
        f"built in: together {nearness.NEIGHBOURS} neighbours; collaborative {factors.FACTORS} factors,"
        f" {factors.CONFIDENCE:g}, {factors.REGULARIZATION:g}"
    )
    # What the blend would have learned from what people took of each kind.
    # The other kinds have nothing to offer here, as if all they had shown were in vain.
    outcomes = dict.fromkeys(("live", "resurrect", "new"), (9999, 0, 0, 0))
    before = fitting.learn(rows_of(some), fitting.Progress()).tastes
    for kind in ("together", "collaborative", "popular"):
        found = ours(some, before, kind)
        won = sum(
            item in set(kept.indices[kept.indptr[p] : kept.indptr[p + 1]].tolist())
            for p, e in enumerate(found)
            for item in e
        )
        outcomes[kind] = (sum(len(each) for each in found), 0, won, won)
    table = Table("Last.fm, 1,892 people × 4,489 artists", "recall@10", "nDCG@10", "× popularity", "fit s")
    plain = judged(popularity(everything), truth)
    found, seconds = implicits_own(everything)
    started = time.perf_counter()
    tastes = fitting.learn(rows_of(everything), fitting.Progress()).tastes
    fitted = time.perf_counter() - started
    order = bandit.orders("bench", outcomes, [UUID(int=n) for n in range(shape[0])], AT)
    rows = {
        "popularity": (plain, ""),
        "implicit alone (ALS 64)": (judged(found, truth), f"{seconds:.1f}"),
        "popular": (judged(ours(everything, tastes, "popular"), truth), ""),
        "together": (judged(ours(everything, tastes, "together"), truth), ""),
        "collaborative": (judged(ours(everything, tastes, "collaborative"), truth), f"{fitted:.1f} both"),
        "blend": (judged(ours(everything, tastes, "blend", order=order), truth), ""),
    }
    for name, ((recall, gain), fit) in rows.items():
        table.add_row(name, f"{recall:.4f}", f"{gain:.4f}", f"{recall / plain[0]:.1f}", fit)
    out.print(table)
    shares = bandit.chances(outcomes)
    out.print("the blend shows first: " + ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items() if share))


def shifted(plays: Any) -> Any:
    """Columns as tokens: the first is nobody's."""
    return sparse.csr_matrix((plays.data, plays.indices + 1, plays.indptr), shape=(plays.shape[0], plays.shape[1] + 1))


def tell(table: Table, best: dict[str, tuple[float, str]], name: str, found: Quality) -> None:
    table.add_row(name, f"{found[0]:.4f}", f"{found[1]:.4f}")
    best[name.split(",")[0]] = max(best.get(name.split(",")[0], (0.0, "")), (found[0], name))


# -- speed -----------------------------------------------------------------------------------------------------------


def company(rng: np.random.Generator) -> Any:
    """Plays of people with tastes: forty tokens each, of items and their creators, some of which everybody hears."""
    taste = rng.integers(0, 50, PEOPLE)
    owner = np.repeat(np.arange(PEOPLE), 20)
    popular = (rng.pareto(1.2, len(owner)) * 40).astype(np.int64) % (ITEMS // 50)
    item = popular * 50 + np.where(rng.random(len(owner)) < 0.8, taste[owner], rng.integers(0, 50, len(owner)))
    creator = ITEMS + item % CREATORS
    plays = sparse.csr_matrix(
        (np.ones(2 * len(owner), np.float32), (np.tile(owner, 2), np.concatenate([item, creator]))),
        shape=(PEOPLE, ITEMS + CREATORS),
    )
    plays.sum_duplicates()
    return plays


async def speed(out: Console, folder: Path) -> None:
    plays = company(np.random.default_rng(3))
    server = EmbeddedPostgres(folder / "pg")
    state, log = State(server.start(), connections=8), Log(f"chdb://{folder}/ch")
    await state.open()
    await migrate(state)
    log.open()
    clock = StillClock(AT)
    governance = Governance(state, clock)
    founded = await governance.found("Bench", "bench", "mina@bench.example")
    tenant = founded.workspace.tenant
    people = People(state, log, clock)
    segments = Segments(state, log, clock, governance, people=people)
    api = Recommendations(state, log, clock, segments, people, patience=2.0)
    mina = await governance.principal(founded.user_token)
    names = [UUID(int=(n << 64) | n) for n in range(PEOPLE)]
    table = Table("an invented company", "", "")
    table.add_row("people, items and creators, pairs", f"{PEOPLE:,}", f"{ITEMS + CREATORS:,}, {plays.nnz:,}")
    catalogue = [
        Item(
            f"b-{n}",
            {"ko": f"방송 {n}", "en": f"Show {n}"},
            f"c-{n % CREATORS}",
            f"g-{n % 50}",
            live_from=AT - timedelta(hours=1),
        )
        for n in range(0, ITEMS, ITEMS // ON_OFFER)
    ]
    await api.load_items(mina, catalogue)
    started = time.perf_counter()
    await fill(state, tenant, names, plays)
    table.add_row("histories written", f"{time.perf_counter() - started:.1f} s", "")
    started = time.perf_counter()
    await api._fitting.fit(tenant, AT)
    stands = await api.standing(mina)
    table.add_row("model fitted", f"{time.perf_counter() - started:.1f} s", f"{stands.tokens:,} tokens")
    started = time.perf_counter()
    await api._recommender.warm(tenant, AT)
    table.add_row("shelf laid out", f"{(time.perf_counter() - started) * 1000:.0f} ms", f"{len(catalogue):,} on offer")
    lots = np.random.default_rng(5)
    for kind in ("together", "collaborative", "popular", "live", "resurrect", "new", "blend"):
        asked, started = 0, time.perf_counter()
        while time.perf_counter() - started < 2.0:
            some = [names[n] for n in lots.integers(0, PEOPLE, 5_000)]
            asked += len(await api.for_people(tenant, some, kind, 3, AT))
        table.add_row(f"{kind}, in sets of 5,000", f"{asked / (time.perf_counter() - started):,.0f} people/s", "")
    for kind in ("together", "collaborative", "blend"):
        table.add_row(f"{kind}, one over HTTP", *await latency(api, governance, founded.user_token, names, kind))
    out.print(table)
    await state.close()
    log.close()
    server.stop()


async def fill(state: State, tenant: Tenant, names: list[UUID], plays: Any) -> None:
    entries = np.zeros(plays.nnz, ENTRY)
    entries["token"], entries["plays"] = plays.indices + 1, plays.data
    entries["last"] = int(AT.timestamp()) - np.random.default_rng(4).integers(0, 60 * 86_400, plays.nnz)
    rows = Heard(names, plays.indptr.astype(np.int64), entries).rows()
    heard = np.asarray((plays > 0).sum(axis=0)).ravel()
    named = [("item", f"b-{n}", f"g-{n % 50}") for n in range(ITEMS)] + [
        ("creator", f"c-{n}", "") for n in range(CREATORS)
    ]
    async with state.begin(tenant) as tx:
        numbers = await store.name_tokens(tx, tenant.workspace, named)
        # The first item has the first number, so that a column is a token less one.
        back = np.zeros(len(named) + 1, np.int64)
        for place, (what, name, _) in enumerate(named):
            back[place + 1] = numbers[what, name]
        await store.warm_tokens(tx, tenant.workspace, back[1:].tolist(), heard.tolist(), heard.tolist(),
                                int(AT.timestamp()), 259_200.0)  # fmt: skip
        await store.note(tx, tenant.workspace, read_to=AT, read_at=AT, listens=plays.nnz)
    for start in range(0, len(rows), 5_000):
        part = [renumbered(row, back) for row in rows[start : start + 5_000]]
        async with state.begin(tenant) as tx:
            await store.save_histories(tx, tenant.workspace, names[start : start + 5_000], part)


def renumbered(row: bytes, back: np.ndarray) -> bytes:
    entries = np.frombuffer(row, ENTRY).copy()
    entries["token"] = back[entries["token"]]
    return entries.tobytes()


async def latency(
    api: Recommendations, governance: Governance, token: str, names: list[UUID], kind: str
) -> tuple[str, str]:
    app = FastAPI()
    app.state.governance = governance
    front.install(app)
    include(app, routes.router(api))
    took = []
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://dure", headers={"authorization": f"Bearer {token}"}
    ) as client:
        for n in np.random.default_rng(6).integers(0, PEOPLE, 1_050).tolist():
            started = time.perf_counter()
            answer = await client.get(f"/api/v1/people/{names[n]}/recommendations?kind={kind}&count=3")
            took.append(time.perf_counter() - started)
            assert answer.status_code == 200, answer.text
    warm = np.array(took[50:]) * 1000
    return f"p50 {np.percentile(warm, 50):.1f} ms", f"p99 {np.percentile(warm, 99):.1f} ms"


def main() -> None:
    out = Console(width=110)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with threadpool_limits(1):
        if (DATA / "listens_train.tsv.gz").is_file():
            quality(out)
        else:
            out.print(f"{DATA} is not here: quality is not measured; DURE_SHARED_DATA names the folder")
        with tempfile.TemporaryDirectory(prefix="dure-") as folder:
            asyncio.run(speed(out, Path(folder)))


if __name__ == "__main__":
    main()
