"""A query is tried, saved, becomes a label of what comes and of what came; the log and Python find the same."""

from __future__ import annotations

import csv
import gzip
from datetime import timedelta

import pytest

from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.whom import Whom
from dure.log.api import Log, forget
from dure.social.api import NewMention, Social
from dure.social.holding import SocialHolder
from dure.social.listening import api as listening_api
from dure.social.listening import log_sql
from dure.social.listening.api import Listening, NewQuery
from dure.social.listening.matching import Matcher, doc_of
from dure.social.listening.parse import parse
from dure.social.listening.shelf import Shelf
from dure.social.model import Look
from dure.state import State
from tests.people_of import Cast
from tests.real_data import real
from tests.social.conftest import Post
from tests.social.test_social import written

pytestmark = pytest.mark.anyio

QUERIES = (
    "영화", "배우", "연기력", "재미 NOT 없", "ㅋㅋㅋ", "앱 OR 책 OR 꽃", '"이 영화"', "연기 NEAR/3 최고", "10점",
    "dvd OR ost OR cg", "sf", "be*", "tv*", "(감동 OR 눈물) 가족", "sentiment:부정 최고", "has:link", "kind:review",
    "rating>=4 재미", "author:이름1", "network:x -영화", "language:ko 진짜", "reach>5000", '"of the"', "the NEAR/4 a",
)  # fmt: skip
_LINK = " see http://a.example of the ad"


