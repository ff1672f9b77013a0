"""Models: made beside the doors, kept for every process, stopped when asked; and as good as they are said to be."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from scipy import sparse

from dure.campaigns.recommending import bandit, factors, fitting, store
from dure.campaigns.recommending.api import Recommendations
from dure.campaigns.recommending.fitting import Progress, Stopped
from dure.campaigns.recommending.histories import ENTRY, Heard
from dure.campaigns.recommending.kinds import choose
from dure.campaigns.recommending.model import Item, Token
from dure.campaigns.recommending.shelf import laid_out
from dure.kernel.errors import Invalid, NotAllowed
from tests.campaigns.recommending.company import happened, heard, item, liked, read
from tests.campaigns.studio import Studio
from tests.people_of import MONDAY_NOON as AT
from tests.real_data import real

pytestmark = pytest.mark.anyio

NOW = int(AT.timestamp())


async def test_another_process_answers_from_what_was_learned_here(studio: Studio) -> None:
    api, joon = studio.campaigns.recommending, studio.cast.joon
    await api.load_items(joon, [item("b-0"), item("b-1"), item("b-2")])
    friends = [f"u-{n}" for n in range(3)]
    await happened(studio, [act for who in friends for act in (heard(who, "b-0"), heard(who, "b-1"))])
    await happened(studio, [heard("mina", "b-0"), *(heard(f"u-{n}", "b-2") for n in range(10, 16))])
    await read(studio)
    stands = await api.standing(joon)
    assert (stands.version, stands.people, stands.listens, stands.stage) == (1, 10, 13, "")
    assert stands.read_to is not None
    other = Recommendations(studio.state, studio.log, studio.clock, studio.segments, studio.people)
    (found,) = await other.for_person(joon, str(studio.who("mina")), "together", 1)
    assert (found.item.id, found.why) == ("b-1", "together")
    # A model that is fresh is not made again; one that everything has outgrown is.
    assert await api.learn() == 0
    await happened(studio, [heard(f"w-{n}", "b-2") for n in range(20)])
    studio.clock.advance(timedelta(minutes=11))
    await studio.settle()
    assert await api.learn() == 1
    assert (await api.standing(joon)).version == 2
    async with studio.state.begin(studio.cast.tenant) as tx:
        assert await store.tastes(tx, studio.cast.tenant.workspace, 1) == {}


async def test_other_events_say_what_people_like(studio: Studio) -> None:
    api, joon = studio.campaigns.recommending, studio.cast.joon
    await api.load_items(joon, [item("p-1", kind="product"), item("p-2", kind="product")])
    bought = [
        ("mina", "Order Completed", "", {"sku": "p-1", "paid": True}, 1),
        ("u-1", "Order Completed", "", {"sku": "p-2", "paid": False}, 1),
    ]
    await happened(studio, bought)
    await read(studio)
    assert (await api.standing(joon)).listens == 0
    where = [{"prop": "paid", "op": "=", "value": True}]
    await api.set_up(joon, {"event": "Order Completed", "item": ["sku"], "creator": [], "where": where})
    await read(studio)
    assert (await api.standing(joon)).listens == 1
    assert [name for name, _ in await liked(studio, "mina", "popular")] == ["p-2"]
    for wrong, field in (
        ({"event": ""}, "event"), ({"item": ["a`b"]}, "item"), ({"days": 1}, "days"), ({"window": "x"}, "window"),
        ({"evnt": "x"}, "selectors"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            await api.set_up(joon, wrong)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        await api.set_up(studio.cast.gil, {})


async def test_a_model_under_way_is_stopped_and_the_one_before_stays(studio: Studio) -> None:
    api, joon, tenant = studio.campaigns.recommending, studio.cast.joon, studio.cast.tenant
    await api.load_items(joon, [item("b-0"), item("b-1")])
    await happened(studio, [heard(f"u-{n}", f"b-{n % 2}") for n in range(6)])
    await read(studio)
    await api.want_model(joon)
    await api.stop_model(joon)
    assert await api.learn() == 0
    progress = Progress(stop=True)
    async with studio.state.begin(tenant) as tx, store.all_histories(tx) as cursor:
        await cursor.execute(store.ALL_HISTORIES, (tenant.workspace,), binary=True)
        rows = [row["entries"] async for row in cursor]
    with pytest.raises(Stopped):
        fitting.learn(rows, progress)
    assert (await api.standing(joon)).version == 1
    assert [event.event for event in await studio.events("Recommendation Model Stopped")] != []


def test_somebody_new_is_folded_in_as_the_model_would_have_them() -> None:
    rng = np.random.default_rng(1)
    plays = sparse.csr_matrix((rng.random((200, 60)) < 0.1).astype(np.float32))
    learned = factors.learn(plays, factors=8)
    many = factors.folded_in(learned, plays)
    few = factors.folded_in_exactly(learned, learned.T @ learned, plays[:5])
    np.testing.assert_allclose(many[:5], few, atol=5e-3)


def test_the_blend_comes_to_show_what_works_and_says_the_same_in_the_same_hour() -> None:
    people = [UUID(int=n) for n in range(2_000)]
    outcomes = {"together": (4_000, 0, 400, 400), "popular": (4_000, 0, 120, 120), "collaborative": (4_000, 0, 0, 350),
                "live": (3_000, 0, 0, 60), "resurrect": (3_000, 0, 0, 60), "new": (3_000, 0, 0, 60)}  # fmt: skip
    orders = bandit.orders("T0", outcomes, people, AT)
    first = [each[0] for each in orders]
    assert first.count("together") > 0.9 * len(first)
    assert orders == bandit.orders("T0", outcomes, people, AT + timedelta(minutes=30))
    unknown = [each[0] for each in bandit.orders("T0", {}, people, AT)]
    assert min(unknown.count(kind) for kind in bandit.BLENDED) > 200
    chances = bandit.chances(outcomes)
    assert abs(sum(chances.values()) - 1) < 1e-9
    # Three arms of a reference computed by quadrature (cases/experiments.md C7).
    never = dict.fromkeys(("live", "resurrect", "new"), (9999, 0, 0, 0))
    some = {"together": (200, 0, 0, 20), "collaborative": (200, 0, 0, 30), "popular": (200, 0, 0, 24)}
    few = bandit.chances(never | some)
    for kind, chance in (("together", 0.044381), ("collaborative", 0.776280), ("popular", 0.179339)):
        assert abs(few[kind] - chance) < 0.005


def test_on_lastfm_both_models_find_a_sixth_and_far_more_than_popularity() -> None:
    train, test = _listens(real("lastfm/listens_train.tsv.gz")), _listens(real("lastfm/listens_test.tsv.gz"))
    people, width = int(train[:, 0].max()) + 1, int(max(train[:, 1].max(), test[:, 1].max())) + 1
    plays = sparse.csr_matrix((train[:, 2], (train[:, 0], train[:, 1])), shape=(people, width))
    entries = np.zeros(plays.nnz, ENTRY)
    entries["token"], entries["plays"], entries["last"] = plays.indices + 1, np.clip(plays.data, 1, 65_535), NOW
    names = [UUID(int=n) for n in range(people)]
    rows = Heard(names, plays.indptr.astype(np.int64), entries).rows()
    learned = fitting.learn(rows, Progress())
    listeners = np.bincount(plays.indices, minlength=width)
    tokens = [Token(n + 1, "item", f"a-{n}", "", int(c), float(c), NOW) for n, c in enumerate(listeners)]
    items = [Item(f"a-{n}", {"en": "?"}, created_at=AT - timedelta(days=99)) for n in range(width)]
    shelf = laid_out(items, (), tokens, learned.tastes, AT)
    wanted: list[set[int]] = [set() for _ in range(people)]
    for person, artist, _ in test.tolist():
        wanted[person].add(artist)

    def recall(kind: str) -> float:
        picks = choose(shelf, Heard.of(names, rows), kind, 10, NOW)  # type: ignore[arg-type]
        return float(np.mean([
            len({pick.place for pick in found} & truth) / len(truth)
            for found, truth in zip(picks, wanted, strict=True) if truth
        ]))  # fmt: skip

    popular = recall("popular")
    assert recall("together") >= 0.17 > 2 * popular
    assert recall("collaborative") >= 0.18


def _listens(path: Path) -> np.ndarray:
    with gzip.open(path, "rt") as file:
        return np.loadtxt(file).astype(np.int64)
