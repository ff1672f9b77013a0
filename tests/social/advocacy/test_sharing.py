"""Employees share: a link each, said by a composer or an account of their own; reach by who says so; and leaving."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from dure.automation.plugs import StepCall
from dure.governance.api import Principal, Role
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import person_id, uuid7
from dure.kernel.whom import Whom
from dure.social.advocacy import steps as advocacy_steps
from dure.social.advocacy import store
from dure.social.advocacy.events import EVENTS as ADVOCACY_EVENTS
from dure.social.advocacy.model import Advocate, Rules, Text
from dure.social.advocacy.networks import NETWORKS, composer, length
from dure.social.holding import SocialHolder
from dure.social.links.api import NewLink
from dure.social.links.events import EVENTS as LINK_EVENTS
from dure.social.model import NewMention
from dure.social.plugs import Refused, Said, Unknown
from tests.social.advocacy.conftest import SAFARI, Home
from tests.social.advocacy.test_stories import running

pytestmark = pytest.mark.anyio


async def colleague(home: Home, name: str, function: str = "sales") -> Principal:
    user = await home.cast.governance.create_user(
        home.cast.mina, f"u{uuid7().hex}@sorimaru.example", name, function=function
    )
    return Principal(home.cast.tenant, user.id, Role.MEMBER)


@contextlib.asynccontextmanager
async def ruled(home: Home, **more: Any) -> AsyncIterator[None]:
    """The organisation's rules for a while."""
    before = await home.advocacy.rules(home.cast.mina)
    kept = await home.advocacy.set_rules(home.cast.mina, replace(before, **more))
    try:
        yield
    finally:
        await home.advocacy.set_rules(home.cast.mina, replace(Rules(), version=kept.version))


async def account(home: Home, whose: Principal) -> UUID:
    """A source on the wall that is somebody's own."""
    made = await home.sources.connect(home.cast.mina, "wall", f"wall {uuid7()}", {})
    await home.advocates.give(home.cast.mina, made.source.id, whose.user)
    return made.source.id


async def test_everybody_has_a_link_of_their_own_for_each_network(home: Home) -> None:
    story = await running(home, campaign="summer", teams=["sales", "marketing"])
    sora = await colleague(home, "소라")
    first = await home.sharing.prepare(sora, story.id, "x")
    again = await home.sharing.prepare(sora, story.id, "x")
    other = await home.sharing.prepare(sora, story.id, "linkedin")
    joons = await home.sharing.prepare(home.cast.joon, story.id, "x")
    assert first.share == again.share
    assert len({first.link, other.link, joons.link}) == 3
    code = first.link.rpartition("/")[2]
    answer = await home.visit(code)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {"utm_source": ["x"], "utm_medium": ["social"], "utm_campaign": ["summer"],
                     "utm_content": ["employee"], "utm_link": [code]}  # fmt: skip
    made = [one for one in await home.told("Share Prepared") if one.actor == sora.user]
    assert [one.properties["network"] for one in made] == ["x", "linkedin"]
    with pytest.raises(Invalid) as refused:
        await home.sharing.prepare(sora, story.id, "bluesky")
    assert refused.value.field == "network"
    with pytest.raises(NotAllowed):
        await home.sharing.prepare(await colleague(home, "다른 팀", "care"), story.id, "x")
    with pytest.raises(NotFound):
        await home.sharing.prepare(home.cast.rina, story.id, "x")