async def test_the_log_and_python_find_the_same(
    social: Social, cast: Cast, shelf: Shelf, log: Log, clock: StillClock
) -> None:
    with gzip.open(real("nsmc/test.tsv.gz"), "rt", encoding="utf-8") as lines:
        texts = [row["document"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][:700]
    given = [
        NewMention(
            network=("x", "blog")[n % 2], id=str(n), text=text + _LINK * (n % 50 == 0),
            author=f"이름{n % 13}", reach=n * 10, rating=n % 5 + 1 if n % 3 == 0 else None,
            kind="review" if n % 3 == 0 else "post", posted_at=clock.now() - timedelta(minutes=n),
        )
        for n, text in enumerate(texts) if text and text.strip()
    ]  # fmt: skip
    for start in range(0, len(given), 500):
        await social.arrive(cast.mina, given[start : start + 500])
    while await shelf.step():
        pass
    stored = await social.mentions(cast.mina, Look(limit=500))
    at = stored[-1]
    while more := await social.mentions(cast.mina, Look(limit=500, before=(at.posted_at, at.id))):
        stored, at = [*stored, *more], more[-1]
    nodes = {text: parse(text) for text in QUERIES}
    fitting = Matcher(nodes.items()).fitting([doc_of(one) for one in stored])
    some = 0
    for text, node in nodes.items():
        said = log_sql.conditions(node)
        rows = (
            await log.query(
                cast.tenant,
                log_sql.fitting(said),
                {**said.params, "after": "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "limit": 9999},
            )
        ).rows
        found = {str(row[0]) for row in rows} & {str(one.id) for one in stored}
        expected = {str(one.id) for one, keys in zip(stored, fitting, strict=True) if text in keys}
        assert found == expected, text
        some += bool(expected)
        if not said.exact:  # what the index finds holds all of it
            sure = f"select toString(mention) from mention where workspace = {{workspace:String}} and {said.sure}"
            wide = {row[0] for row in (await log.query(cast.tenant, sure, said.params)).rows}
            assert expected <= wide, text
    assert some >= 12


async def test_a_preview_counts_and_shows_the_newest(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post
) -> None:
    await social.arrive(
        cast.mina,
        [post(f"배송이 {n}일이나 늦어요 {n * n}", ago=60 * n, network="x" if n % 2 else "blog") for n in range(1, 31)]
        + [post("무료 배송 행사 안내", ago=5), post("방송이 좋았다", ago=5)],
    )
    await shelf.step()
    shown = await listening.preview(cast.mina, "배송", "무료", days=7)
    assert (shown.count, shown.exact, shown.step) == (30, True, "hour")
    assert (sum(shown.series), len(shown.series)) == (30, 7 * 24)
    assert shown.networks == {"x": 15, "blog": 15}
    assert [one.text.split()[1] for one in shown.newest][:2] == ["1일이나", "2일이나"]
    assert sum(shown.sentiments.values()) == 30
    assert (await listening.preview(cast.mina, '"배송이 3일"', days=7)).count == 1
    assert (shown.unheard, (await listening.preview(cast.mina, "배송 network:X")).unheard) == ([], [])
    nothing = await listening.preview(cast.mina, "배송 (네트워크:xx OR network:blog)")
    assert nothing.unheard == ["xx"]
    assert {"x", "blog"} <= set(nothing.heard)
    with pytest.raises(Invalid) as refused:
        await listening.preview(cast.mina, "배송", "무료 (", days=7)
    assert refused.value.field == "leaves_out"


async def test_what_changes_or_goes_is_counted_as_it_is_now(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post, state: State
) -> None:
    found = await social.arrive(cast.mina, [post("배송이 늦어서 속상해요"), post("배송 문의 드립니다")])
    await shelf.step()
    await social.change(cast.mina, found.ids[0], reading={"sentiment": 1, "intent": "praise"})
    await social.change(cast.mina, found.ids[1], state="done")
    await shelf.step()
    assert (await listening.preview(cast.mina, "배송 intent:칭찬")).count == 1
    shown = await listening.preview(cast.mina, "배송")
    assert (shown.count, shown.sentiments[1]) == (2, 1)
    await shelf.step()
    assert (await listening.preview(cast.mina, "배송")).count == 2


async def test_a_saved_query_labels_what_comes_and_what_came(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post, state: State
) -> None:
    old = await social.arrive(cast.mina, [post("배송 언제 와요"), post("잘 들었어요")])
    await shelf.step()
    theme = await listening.save(cast.mina, NewQuery("배송 문제", "배송 OR 택배", kind="theme", family="물류"))
    both = await listening.save(cast.mina, NewQuery("급한 것", 'theme:"배송 문제" 언제'))
    new = await social.arrive(cast.mina, [post("택배가 안 와요")])
    assert (await social.one(cast.mina, new.ids[0])).themes == (str(theme.id),)
    assert (await social.one(cast.mina, old.ids[0])).themes == ()
    while await listening.tick():
        pass
    assert set((await social.one(cast.mina, old.ids[0])).themes) == {str(theme.id), str(both.id)}
    assert (await social.one(cast.mina, old.ids[1])).themes == ()
    labelled = await social.mentions(cast.mina, Look(theme=both.id))
    assert ([one.id for one in labelled], len(await social.mentions(cast.mina, Look(theme=theme.id)))) == (
        [old.ids[0]], 2,
    )  # fmt: skip
    [arrived] = [
        event for event in await written(state) if event.object == str(new.ids[0]) and event.event == "Mention Arrived"
    ]
    assert arrived.properties["themes"] == [str(theme.id)]

    changed = await listening.change(cast.mina, theme.id, NewQuery("배송 문제", "들었", kind="theme"), theme.version)
    assert changed.version == 2
    while await listening.tick():
        pass
    # What names the theme finds something else too.
    assert (await social.one(cast.mina, old.ids[0])).themes == ()
    assert (await social.one(cast.mina, old.ids[1])).themes == (str(theme.id),)
    done = {one.id: one for one in await listening.queries(cast.mina)}[theme.id]
    assert (done.history, done.labelled) == ("done", 1)
    with pytest.raises(Conflict):
        await listening.change(cast.mina, theme.id, NewQuery("배송 문제", "배송"), theme.version)


async def test_a_deleted_query_s_label_comes_off_in_sets_and_can_come_back_on_the_way(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post, state: State,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(listening_api, "_A_PAGE", 2)
    old = await social.arrive(cast.mina, [post(f"배송 {n * n * 97} 언제 와요 {n}") for n in range(5)])
    await shelf.step()
    saved = await listening.save(cast.mina, NewQuery("배송", "배송"))
    while await listening.tick():
        pass
    themes = Look(theme=saved.id, limit=10)
    assert len(await social.mentions(cast.mina, themes)) == 5

    await listening.delete(cast.mina, saved.id)
    assert (await listening.queries(cast.mina), await listening.tick()) == ([], 2)
    [leaving] = await listening.leaving(cast.mina)
    assert (leaving.history, leaving.passed, leaving.total) == ("remove", 2, 5)
    with pytest.raises(NotFound):
        await listening.delete(cast.mina, saved.id)
    await social.arrive(cast.mina, [post("배송 더는 듣지 않습니다")])
    assert len(await social.mentions(cast.mina, themes)) == 3
    # The name is free at once, and whoever takes it keeps it.
    other = await listening.save(cast.mina, NewQuery("배송", "택배"), history=False)
    with pytest.raises(Conflict) as refused:
        await listening.cancel(cast.mina, saved.id)
    assert refused.value.field == "name"
    await listening.delete(cast.mina, other.id)

    back = await listening.cancel(cast.mina, saved.id)
    await shelf.step()
    while await listening.tick():
        pass
    assert (back.history, len(await social.mentions(cast.mina, themes))) == ("clear", 6)
    await listening.delete(cast.mina, saved.id)
    while await listening.tick():
        pass
    assert {(await social.one(cast.mina, one)).themes for one in old.ids} == {()}
    assert await listening.leaving(cast.mina) == []
    ended = [event for event in await written(state) if event.event == "Mention Query Unlabelled"]
    assert [event.properties["labelled"] for event in ended] == [0, 6]


async def test_labelling_the_past_can_be_stopped_on_the_way(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening_api, "_A_PAGE", 2)
    await social.arrive(cast.mina, [post(f"배송 {n * n * 97} 언제 와요 {n}") for n in range(5)])
    await shelf.step()
    saved = await listening.save(cast.mina, NewQuery("배송", "배송"))
    assert await listening.tick() == 2
    [now] = await listening.queries(cast.mina)
    assert (now.history, now.passed, now.total) == ("apply", 2, 5)
    stopped = await listening.cancel(cast.mina, saved.id)
    assert (stopped.history, stopped.labelled, await listening.tick()) == ("stopped", 2, 0)
    with pytest.raises(Conflict):
        await listening.cancel(cast.mina, saved.id)
    with pytest.raises(NotAllowed):
        await listening.cancel(cast.gil, saved.id)


async def test_a_theme_in_use_stays_and_none_contains_itself(listening: Listening, cast: Cast, state: State) -> None:
    theme = await listening.save(cast.mina, NewQuery("물류", "배송", kind="theme"))
    user = await listening.save(cast.mina, NewQuery("큰일", "theme:물류 reach>1000"))
    with pytest.raises(Conflict, match="큰일"):
        await listening.delete(cast.mina, theme.id)
    with pytest.raises(Conflict, match="큰일"):
        await listening.change(cast.mina, theme.id, NewQuery("배달", "배송"))
    with pytest.raises(Invalid):
        await listening.change(cast.mina, theme.id, NewQuery("물류", "theme:큰일"))
    with pytest.raises(Conflict):
        await listening.save(cast.mina, NewQuery("물류", "택배"))
    await listening.delete(cast.mina, user.id)
    await listening.delete(cast.mina, theme.id)
    assert await listening.queries(cast.mina) == []
    names = [event.event for event in await written(state) if event.object_type == "mention_query"]
    assert names == ["Mention Query Saved"] * 2 + ["Mention Query Deleted"] * 2


async def test_shares_of_voice_have_an_interval(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post
) -> None:
    posts = [post(f"소리마루 {n} 들어요", ago=60 * 24 * (n % 9) + n, reach=10) for n in range(60)]
    posts += [post(f"경쟁라디오 {n} 들어요", ago=60 * 24 * (n % 9) + n, reach=30, handle="one") for n in range(20)]
    await social.arrive(cast.mina, posts)
    await shelf.step()
    own = await listening.save(cast.mina, NewQuery("우리", "소리마루", role="own"))
    await listening.save(cast.mina, NewQuery("경쟁", "경쟁라디오", role="rival"))
    await listening.save(cast.mina, NewQuery("모두", "들어"))
    shown = {one.name: one for one in (await listening.board(cast.mina, 10)).voices}
    assert (shown["우리"].mentions, shown["경쟁"].mentions, shown["모두"].mentions) == (60, 20, 80)
    assert (shown["우리"].people, shown["경쟁"].people) == (60, 1)
    assert shown["우리"].share["mentions"] == pytest.approx(0.75)
    assert shown["우리"].share["reach"] == pytest.approx(0.5)
    low, high = shown["우리"].between["mentions"] or (0, 0)
    assert 0.6 < low < 0.75 < high < 0.9
    assert shown["모두"].between["mentions"] is None
    assert sum(shown["우리"].series) == 60
    assert (await listening.compare(cast.mina, [str(own.id)], 10)).voices[0].share["mentions"] == 1.0


async def test_whoever_may_only_read_tries_queries_and_saves_none(listening: Listening, cast: Cast) -> None:
    reading = cast.mina.__class__(cast.mina.tenant, cast.mina.actor, cast.mina.role, frozenset({"social:read"}), "user")
    assert (await listening.preview(reading, "배송")).count == 0
    with pytest.raises(NotAllowed):
        await listening.save(reading, NewQuery("x", "배송"))


async def test_a_watched_query_spikes_and_says_why(
    social: Social, listening: Listening, cast: Cast, clock: StillClock, state: State, post: Post
) -> None:
    query = await listening.save(cast.mina, NewQuery("포장", "포장", watch=True, allowed=0.2, cooldown=6))
    past = [
        NewMention(network="x", id=f"old-{n}", text=f"포장이 {n}번째로 예뻐요 좋아요", handle=f"old{n}",
                   posted_at=clock.now() - timedelta(hours=7 * n + 2))
        for n in range(120)
    ]  # fmt: skip
    await social.bulk_load(cast.mina, past)
    words = (
        "찢어진 상자",
        "젖은 상자",
        "뜯긴 상자",
        "상자 없이 옴",
        "구겨진 상자",
        "상자가 열려",
        "빈 상자",
        "상자 바뀜",
    )
    found = await social.arrive(cast.mina, [post(f"포장 {word} 왔어요 @{n}", ago=n) for n, word in enumerate(words)])
    spikes = {one.id: one for one in await social.spikes(cast.mina)}
    [spike] = [spikes[one] for one in found.spikes if spikes[one].query == query.id]
    assert (spike.name, spike.feeling, spike.seen) == ("포장", "", 8)
    assert "상자" in [one["term"] for one in spike.why["terms"]]
    assert (spike.why["people"], spike.why["new"]) == (8, 8)
    [told] = [one for one in await written(state) if one.event == "Mentions Spiked" and one.properties["query"]]
    assert "상자" in told.properties["why_ko"]
    assert told.properties["path"] == f"/listening?query={query.id}"
    clock.advance(timedelta(hours=1))
    [rate] = await listening.rates(cast.mina)
    assert (rate["name"], rate["allowed"], rate["weeks"], rate["told"]) == ("포장", 0.2, 4, 1)
    # After it has calmed there is rest: the same again within the cooldown is not told.
    clock.advance(timedelta(hours=3))
    await social.tick()
    assert {one.state for one in await social.spikes(cast.mina)} == {"over"}
    again = await social.arrive(cast.mina, [post(f"포장 {word} 또 왔어요 #{n}", ago=n) for n, word in enumerate(words)])
    assert [one for one in again.spikes if one != spike.id and spikes.get(one)] == []
    assert all(one.query is None or one.id == spike.id for one in await social.spikes(cast.mina))


async def test_more_bad_words_than_usual_are_told_where_there_are_no_more_words(
    social: Social, cast: Cast, clock: StillClock, post: Post
) -> None:
    past = [
        NewMention(network="x", id=f"old-{hour}-{n}", text=f"카드 결제 {hour}-{n} 정말 편하고 좋아요 최고",
                   handle=f"o{hour}-{n}", posted_at=clock.now() - timedelta(hours=hour, minutes=n))
        for hour in range(1, 24 * 15) for n in range(0, 40, 10)
    ]  # fmt: skip
    await social.bulk_load(cast.mina, past)
    found = await social.arrive(
        cast.mina, [post(f"결제 {n}번 실패 오류 짜증 최악이에요 카드 거절", ago=n) for n in range(9)]
    )
    spikes = [one for one in await social.spikes(cast.mina) if one.id in found.spikes]
    assert [(one.topic, one.feeling) for one in spikes] == [("payment", "negative")]
    assert spikes[0].title["en"] == "Payment, negative"


async def test_who_is_erased_leaves_the_shelf_too(
    social: Social, listening: Listening, shelf: Shelf, cast: Cast, post: Post, log: Log, state: State
) -> None:
    await listening.save(cast.mina, NewQuery("누구", "handle:@zqmarker OR zqmarker77"))
    await social.arrive(
        cast.mina,
        [
            post("제 글입니다 배송", handle="zqmarker77"),
            post("배송 이야기 @zqmarker77 님이 말씀하신"),
            post("배송 다른 이야기"),
        ],
    )
    await shelf.step()
    whom = Whom(cast.tenant, handles=("zqmarker77",))
    async with state.begin(cast.tenant) as tx:
        whom = await SocialHolder().trace(tx, whom)
        await SocialHolder().erase(tx, whom)
    await forget(log, whom)
    rows = (await log.query(cast.tenant, "select folded, handle from mention")).rows
    assert len(rows) == 1
    assert "다른" in rows[0][0]
    [query] = await listening.queries(cast.mina)
    assert "zqmarker77" not in query.text
