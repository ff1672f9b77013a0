"""RSS and Atom: feeds of news sites, blogs and forums, read by feedparser from bytes that the guarded way out brought.

A feed is asked with its ETag and date, so that an unchanged one costs nothing. An entry that says something else than
before is an edit; feeds do not tell what was taken back, an entry that left the list only became old.
"""

from __future__ import annotations

import asyncio
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from dure.connectors.plain import plain
from dure.connectors.polite import ask
from dure.social.model import NewMention
from dure.social.plugs import Field, Given, Manifest, Pulled, Raw, Trouble, Web

_LONG = 4_000


class Feeds:
    """Fills `Pulls`. One feed a page, in the order in which they are set."""

    manifest = Manifest(
        name="feeds", network="web", title={"ko": "RSS·Atom 피드", "en": "RSS and Atom feeds"},
        about={"ko": "뉴스, 블로그, 게시판의 새 글을 읽습니다.", "en": "Reads what sites and blogs publish."},
        basis="official", can=frozenset({"pull", "edits"}),
        settings=(
            Field("feeds", {"ko": "피드 주소", "en": "Feed addresses"}, "addresses",
                  hint={"ko": "한 줄에 하나씩", "en": "One a line"}),
            Field("words", {"ko": "이 낱말이 있는 글만", "en": "Only with these words"}, "list", required=False),
        ),
        terms={"ko": "사이트가 읽으라고 내놓은 글입니다. 요약만 담고 원문으로 잇습니다.",
               "en": "What sites publish to be read. The summary is kept with a link to the whole."},
        every=300,
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """The next feed. The cursor keeps each one's ETag and date."""
        feeds = given.several("feeds")
        at = int(cursor.get("at", 0)) if int(cursor.get("at", 0)) < len(feeds) else 0
        seen: dict[str, Any] = {url: one for url, one in dict(cursor.get("seen", {})).items() if url in feeds}
        url = feeds[at]
        before = seen.get(url, {})
        asked = {"if-none-match": before.get("etag", ""), "if-modified-since": before.get("modified", "")}
        headers = {"accept": "application/atom+xml, application/rss+xml, application/xml, */*;q=0.5"}
        headers |= {name: value for name, value in asked.items() if value}
        answer = await ask(self._web, given, url, headers=headers, also=(304,))
        following = {"seen": seen, "at": at + 1} if at + 1 < len(feeds) else {"seen": seen}
        more = at + 1 < len(feeds)
        if answer.status == 304:
            return Pulled(following, more=more, done=at + 1, total=len(feeds))
        parsed = await asyncio.to_thread(
            feedparser.parse, answer.body, response_headers={**answer.headers, "content-location": url}
        )
        if parsed.bozo and not parsed.entries and not parsed.version:
            raise Trouble("unreadable", f"{url} is no feed.")
        seen[url] = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
        found = [one for entry in parsed.entries if (one := _mention(entry, parsed.feed, url)) is not None]
        words = [word.lower() for word in given.several("words")]
        kept = [
            one for one in found
            if (one.posted_at is None or one.posted_at >= given.since)
            and (not words or any(word in f"{one.title} {one.text}".lower() for word in words))
        ]  # fmt: skip
        raw = [Raw(url, answer.text, [one.id for one in kept])] if kept else []
        return Pulled(following, kept, more=more, raw=raw, done=at + 1, total=len(feeds))


def _mention(entry: Any, feed: Any, url: str) -> NewMention | None:
    """An entry as an article; one without an id of its own is known by its link."""
    known = entry.get("id") or entry.get("link")
    if not known:
        return None
    content = entry.get("content") or [{}]
    text = plain(entry.get("summary") or content[0].get("value", ""))[:_LONG]
    title = plain(entry.get("title", ""))
    # Asked for without its being there, feedparser would take `published` for it.
    published = _time(entry["published_parsed"]) if "published_parsed" in entry else None
    updated = _time(entry["updated_parsed"]) if "updated_parsed" in entry else None
    edited = updated if published and updated and updated > published else None
    return NewMention(
        network="web", id=str(known)[:300], text=text or title, title=title,
        author=entry.get("author", "") or feed.get("title", ""), url=entry.get("link", ""),
        language=str(feed.get("language", ""))[:2], posted_at=published or updated, edited_at=edited, kind="article",
        handle=str(feed.get("link", "") or url)[:200],
    )  # fmt: skip


def _time(parsed: Any) -> datetime | None:
    """feedparser's moments are in UTC."""
    return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
