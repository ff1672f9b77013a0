"""Finding somebody: by parts of names, beginnings of ids and e-mails, traits, all at once, and by an index."""

from __future__ import annotations

import pytest

from dure.kernel.errors import Invalid
from dure.people import search
from dure.people.search import Trait, Word, terms
from dure.state import Tx
from tests.people.conftest import Crowd

pytestmark = pytest.mark.anyio


def test_what_is_typed_is_words_and_traits() -> None:
    assert terms('김민준 plan:pro amount>=10.5 city="New York" "two words" a=b') == [
        Word("김민준"),
        Trait("plan", ":", "pro", "plan:pro"),
        Trait("amount", ">=", "10.5", "amount>=10.5"),
        Trait("city", ":", "New York", 'city="New York"'),
        Word("two words"),
        Trait("a", ":", "b", "a=b"),
    ]
    assert terms("  ") == []
    for wrong in ("amount>many", "a " * 11):
        with pytest.raises(Invalid) as refused:
            terms(wrong)
        assert refused.value.field == "q"


async def found(crowd: Crowd, text: str) -> list[str]:
    return [one.person.distinct_ids[0] for one in await crowd.people.find(crowd.mina, text)]


async def test_all_terms_have_to_hold(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1", name="김민준", email="Minjun@sori.example", plan="pro", amount=120, tags=["vip"])
    await crowd.identify("u-2", name="남궁민수", email="minsu@sori.example", plan="pro", amount=-3, city="New York")
    await crowd.identify("u-3", name="Alice Archer", plan="free", amount=0, seats="40", active=True)
    await crowd.identify("auth0:17", name="Bo", amount=64)
    await crowd.settle()
    for text, ids in {
        "민준": ["u-1"],
        "민수": ["u-2"],
        "궁민": ["u-2"],
        "남": ["u-2"],
        "arch": ["u-3"],
        "alice arch": ["u-3"],
        "minjun@": ["u-1"],
        "MINJUN@SORI.EXAMPLE": ["u-1"],
        "d-1": ["u-1"],
        "plan:pro": ["u-2", "u-1"],
        "plan:pro min": ["u-2", "u-1"],
        "plan:pro 민준": ["u-1"],
        "plan:pro tags:vip": ["u-1"],
        'city="New York"': ["u-2"],
        "amount>100": ["u-1"],
        "amount>=64": ["auth0:17", "u-1"],
        "amount>64": ["u-1"],
        "amount<0": ["u-2"],
        "amount<=0": ["u-3", "u-2"],
        "amount>-4 amount<1": ["u-3", "u-2"],
        "active:true": ["u-3"],
        "seats:40": ["u-3"],
        "auth0:17": ["auth0:17"],
        "u": ["u-3", "u-2", "u-1"],
        "plan:pro alice": [],
        "100%": [],
        "_": [],
    }.items():
        assert await found(crowd, text) == ids, text


async def test_who_is_named_exactly_comes_first(crowd: Crowd) -> None:
    for user in ("kim", "kim-2", "kimberly"):
        await crowd.identify(user, name=f"Somebody {user}")
    await crowd.identify("x-9", name="Joakim")
    await crowd.settle()
    assert await found(crowd, "kim") == ["kim", "kimberly", "kim-2", "x-9"]
    pages = [await crowd.people.find(crowd.mina, "kim", 2, offset) for offset in (0, 2, 4)]
    assert [one.person.distinct_ids[0] for page in pages for one in page] == ["kim", "kimberly", "kim-2", "x-9"]


async def test_a_find_says_why(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1", name="김민준", email="mj@sori.example", plan="pro", amount=120)
    await crowd.settle()
    for text, why in {
        "민준": [("name", "김민준")],
        "mj@": [("email", "mj@sori.example")],
        "d-1": [("id", "d-1")],
        "plan:pro amount>9 u-1": [("plan", "pro"), ("amount", "120"), ("id", "u-1")],
    }.items():
        [one] = await crowd.people.find(crowd.mina, text)
        assert list(one.matched) == why, text


NUMBERS = [0, 1, -1, 0.001, 2, 3, 4, 1023, 1024, 1025, -1024, 1 << 29, 1e30, -1e30, 3e-20, 7.999999]


async def test_the_index_of_numbers_leaves_nobody_out(crowd: Crowd) -> None:
    """Against every number itself: what the keys narrow to holds all that compare so."""
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        for op in (">", ">=", "<", "<="):
            for edge in NUMBERS:
                keys = search.sizes("n", op, edge)  # type: ignore[arg-type]
                rows = await tx.rows(
                    f"select n::float8 as n, people.sizes(jsonb_build_object('n', n)) && %s::text[] as kept"
                    f" from unnest(%s::float8[]) as n where n {op} %s",
                    (keys, [float(n) for n in NUMBERS], edge),
                )
                assert all(row["kept"] for row in rows), (op, edge, [row["n"] for row in rows if not row["kept"]])


async def plan(tx: Tx, workspace: str, text: str) -> str:
    sql, params = search.people_sql(workspace, terms(text), 50, 0)
    return "\n".join(row["QUERY PLAN"] for row in await tx.rows("explain " + sql, params))


async def test_many_people_are_found_by_an_index(crowd: Crowd) -> None:
    workspace = crowd.cast.tenant.workspace
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        await tx.run(
            "insert into people.person (workspace, id, distinct_id, traits, first_seen, changed_at)"
            " select %s, gen_random_uuid(), 'u-' || n, jsonb_build_object('name', 'Somebody ' || md5(n::text),"
            " 'email', md5(n::text) || '@sori.example', 'plan', 'p' || n %% 500, 'amount', n), now(), now()"
            " from generate_series(1, 60000) as n",
            (workspace,),
        )
        await tx.run("analyze people.person")
        for text, index in {
            "abcdef": "person_name_parts",
            "abcdef@": "person_email",
            "u-5999": "person_distinct",
            "plan:p77": "person_traits",
            "amount>59000": "person_sizes",
        }.items():
            told = await plan(tx, workspace, text)
            assert index in told, f"{text}\n{told}"
            assert "Seq Scan on person" not in told, f"{text}\n{told}"
        rows = await search.people(tx, workspace, terms("amount>59990 plan:p492"), 50, 0)
        assert [row.traits["amount"] for row in rows] == [59992]


async def test_who_has_only_events_is_found_by_their_id(crowd: Crowd) -> None:
    await crowd.identify("User-20", "d-1", name="Bo")
    for user in ("User-2", "User-21", "user-22", "User_23"):
        await crowd.send(user=user)
    await crowd.send(device="d-1")
    await crowd.send(device="d-2")
    await crowd.send(user="auth0:99")
    await crowd.settle()
    for text, ids in {
        "User-2": ["User-2", "User-20", "user-22", "User-21"],
        "user-2": ["User-20", "user-22", "User-21", "User-2"],
        "User-21": ["User-21"],
        "User_": ["User_23"],
        "d-": ["User-20", "d-2"],
        "d-1": ["User-20"],
        "auth0:99": ["auth0:99"],
        "user-2 plan:pro": [],
        "er-2": [],
    }.items():
        assert await found(crowd, text) == ids, text
    [stranger, *_] = await crowd.people.find(crowd.mina, "User-21")
    assert (stranger.person.id, stranger.matched) == (crowd.of("User-21"), (("id", "User-21"),))
    assert stranger.person.last_seen is not None
    assert await found(crowd, str(crowd.of("user-22"))) == ["user-22"]
    pages = [await crowd.people.find(crowd.mina, "User-2", 1, offset) for offset in range(5)]
    assert [one.person.distinct_ids[0] for page in pages for one in page] == ["User-2", "User-20", "user-22", "User-21"]
    assert await crowd.people.find(crowd.cast.rina, "User-2") == []
