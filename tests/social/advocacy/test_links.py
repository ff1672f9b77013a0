"""Tracked links: made in sets, followed by people, fetched by machines, ended; and counted as what they are."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.ids import person_id
from dure.metrics.api import Metrics
from dure.social.effect.api import Effect
from dure.social.links import rules, store
from dure.social.links.api import Clicks, Link, NewLink
from dure.social.links.model import Seen
from dure.social.listening.api import Listening
from tests.social.advocacy.conftest import SAFARI, Home

pytestmark = pytest.mark.anyio

PREVIEW = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"


async def made(home: Home, target: str = "https://sorimaru.example/summer", **more: object) -> Link:
    given = {"belongs": ("post", str(uuid4())), "network": "x", **more}
    return await home.links.create(home.cast.joon, NewLink(target, **given))  # type: ignore[arg-type]


async def test_a_set_is_made_in_the_act_of_whoever_wants_it(home: Home) -> None:
    wanted = [NewLink(f"https://sorimaru.example/p{n}?a=b", ("post", "p1"), utm={"source": "x"}) for n in range(50)]
    async with home.state.begin(home.cast.tenant) as tx:
        links = await home.links.made(tx, home.cast.joon, wanted)
    assert [urlsplit(one.target).path for one in links] == [f"/p{n}" for n in range(50)]
    assert len({one.code for one in links}) == 50
    assert all(rules.CODE.fullmatch(one.code) for one in links)
    assert parse_qs(urlsplit(links[0].target).query) == {"a": ["b"], "utm_source": ["x"], "utm_link": [links[0].code]}
    told = [one for one in await home.told("Link Created") if one.properties["belongs_id"] == "p1"]
    assert [one.object for one in told] == [str(one.id) for one in links]
    before = len(await home.links.recent(home.cast.joon))
    with pytest.raises(Invalid):  # one that cannot be is none of them
        await home.links.create(home.cast.joon, NewLink("sorimaru.example", ("post", "p1")))
    assert len(await home.links.recent(home.cast.joon)) == before
    with pytest.raises(NotAllowed):
        await home.links.create(home.cast.gil, wanted[0])


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "//evil.example", "ftp://a.example", "https://", "https://mina:secret@a.example/",
     "https://a.example/\r\nset-cookie: x", "https://a.example/ b", "https:\\\\evil.example", "http://[::1",
     "https://a.example/" + "a" * 2000],
)  # fmt: skip
def test_only_the_address_of_a_page_is_a_target(target: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.with_utm(target, {}, "abcdefghj")
    assert refused.value.field == "target"


def test_utm_goes_into_the_query_and_what_was_there_stays() -> None:
    made = rules.with_utm(
        "https://a.example/여름?utm_source=mine&utm_link=old&q=1%262#part",
        {"source": "x", "campaign": "봄 & 여름"},
        "C",
    )
    query = parse_qs(urlsplit(made).query)
    assert query == {"utm_source": ["mine"], "q": ["1&2"], "utm_campaign": ["봄 & 여름"], "utm_link": ["C"]}
    assert urlsplit(made).fragment == "part"
    for utm in ({"Source": "x"}, {"link": "x"}, {"source": "x" * 201}):
        with pytest.raises(Invalid) as refused:
            rules.with_utm("https://a.example", utm, "C")
        assert refused.value.field == "utm"


@pytest.mark.parametrize(
    ("agent", "by"),
    [
        (SAFARI, ""),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X18) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", ""),
        ("Mozilla/5.0 (Linux; Android 14; SM-S921N) Chrome/126.0 Mobile Safari/537.36;KAKAOTALK 2610700", ""),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Mobile/15E148 [FBAN/FBIOS;FBAV/490.0]", ""),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 Instagram 340.0", ""),
        (PREVIEW, "preview"),
        ("facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/", "preview"),
        ("Twitterbot/1.0", "preview"), ("WhatsApp/2.23.20.0 A", "preview"),
        ("LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)", "preview"),
        ("http.rb/5.1 (Mastodon/4.3.1; +https://mastodon.social/)", "preview"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler"),
        ("Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)", "crawler"),
        ("curl/8.5.0", "tool"), ("python-requests/2.32", "tool"), ("", "unnamed"),
    ],
)  # fmt: skip
def test_people_are_told_from_what_fetches_links(agent: str, by: str) -> None:
    assert rules.machine(Seen("203.0.113.7", agent)) == by


async def test_a_click_leads_on_and_is_told_once(home: Home) -> None:
    link = await made(home)
    answer = await home.visit(link.code, referer="https://www.linkedin.com/feed/update/somebody")
    assert (answer.status_code, answer.headers["location"]) == (302, link.target)
    assert answer.headers["cache-control"] == "private, no-store"
    (told,) = [one for one in await home.told("Link Clicked") if one.object == str(link.id)]
    assert told.properties == {
        "link": str(link.id), "code": link.code, "target": link.target, "network": "x", "side": "brand",
        "belongs": "post", "belongs_id": link.belongs[1], "referrer": "www.linkedin.com", "person_id": "",
        "visitor": told.properties["visitor"],
    }  # fmt: skip
    assert "203.0.113.7" not in str(told)
    assert "Safari" not in str(told)


async def test_whatever_else_the_address_carries_is_passed_over(home: Home) -> None:
    link = await made(home)
    answer = await home.visit(f"{link.code}?url=https://evil.example&utm_source=theirs")
    assert answer.headers["location"] == link.target
    for code in ("//evil.example", "https:%2F%2Fevil.example", "%2e%2e", link.code + "x", "0" * 9):
        assert (await home.visit(code)).status_code == 404
    assert (await home.visit(link.code, method="POST")).status_code == 405


async def test_machines_and_colleagues_are_counted_apart(home: Home) -> None:
    link = await made(home)
    await home.visit(link.code)
    await home.visit(link.code)
    await home.visit(link.code, agent=SAFARI + " other")
    assert (await home.visit(link.code, method="HEAD")).status_code == 302
    await home.visit(link.code, agent=PREVIEW)
    await home.visit(link.code, **{"sec-purpose": "prefetch;prerender"})
    await home.visit(link.code, **await home.session())
    by = [one.properties["by"] for one in await home.told("Link Fetched") if one.object == str(link.id)]
    assert by == ["head", "preview", "prefetch", "colleague"]
    await home.settle()
    assert await home.links.clicks(home.cast.joon, [link]) == {link.id: Clicks(clicks=3, visitors=2, fetched=4)}


async def test_the_day_after_nobody_can_tell_who_it_was(home: Home) -> None:
    link = await made(home)
    await home.visit(link.code)
    home.clock.advance(timedelta(days=1))
    await home.visit(link.code)
    first, second = [one.properties["visitor"] for one in await home.told("Link Clicked") if one.object == str(link.id)]
    assert first != second
    async with home.state.begin_system() as tx:
        assert await tx.value("select count(*) from social.link_salt") == 1
        # Another process of the same day gets the same.
        day = home.clock.now().date()
        assert await store.salt(tx, day, b"another") == await store.salt(tx, day, b"and another")


async def test_ended_expired_and_unknown_links_say_so_in_the_reader_s_language(home: Home) -> None:
    gone, late = await made(home), await made(home, expires_at=home.clock.now() + timedelta(hours=1))
    assert (await home.visit(gone.code)).status_code == 302
    assert await home.links.end(home.cast.joon, [gone.id]) == 1
    assert await home.links.end(home.cast.joon, [gone.id]) == 0
    home.clock.advance(timedelta(hours=1))
    for code, status, ko, en in (
        (gone.code, 410, "이 링크는 끝났습니다", "This link has ended"), (late.code, 410, "끝났습니다", "has ended"),
        ("unknown99", 404, "쓸 수 없습니다", "leads nowhere"),
    ):  # fmt: skip
        korean = await home.visit(code, **{"accept-language": "ko-KR,ko;q=0.9"})
        english = await home.visit(code, **{"accept-language": "en-GB,en"})
        assert (korean.status_code, ko in korean.text, en in english.text) == (status, True, True)
        assert "location" not in korean.headers
    clicked = [one for one in await home.told("Link Clicked") if one.object in (str(gone.id), str(late.id))]
    assert len(clicked) == 1
    assert [one.object for one in await home.told("Link Ended")] == [str(gone.id)]
    with pytest.raises(Invalid) as refused:
        await made(home, expires_at=home.clock.now())
    assert refused.value.field == "expires_at"


async def test_another_house_s_links_are_not_seen(home: Home) -> None:
    link = await made(home)
    assert link.id not in {one.id for one in await home.links.recent(home.cast.rina)}
    assert await home.links.end(home.cast.rina, [link.id]) == 0
    assert await home.links.leads_to(link.code) == link


async def test_a_link_that_is_known_costs_no_query(home: Home) -> None:
    link = await made(home)
    await home.visit(link.code)
    async with home.state.begin_system() as tx:
        await tx.run("update social.tracked_link set target = 'https://other.example' where id = %s", (link.id,))
    assert (await home.visit(link.code)).headers["location"] == link.target


async def test_who_came_and_signed_up_belongs_to_the_first_link(home: Home) -> None:
    first, second = await made(home, belongs=("share", "s1")), await made(home, belongs=("share", "s2"))
    workspace = home.cast.tenant.workspace
    haneul, byeol, before = (person_id(workspace, name) for name in ("haneul", "byeol", "before"))
    await home.seen_on_page("", before, then="Signed Up")
    home.clock.advance(timedelta(minutes=1))
    await home.seen_on_page(first.code, haneul)
    await home.seen_on_page(first.code, before, then="Signed Up")
    home.clock.advance(timedelta(minutes=1))
    await home.seen_on_page(second.code, haneul, then="Signed Up")
    await home.seen_on_page(second.code, byeol)
    await home.settle()
    assert await home.links.counted(home.cast.joon, "share", ["s1", "s2", "s3"]) == {
        "s1": Clicks(came=2, signed=1), "s2": Clicks(came=1, signed=0),
    }  # fmt: skip


async def test_a_click_is_a_touch_of_the_funnel(home: Home) -> None:
    home.clock.advance(timedelta(days=60))
    listening, metrics = Listening(home.state, home.log, home.clock), Metrics(
        home.state, home.log, home.clock, home.cast.governance
    )  # fmt: skip
    effect, workspace = Effect(home.state, home.log, home.clock, metrics, listening), home.cast.tenant.workspace
    soop, byeol = person_id(workspace, "soop"), person_id(workspace, "byeol of the page")
    mine = await made(home, network="mastodon", person=soop)
    theirs = await made(home, network="x", side="employees")
    await home.visit(mine.code)
    await home.visit(theirs.code)
    await home.visit(theirs.code, agent=PREVIEW)
    home.clock.advance(timedelta(minutes=1))
    await home.seen_on_page("", soop, then="Signed Up")
    await home.seen_on_page(theirs.code, byeol, utm_source="x", then="Signed Up")
    await home.settle()
    funnel = await effect.funnel(home.cast.mina, 1)
    assert (funnel["clicks"], funnel["clicks_employees"]) == (2, 1)
    assert (funnel["people"], funnel["clicked"], funnel["signed"]) == (2, 2, 2)
    assert {(one["kind"], one["network"]) for one in funnel["touches"]} == {("utm", "mastodon"), ("utm", "x")}