async def test_texts_say_who_speaks_and_hold_the_link_where_it_stands_inside(home: Home) -> None:
    story = await running(home, networks=["x", "bluesky"], texts=[
        Text("ko", "같이 만들었습니다."), Text("en", "We built it."), Text("en", "For the blue sky.", "bluesky"),
    ])  # fmt: skip
    x = await home.sharing.prepare(home.cast.joon, story.id, "x")
    blue = await home.sharing.prepare(home.cast.joon, story.id, "bluesky")
    assert x.texts == {"ko": "같이 만들었습니다.\n\n#직원", "en": "We built it.\n\nI work at Sorimaru."}
    assert blue.texts == {
        "ko": f"같이 만들었습니다.\n\n#직원\n\n{blue.link}",
        "en": f"For the blue sky.\n\nI work at Sorimaru.\n\n{blue.link}",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        await home.sharing.opened(home.cast.joon, x.share.id, "같이 만들었습니다.", "composer")
    assert refused.value.field == "text"
    with pytest.raises(Invalid):
        await home.sharing.opened(home.cast.joon, x.share.id, "가" * 140 + "#직원", "composer")
    async with ruled(home, disclosed=False):
        free = await home.sharing.prepare(home.cast.joon, story.id, "x")
        assert free.texts["ko"] == "같이 만들었습니다."
        await home.sharing.opened(home.cast.joon, x.share.id, free.texts["ko"], "composer")


@pytest.mark.parametrize("name", [name for name, one in NETWORKS.items() if one.composer])
def test_a_composer_s_address_carries_text_and_link_and_nothing_of_them_leaks(name: str) -> None:
    text, url = '반값 50% & {url} #직원\n둘째 줄 + "끝"', "https://dure.example/l/abc?a=1&b=2"
    made = urlsplit(composer(NETWORKS[name], text, url, "mastodon.example"))
    query = {key: values[0] for key, values in parse_qs(made.query, strict_parsing=True).items()}
    expected = {
        "x": {"text": text, "url": url}, "linkedin": {"url": url}, "facebook": {"u": url}, "bluesky": {"text": text},
        "mastodon": {"text": text}, "threads": {"text": text},
    }  # fmt: skip
    assert query == expected[name]
    assert made.fragment == ""
    assert "\n" not in made.geturl()


def test_without_a_server_mastodon_has_no_composer_and_nobody_s_host_is_taken() -> None:
    for host in ("", "evil.example/x?", "localhost", "a.example:80", "javascript:alert(1)"):
        assert composer(NETWORKS["mastodon"], "t", "u", host) == ""


@pytest.mark.parametrize(
    ("name", "text", "url", "count"),
    [("x", "가나다", "https://dure.example/l/abcdefghj", 6 + 1 + 23), ("x", "abc", "", 3),
     ("x", "see https://a.example/very/long/path/that/counts/no/more ok", "", 4 + 23 + 3),
     ("bluesky", "가나다", "https://dure.example/l/abcdefghj", 3), ("mastodon", "a https://a.example/x", "", 2 + 23)],
)  # fmt: skip
def test_a_text_is_as_long_as_its_network_counts(name: str, text: str, url: str, count: int) -> None:
    assert length(NETWORKS[name], text, url) == count


async def test_an_opened_composer_is_a_share_once_and_only_its_employee_knows_more(home: Home) -> None:
    story = await running(home)
    ready = await home.sharing.prepare(home.cast.joon, story.id, "x")
    for _ in range(2):
        opened = await home.sharing.opened(home.cast.joon, ready.share.id, ready.texts["ko"], "composer")
    assert (opened.state, opened.how) == ("opened", "composer")
    told = [one for one in await home.told("Story Shared") if one.object == str(ready.share.id)]
    assert [(one.properties["how"], one.properties["state"], one.actor) for one in told] == [
        ("composer", "opened", home.cast.joon.user)
    ]
    with pytest.raises(Invalid):
        await home.sharing.posted(home.cast.joon, ready.share.id, "javascript:alert(1)")
    said = await home.sharing.posted(home.cast.joon, ready.share.id, "https://x.com/joon/1")
    assert (said.state, said.url) == ("said", "https://x.com/joon/1")
    with pytest.raises(NotFound):
        await home.sharing.posted(home.cast.mina, ready.share.id)
    stated = await home.sharing.reached(home.cast.joon, ready.share.id, 120)
    await home.sharing.reached(home.cast.joon, ready.share.id, 120)
    assert (stated.reach, stated.reach_by) == (120, "stated")
    reached = [one.properties for one in await home.told("Share Reached") if one.object == str(ready.share.id)]
    assert [(one["reach"], one["before"], one["added"], one["by"]) for one in reached] == [(120, 0, 120, "stated")]


async def test_a_withdrawn_story_is_shared_no_more_and_its_links_lead_on(home: Home) -> None:
    story = await running(home)
    ready = await home.sharing.prepare(home.cast.joon, story.id, "x")
    await home.advocacy.withdraw(home.cast.mina, story.id)
    assert story.id not in {one.story.id for one in await home.sharing.feed(home.cast.joon)}
    for act in (
        home.sharing.prepare(home.cast.joon, story.id, "x"),
        home.sharing.opened(home.cast.joon, ready.share.id, ready.texts["ko"], "composer"),
    ):
        with pytest.raises(Conflict) as refused:
            await act
        assert refused.value.data["state"] == "withdrawn"
    assert (await home.visit(ready.link.rpartition("/")[2])).status_code == 302


async def test_a_story_that_is_over_is_shared_no_more_before_anybody_ticked(home: Home) -> None:
    story = await running(home, ends_at=home.clock.now() + timedelta(minutes=5))
    home.clock.advance(timedelta(minutes=5))
    with pytest.raises(Conflict):
        await home.sharing.prepare(home.cast.joon, story.id, "x")


async def test_an_own_account_says_it_once_and_is_told_apart_from_the_brand(home: Home) -> None:
    story = await running(home, networks=["mastodon", "x"])
    sora = await colleague(home, "소라")
    source = await account(home, sora)
    ready = await home.sharing.prepare(sora, story.id, "mastodon")
    assert ready.account == source
    home.wall.taken.clear()
    home.wall.answers = [Refused("busy", "429", 60.0)]
    refused = await home.sharing.publish(sora, ready.share.id, source, ready.texts["ko"])
    assert (refused.state, refused.shared_at) == ("refused", None)
    said = await home.sharing.publish(sora, ready.share.id, source, "직접 고쳐 쓴 글입니다. #직원")
    assert (said.state, said.how, said.url[:20]) == ("said", "source", "https://wall.example")
    assert home.wall.taken[-1][1] == f"직접 고쳐 쓴 글입니다. #직원\n\n{ready.link}"
    with pytest.raises(Conflict):
        await home.sharing.publish(sora, ready.share.id, source, ready.texts["ko"])
    assert len(home.wall.taken) == 2
    told = [one.properties for one in await home.told("Post Published") if one.properties.get("share")]
    assert [(one["outcome"], one["side"]) for one in told] == [("refused", "employees"), ("said", "employees")]
    other = await home.sharing.prepare(sora, story.id, "x")
    with pytest.raises(Invalid) as wrong:
        await home.sharing.publish(sora, other.share.id, source, other.texts["ko"])
    assert wrong.value.field == "source"


async def test_what_nobody_knows_is_not_said_again(home: Home) -> None:
    story = await running(home, networks=["mastodon"])
    sora = await colleague(home, "소라")
    source = await account(home, sora)
    ready = await home.sharing.prepare(sora, story.id, "mastodon")
    home.wall.taken.clear()
    home.wall.answers = [Unknown("timed out")]
    assert (await home.sharing.publish(sora, ready.share.id, source, ready.texts["ko"])).state == "unknown"
    with pytest.raises(Conflict):
        await home.sharing.publish(sora, ready.share.id, source, ready.texts["ko"])
    assert len(home.wall.taken) == 1


async def test_a_source_is_one_s_own_by_who_connected_it_or_an_administrator(home: Home) -> None:
    story = await running(home, networks=["mastodon"])
    brand = (await home.sources.connect(home.cast.mina, "wall", f"brand {uuid7()}", {})).source.id
    ready = await home.sharing.prepare(home.cast.mina, story.id, "mastodon")
    assert ready.account is None  # mina connected it for the brand, and never called it her own
    with pytest.raises(NotAllowed):
        await home.sharing.publish(home.cast.mina, ready.share.id, brand, ready.texts["ko"])
    with pytest.raises(NotAllowed):
        await home.advocates.set(home.cast.joon, Advocate("", sources=[brand]))
    with pytest.raises(NotAllowed):
        await home.advocates.give(home.cast.joon, brand, home.cast.joon.user)
    await home.advocates.set(home.cast.mina, Advocate("", sources=[brand]))
    assert (await home.sharing.prepare(home.cast.mina, story.id, "mastodon")).account == brand
    await home.advocates.give(home.cast.mina, brand, home.cast.joon.user)
    assert (await home.advocates.of(home.cast.mina))[0].sources == []
    assert list((await home.advocates.of(home.cast.joon))[0].sources) == [brand]
    with pytest.raises(Conflict):
        await home.advocates.set(home.cast.mina, Advocate("", sources=[brand]))
    with pytest.raises(Invalid) as refused:
        await home.advocates.set(home.cast.joon, Advocate("", mastodon="evil.example/x"))
    assert refused.value.field == "mastodon"


async def test_what_a_network_says_of_reach_stands_above_what_is_stated(home: Home) -> None:
    story = await running(home, networks=["mastodon"])
    sora = await colleague(home, "소라")
    source = await account(home, sora)
    ready = await home.sharing.prepare(sora, story.id, "mastodon")
    home.wall.answers = [Said("seen-1", "https://wall.example/1")]
    await home.sharing.publish(sora, ready.share.id, source, ready.texts["ko"])
    await home.sharing.reached(sora, ready.share.id, 50)
    post = NewMention(network="mastodon", id="seen-1", text="직접 올린 글", reach=340, posted_at=home.clock.now())
    found = await home.social.arrive(home.cast.mina, [post])
    async with home.state.begin(home.cast.tenant) as tx:
        await tx.run("update social.mention set source = %s where id = %s", (source, found.ids[0]))
    assert (await home.sharing.measure(), await home.sharing.measure()) == (1, 0)
    reached = [one.properties for one in await home.told("Share Reached") if one.object == str(ready.share.id)]
    assert [(one["reach"], one["by"], one["added"]) for one in reached] == [(50, "stated", 50), (340, "measured", 290)]
    with pytest.raises(Conflict):
        await home.sharing.reached(sora, ready.share.id, 10_000)


async def test_the_feed_shows_names_of_those_who_want_it(home: Home) -> None:
    older = await running(home, title="먼저 나온 이야기")
    home.clock.advance(timedelta(minutes=1))
    newer = await running(home, title="새로 나온 이야기", teams=["sales"])
    sora, duri = await colleague(home, "소라"), await colleague(home, "두리")
    await home.advocates.set(sora, Advocate("", named=True))
    for who in (sora, duri):
        ready = await home.sharing.prepare(who, older.id, "x")
        await home.sharing.opened(who, ready.share.id, ready.texts["ko"], "composer")
    prepared = await home.sharing.prepare(duri, newer.id, "x")  # looked at, not shared
    seen = {one.story.id: one for one in await home.sharing.feed(sora)}
    assert [one for one in seen if one in (newer.id, older.id)] == [newer.id, older.id]
    assert (seen[older.id].colleagues, list(seen[older.id].names)) == (1, [])
    assert [one.state for one in seen[older.id].mine] == ["opened"]
    assert seen[newer.id].colleagues == 0
    duris = {one.story.id: one for one in await home.sharing.feed(duri)}
    assert list(duris[older.id].names) == ["소라"]
    assert duris[newer.id].mine == [prepared.share]
    assert newer.id not in {one.story.id for one in await home.sharing.feed(home.cast.joon)}  # marketing


async def test_the_report_never_adds_employees_to_the_brand(home: Home) -> None:
    home.clock.advance(timedelta(days=30))
    story = await running(home)
    sora = await colleague(home, "소라")
    ready = await home.sharing.prepare(sora, story.id, "x")
    await home.sharing.opened(sora, ready.share.id, ready.texts["ko"], "composer")
    await home.sharing.reached(sora, ready.share.id, 80)
    second = await home.sharing.prepare(home.cast.joon, story.id, "linkedin")
    await home.sharing.opened(home.cast.joon, second.share.id, second.texts["en"], "clipboard")
    brand = await home.links.create(home.cast.mina, NewLink("https://sorimaru.example/b", ("post", "p1"), "x"))
    code = ready.link.rpartition("/")[2]
    for agent in (SAFARI, SAFARI, SAFARI + " other"):
        await home.visit(code, agent=agent)
    await home.visit(brand.code)
    haneul = person_id(home.cast.tenant.workspace, "haneul of the report")
    await home.seen_on_page(code, haneul, then="Signed Up")
    await home.settle()
    async with ruled(home, price=250, currency="KRW", leaderboard=True):
        told = await home.report.of(home.cast.joon, 1)
        board = await home.report.leaderboard(home.cast.joon, 1)
        await home.advocates.set(sora, Advocate("", named=True))
        seen = await home.report.leaderboard(sora, 1)
    assert (told["brand"]["clicks"], told["employees"]["clicks"], told["employees"]["visitors"]) == (1, 3, 2)
    assert (told["employees"]["came"], told["employees"]["signed"]) == (1, 1)
    assert told["reach"] == {
        "measured": 0, "stated": 80, "measured_shares": 0, "stated_shares": 1, "unknown_shares": 1,
    }  # fmt: skip
    assert told["worth"] == {"amount": 750, "price": 250, "currency": "KRW"}
    assert told["shares"] | {"could": 0} == {"all": 2, "said": 0, "opened": 2, "employees": 2, "could": 0}
    assert [(row["title"], row["clicks"]) for row in told["stories"]] == [(story.content.title, 3)]
    x = next(row for row in told["networks"] if row["network"] == "x")
    assert (x["brand"]["clicks"], x["employees"]["clicks"], x["shares"]) == (1, 3, 1)
    assert [(row["team"], row["clicks"]) for row in told["teams"] if row["shares"]] == [("marketing", 0), ("sales", 3)]
    assert (board["rows"], board["me"]) == ([], False)
    assert [(row["name"], row["shares"], row["visitors"]) for row in seen["rows"]] == [("소라", 1, 2)]
    assert (await home.report.of(home.cast.joon, 1))["worth"] is None
    assert (await home.report.leaderboard(sora, 1))["on"] is False


async def test_reminders_are_no_more_than_the_rules_allow(home: Home) -> None:
    story = await running(home, teams=["press"])
    eager, quiet, done = [await colleague(home, name, "press") for name in ("이음", "고요", "다온")]
    await home.advocates.set(quiet, Advocate("", reminders=False))
    ready = await home.sharing.prepare(done, story.id, "x")
    await home.sharing.opened(done, ready.share.id, ready.texts["ko"], "composer")
    async with home.state.begin(home.cast.tenant) as tx:
        for one in await store.running(tx, home.cast.tenant.workspace):
            if one.id != story.id:
                await store.keep(tx, home.cast.tenant.workspace, replace(one, state="ended"))
    _, remind = advocacy_steps.steps(home.advocacy, home.cast.governance)

    async def asked() -> Any:
        call = StepCall(home.cast.tenant, home.cast.mina, "run", "auto", str(uuid7()), "s", home.clock.now())
        async with home.state.begin(home.cast.tenant) as tx:
            return await remind.run(tx, call, advocacy_steps.Remind("press"))

    first, second = await asked(), await asked()
    assert (first.reminded, first.spared, second.reminded, second.spared) == (1, 0, 0, 1)
    home.clock.advance(timedelta(days=7, minutes=1))
    assert (await asked()).reminded == 1
    told = [one for one in await home.told("Advocacy Reminder Due") if one.object == eager.user]
    assert [one.properties["count"] for one in told] == [1, 1]
    assert told[0].properties["lines"] == f"• {story.content.title}"
    async with ruled(home, a_week=0):
        home.clock.advance(timedelta(days=8))
        assert (await asked()).reminded == 0


async def test_an_automation_offers_a_post_as_a_draft_once(home: Home) -> None:
    offer, _ = advocacy_steps.steps(home.advocacy, home.cast.governance)
    call = StepCall(home.cast.tenant, home.cast.mina, "run", "auto", str(uuid7()), "s", home.clock.now())
    given = advocacy_steps.Offer(
        "신제품",
        "새로 나왔습니다 https://sorimaru.example/new 보세요",
        post=str(uuid7()),
        language="ko",
        campaign="launch",
    )
    async with home.state.begin(home.cast.tenant) as tx:
        made = await offer.run(tx, call, given)
        again = await offer.run(tx, call, given)
        with pytest.raises(Invalid) as refused:
            await offer.run(tx, call, advocacy_steps.Offer("이름", "링크 없는 글"))
    assert (made.fresh, again.fresh, made.story, refused.value.field) == (True, False, again.story, "url")
    story = await home.advocacy.one(home.cast.mina, UUID(made.story))
    assert (story.state, story.content.url, story.origin) == (
        "draft", "https://sorimaru.example/new", ("post", given.post),
    )  # fmt: skip
    assert "https://" not in story.content.texts[0].text


async def test_whoever_leaves_takes_their_name_along_and_what_they_shared_counts_on(home: Home) -> None:
    story = await running(home)
    leaver = await colleague(home, "떠나는 이")
    await home.advocates.set(leaver, Advocate("", named=True))
    ready = await home.sharing.prepare(leaver, story.id, "x")
    await home.sharing.opened(leaver, ready.share.id, ready.texts["ko"], "composer")
    await home.sharing.posted(leaver, ready.share.id, "https://x.com/leaver/1")
    await home.cast.governance.deactivate(home.cast.mina, leaver.user)
    while await home.people.step():
        pass
    async with home.state.begin(home.cast.tenant) as tx:
        rows = await tx.rows("select employee, url, state from social.share where id = %s", (ready.share.id,))
        link = await tx.row("select created_by from social.tracked_link where id = %s", (ready.share.link,))
        assert (rows, link) == ([{"employee": "", "url": "", "state": "said"}], {"created_by": ""})
        assert await tx.value("select count(*) from social.advocate where employee = %s", (leaver.user,)) == 0
    seen = next(one for one in await home.sharing.feed(home.cast.joon) if one.story.id == story.id)
    assert (seen.colleagues, list(seen.names)) == (1, [])
    assert (await home.visit(ready.link.rpartition("/")[2])).status_code == 302
    assert [one.properties for one in await home.told("Advocate Anonymised")] == [{"shares": 1}]


async def test_erasure_takes_a_customer_out_of_links_and_stories(home: Home) -> None:
    haneul = uuid7()
    link = await home.links.create(
        home.cast.mina, NewLink("https://sorimaru.example/u/haneul@fan.example", ("care", "c1"), person=haneul)
    )
    story = await running(home, about="haneul@fan.example 님이 추천한 방송")
    whom = Whom(home.cast.tenant, people=(haneul,), addresses=("haneul@fan.example",))
    async with home.state.begin(home.cast.tenant) as tx:
        gathered = await SocialHolder().gather(tx, whom)
        assert [row["id"] for row in gathered["social-link-made"]] == [link.id]
        await SocialHolder().erase(tx, whom)
        row = await tx.row("select person, target, ended_at from social.tracked_link where id = %s", (link.id,))
    assert row is not None
    assert (row["person"], "haneul" in row["target"], row["ended_at"] is None) == (None, False, False)
    assert "haneul" not in (await home.advocacy.one(home.cast.mina, story.id)).content.about


async def test_every_property_of_every_event_is_documented(home: Home) -> None:
    documented = {kind.name: set(kind.properties) for kind in [*ADVOCACY_EVENTS, *LINK_EVENTS]}
    told = [one for one in await home.all_told() if one.event in documented]
    assert {"Story Shared", "Share Noted", "Share Reached", "Advocacy Reminder Due", "Advocate Changed",
            "Advocate Account Given", "Advocate Anonymised", "Link Clicked"} <= {one.event for one in told}  # fmt: skip
    assert {one.event: set(one.properties) - documented[one.event] for one in told} == {
        one.event: set() for one in told
    }  # fmt: skip
