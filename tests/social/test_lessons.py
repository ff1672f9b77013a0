"""What people set right teaches the workspace's reader, is measured, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dure.governance.api import Principal
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.whom import Whom
from dure.social.api import Look, Mention, Social
from dure.social.holding import SocialHolder
from dure.social.model import Reading
from dure.social.reading import store
from dure.social.reading.api import DUE
from dure.social.reading.entities import Name
from dure.state import State
from tests.people_of import Cast
from tests.social.conftest import Post
from tests.social.test_social import written

pytestmark = pytest.mark.anyio

ENDS = ("순삭이네", "순삭이다", "오자마자 순삭", "또 순삭 ㅋㅋ", "오늘도 순삭", "벌써 순삭", "역시 순삭이지")
FOODS = ("도넛 한 상자", "구름빵 세 개", "얼음 식혜 한 병", "달빛 김밥 두 줄")
SAID = [f"{food} {end}" for food in FOODS for end in ENDS]


async def taught(social: Social, mina: Principal, post: Post) -> list[Mention]:
    """As many corrections as make a lesson due: what vanishes at once is praised."""
    arrived = await social.arrive(mina, [post(text) for text in SAID])
    right = {"intent": "praise", "topic": "app", "sentiment": 1}
    return [await social.change(mina, one, reading=right) for one in arrived.ids]


class Plain:
    """A reader from elsewhere: everything is a question, and it knows one name itself."""

    def read(self, texts: Sequence[str]) -> list[Reading]:
        return [Reading("ko", "question", "usage", 0, 0.9, entities=("city:Seoul",)) for _ in texts]


async def test_names_are_found_in_what_another_reader_reads_and_lessons_leave_it_alone(
    state: State, clock: StillClock, cast: Cast, post: Post
) -> None:
    social = Social(state, clock, Plain())
    await social.readers.save_name(cast.mina, Name(kind="brand", name="두레", aliases=("Dure",)))
    arrived = await social.arrive(cast.mina, [post("서울에서 두레를 써요"), post("도넛 순삭")])
    found = [await social.one(cast.mina, one) for one in arrived.ids]
    assert [(one.intent, one.entities) for one in found] == [
        ("question", ("brand:두레", "city:Seoul")), ("question", ("city:Seoul",)),
    ]  # fmt: skip
    await social.change(cast.mina, found[1].id, reading={"intent": "praise"})
    await social.readers.ask(cast.mina)
    await social.readers.tick()
    (again,) = (await social.arrive(cast.mina, [post("도넛 순삭이요 또")])).ids
    assert (await social.one(cast.mina, again)).intent == "question"
    assert (await social.readers.card(cast.mina))["reader"] == "plug"


async def test_enough_corrections_teach_by_themselves_and_the_reader_reads_anew(
    state: State, social: Social, cast: Cast, post: Post
) -> None:
    before = await social.arrive(cast.mina, [post("참외 빙수 나오자마자 순삭이던데")])
    assert (await social.one(cast.mina, before.ids[0])).intent != "praise"
    assert len(await taught(social, cast.mina, post)) >= DUE
    assert await social.readers.tick() == 1
    card = await social.readers.card(cast.mina)
    [layer] = card["layers"]
    assert (layer["state"], card["uses"], layer["corrections"]) == ("ready", 1, len(SAID))
    assert layer["effect"]["intent"]["after"] > layer["effect"]["intent"]["before"]
    other = Social(state, social._clock)  # another process
    after = await other.arrive(cast.mina, [post("수박 화채 나오자마자 순삭이던데")])
    found = await social.one(cast.mina, after.ids[0])
    assert (found.intent, found.sentiment) == ("praise", 1)
    assert await social.readers.tick() == 0


async def test_a_version_is_rolled_back_and_brought_back(state: State, social: Social, cast: Cast, post: Post) -> None:
    await taught(social, cast.mina, post)
    await social.readers.tick()
    reads = (await social.readers.for_workspace(cast.mina.tenant)).read
    assert reads(["참외 빙수 순삭"])[0].intent == "praise"
    await social.readers.use(cast.mina, 0)
    assert (await social.readers.for_workspace(cast.mina.tenant)).read(["참외 빙수 순삭"])[0].intent != "praise"
    await social.readers.use(cast.mina, 1)
    with pytest.raises(NotFound) as raised:
        await social.readers.use(cast.mina, 7)
    assert raised.value.field == "version"
    names = [event.event for event in await written(state)]
    assert names.count("Reader Changed") == 2
    assert names.count("Reader Taught") == 1


async def test_a_lesson_is_asked_for_once_and_needs_something_to_learn(social: Social, cast: Cast, post: Post) -> None:
    with pytest.raises(Invalid):
        await social.readers.ask(cast.mina)
    arrived = await social.arrive(cast.mina, [post("도넛 순삭")])
    await social.change(cast.mina, arrived.ids[0], reading={"intent": "praise"})
    assert await social.readers.ask(cast.mina) == 1
    with pytest.raises(Conflict):
        await social.readers.ask(cast.mina)
    assert await social.readers.tick() == 1
    card = await social.readers.card(cast.mina)
    assert (card["uses"], card["layers"][0]["state"]) == (0, "ready")  # one correction is too few to read by


async def test_a_lesson_whose_trainer_died_is_taken_up_by_another(
    state: State, clock: StillClock, social: Social, cast: Cast, post: Post
) -> None:
    await taught(social, cast.mina, post)
    await social.readers.ask(cast.mina)
    async with state.begin_system() as tx:
        assert await store.claim(tx, clock.now(), clock.now() + timedelta(seconds=60))
    assert await social.readers.tick() == 0
    clock.at += timedelta(seconds=61)
    assert await social.readers.tick() == 1
    assert (await social.readers.card(cast.mina))["uses"] == 1


async def test_what_is_known_of_a_workspace_is_its_own(social: Social, cast: Cast, post: Post) -> None:
    await taught(social, cast.mina, post)
    await social.readers.save_name(cast.mina, Name(kind="brand", name="소리마루"))
    await social.readers.tick()
    card = await social.readers.card(cast.rina)
    assert (card["uses"], card["layers"], card["corrections"]["learned"]) == (0, [], 0)
    assert await social.readers.corrections(cast.rina) == []
    assert await social.readers.names(cast.rina) == []
    [found] = (await social.readers.for_workspace(cast.rina.tenant)).read(["소리마루 순삭"])
    assert (found.intent == "praise", found.entities) == (False, ())


async def test_an_audit_measures_and_does_not_teach(state: State, social: Social, cast: Cast, post: Post) -> None:
    texts = ("배송이 너무 늦어요 환불", "앱 디자인이 예쁘고 편해요", "도넛 한 상자 순삭")
    arrived = await social.arrive(cast.mina, [post(text) for text in texts])
    [wrong] = [one for one in arrived.ids if "순삭" in (await social.one(cast.mina, one)).text]
    await social.change(cast.mina, wrong, reading={"intent": "praise"})  # in the inbox, before chance picks it
    picked = await social.readers.to_judge(cast.mina)
    assert len(picked) == 3
    for one in picked:
        await social.judge(cast.mina, one, {})
    card = await social.readers.card(cast.mina)
    told = card["audit"]["intent"]["ko"]
    assert (told["number"], told["right"]) == (3, 0.667)
    assert told["low"] < 0.667 < told["high"]
    assert card["corrections"] == {"learned": 0, "audit": 3}
    assert await social.readers.to_judge(cast.mina) == []
    names = [event.event for event in await written(state)]
    assert names.count("Mention Judged") == 3


async def test_names_of_the_workspace_are_found_in_what_arrives(social: Social, cast: Cast, post: Post) -> None:
    before = await social.arrive(cast.mina, [post("소리마루가 조용하네")])
    name = await social.readers.save_name(cast.mina, Name(kind="brand", name="소리마루", aliases=("Sorimaru",)))
    after = await social.arrive(cast.mina, [post("Sorimaru를 켰다 3만원 냈다")])
    assert (await social.one(cast.mina, before.ids[0])).entities == ()
    assert (await social.one(cast.mina, after.ids[0])).entities == ("brand:소리마루", "money:30000 KRW")
    with pytest.raises(Conflict):
        await social.readers.save_name(cast.mina, Name(kind="brand", name="소리마루 "))
    await social.readers.remove_name(cast.mina, name)
    assert await social.readers.names(cast.mina) == []


async def test_an_erased_persons_names_are_no_longer_listened_for(state: State, social: Social, cast: Cast) -> None:
    for name in ("김하늘", "이바다"):
        await social.readers.save_name(cast.mina, Name(kind="person", name=name, aliases=(f"{name} 디제이",)))
    reads = (await social.readers.for_workspace(cast.mina.tenant)).read
    assert reads(["김하늘이 이바다를"])[0].entities == ("person:김하늘", "person:이바다")
    async with state.begin(cast.mina.tenant) as tx:
        assert await SocialHolder().erase(tx, Whom(cast.mina.tenant, names=("김하늘",))) == 1
    reads = (await social.readers.for_workspace(cast.mina.tenant)).read
    assert reads(["김하늘이 이바다를"])[0].entities == ("person:이바다",)


async def test_spam_is_kept_apart_and_a_person_may_free_it(social: Social, cast: Cast, post: Post) -> None:
    arrived = await social.arrive(
        cast.mina, [post("선팔하면 맞팔 #선팔 #맞팔 #소통 #팔로우 #f4f"), post("좋은 앱이에요")]
    )
    assert {one.text for one in await social.mentions(cast.mina, Look())} == {"좋은 앱이에요"}
    [hidden] = await social.mentions(cast.mina, Look(spam="only"))
    assert (hidden.state, hidden.id in arrived.ids) == ("new", True)
    assert {"hashtags", "follow"} <= set(hidden.spam_why)
    freed = await social.change(cast.mina, hidden.id, reading={"spam": False})
    assert (freed.spam, freed.spam_why) == (0.0, ("person",))
    assert len(await social.mentions(cast.mina, Look())) == 2


async def test_who_may_only_read_teaches_nothing(social: Social, cast: Cast) -> None:
    reader = replace(cast.joon, scopes=frozenset({"social:read"}))
    await social.readers.card(reader)
    with pytest.raises(NotAllowed):
        await social.readers.ask(reader)
    with pytest.raises(NotAllowed):
        await social.readers.save_name(reader, Name(kind="brand", name="소리마루"))
