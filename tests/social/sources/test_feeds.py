"""Feeds on a local port, read by feedparser from what the guarded way out brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import feedparser
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from dure.kernel.errors import Invalid
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio


@dataclass
class Site:
    """A site's two feeds: Atom in UTF-8, RSS in the encoding that old Korean sites have."""

    entries: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def atom(self) -> bytes:
        told = "".join(
            f"<entry><id>urn:{name}</id><title>{title}</title><link href='https://news.example/{name}'/>"
            f"<published>2026-11-23T01:00:00Z</published><updated>{updated}</updated>"
            f"<author><name>한기자</name></author><summary type='html'>{text}</summary></entry>"
            for name, (title, text, updated) in self.entries.items()
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko">'
            f"<title>새소식</title><link href='https://news.example'/>{told}</feed>"
        ).encode()

    def rss(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="euc-kr"?><rss version="2.0"><channel><title>동네 게시판</title>'
            "<item><title>두레 써 본 이야기</title><link>https://board.example/1</link>"
            "<guid isPermaLink='false'>b-1</guid>"
            "<description>결제가 자꾸 실패합니다</description><pubDate>Mon, 23 Nov 2026 11:00:00 +0900</pubDate></item>"
            "</channel></rss>"
        ).encode("euc-kr")


def site_app(held: Site) -> FastAPI:
    app = FastAPI()

    @app.get("/atom")
    async def atom(request: Request) -> Response:
        body = held.atom()
        etag = f'"{hash(body)}"'
        known = request.headers.get("if-none-match") == etag
        held.asked.append(("atom", 304 if known else 200))
        if known:
            return Response(status_code=304)
        return Response(body, media_type="application/atom+xml", headers={"etag": etag})

    @app.get("/old")
    async def old() -> Response:
        return RedirectResponse("/rss", 301)

    @app.get("/rss")
    async def rss() -> Response:
        return Response(held.rss(), headers={"content-type": "text/xml"})

    @app.get("/page")
    async def page() -> Response:
        return Response("<html><body>no feed</body></html>", media_type="text/html")

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Site, str]]:
    held = Site()
    with serving(site_app(held)) as address:
        yield held, address


@pytest.fixture
def site(served: tuple[Site, str]) -> tuple[Site, str]:
    served[0].entries = {
        "a": ("두레, 새 방송 시작", "&lt;p&gt;오늘 &lt;b&gt;첫 방송&lt;/b&gt;&lt;/p&gt;", "2026-11-23T01:00:00Z")
    }
    served[0].asked.clear()
    return served


async def test_atom_and_rss_are_read_with_their_encodings_and_through_a_redirect(
    desk: Desk, site: tuple[Site, str]
) -> None:
    held, address = site
    assert feedparser.parse(held.rss()).entries[0].title == "두레 써 본 이야기"
    source = await desk.connect("feeds", {"feeds": f"{address}/atom\n{address}/old"})
    await desk.ask()
    first, second = await desk.mentions()
    assert (first.title, first.text, first.author, first.url) == (
        "두레, 새 방송 시작", "오늘 첫 방송", "한기자", "https://news.example/a",
    )  # fmt: skip
    assert (second.external, second.text, second.kind) == ("b-1", "결제가 자꾸 실패합니다", "article")
    assert second.posted_at == MONDAY_NOON - timedelta(hours=1)
    assert (await desk.health(source)).done == 2


async def test_a_feed_that_did_not_change_costs_nothing(desk: Desk, site: tuple[Site, str]) -> None:
    held, address = site
    await desk.connect("feeds", {"feeds": f"{address}/atom"})
    await desk.ask(turns=3)
    assert held.asked == [("atom", 200), ("atom", 304), ("atom", 304)]


async def test_a_changed_entry_is_an_edit(desk: Desk, site: tuple[Site, str]) -> None:
    held, address = site
    await desk.connect("feeds", {"feeds": f"{address}/atom"})
    await desk.ask()
    held.entries["a"] = ("두레, 새 방송 시작", "오늘 첫 방송은 미뤄졌습니다", "2026-11-23T02:30:00Z")
    await desk.ask(turns=2)
    (one,) = await desk.mentions()
    assert one.text == "오늘 첫 방송은 미뤄졌습니다"
    assert one.edited_at == MONDAY_NOON - timedelta(minutes=30)
    assert len(await desk.events("Mention Edited")) == 1


async def test_only_what_has_a_word_is_brought_and_a_page_is_no_feed(desk: Desk, site: tuple[Site, str]) -> None:
    _, address = site
    found = await desk.sources.preview(desk.cast.mina, "feeds", {"feeds": f"{address}/atom", "words": "없는말"}, {})
    assert (found.mentions, found.trouble) == ([], None)
    none = await desk.sources.preview(desk.cast.mina, "feeds", {"feeds": f"{address}/page"}, {})
    assert none.trouble is not None
    assert none.trouble["code"] == "unreadable"
    gone = await desk.sources.preview(desk.cast.mina, "feeds", {"feeds": f"{address}/nothing"}, {})
    assert gone.trouble is not None
    assert gone.trouble["code"] == "not_found"


async def test_what_is_no_address_is_refused_with_its_line(desk: Desk) -> None:
    with pytest.raises(Invalid, match="'our blog' of `feeds`") as refused:
        await desk.connect("feeds", {"feeds": "https://blog.example/rss\nour blog"})
    assert refused.value.field == "settings.feeds"
