"""A post goes out to a Mastodon and a Bluesky on local ports, and their own clients read it back, unmodified."""

from __future__ import annotations

import asyncio

import mastodon
import pytest
import requests
from atproto import Client

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.social import sources
from dure.social.publishing.api import Content, Publishing, Wording
from dure.social.sources.api import Sources
from tests.social.publishing.conftest import Desk
from tests.social.sources.test_bluesky import Pds, pds_app
from tests.social.sources.test_mastodon import Server, mastodon_app
from tests.web.browser import serving

pytestmark = pytest.mark.anyio


async def test_the_networks_own_clients_read_what_was_published(desk: Desk) -> None:
    toots, pds, outgoing = Server(), Pds(), HttpOutgoing(["127.0.0.0/8"])
    connected = Sources(
        desk.state, desk.clock, desk.cast.governance, desk.social, sources(outgoing), b"a key of this installation"
    )
    publishing = Publishing(
        desk.state,
        desk.clock,
        desk.cast.governance,
        connected.connectors,
        connected.saying,
        desk.publishing.book.tracks,
    )
    with serving(mastodon_app(toots)) as toot, serving(pds_app(pds)) as sky:
        ours = await connected.connect(
            desk.cast.mina, "mastodon", "Our Mastodon", {"server": toot, "tags": "두레"}, {"token": "T0KEN"}
        )
        theirs = await connected.connect(
            desk.cast.mina, "bluesky", "Our Bluesky",
            {"words": "두레", "handle": "dure.bsky.example", "server": sky, "stream": "ws://127.0.0.1:1"},
            {"password": "app-pass-word"},
        )  # fmt: skip
        content = Content(
            "새 방송", "두레 새 방송 https://sorimaru.example/live #두레", "ko", "live",
            (Wording(ours.source.id), Wording(theirs.source.id, text="두레: 짧은 글 #두레")),
        )  # fmt: skip
        plan = await publishing.draft(desk.cast.joon, content)
        await publishing.reviews.submit(desk.cast.joon, plan.id)
        seen = await publishing.one(desk.cast.mina, plan.id)
        await publishing.reviews.decide(desk.cast.mina, plan.id, seen.hash, True)
        await publishing.calendar.schedule(desk.cast.joon, plan.id)
        assert await publishing.posting.step(desk.clock.now())
        done = (await publishing.one(desk.cast.mina, plan.id)).plan
        assert (done.state, [one.fate for one in done.variants]) == ("published", ["said", "said"])

        with requests.Session() as session:
            client = mastodon.Mastodon(
                api_base_url=toot, access_token="T0KEN", version_check_mode="none", session=session
            )
            (status,) = await asyncio.to_thread(client.timeline_hashtag, "두레")
        assert str(status["id"]) == done.variants[0].reference
        assert done.variants[0].sent in status["content"]
        assert "https://go.sorimaru.example/l/" in status["content"]
        reader = Client(base_url=f"{sky}/xrpc")
        await asyncio.to_thread(reader.login, "dure.bsky.example", "app-pass-word")
        (post,) = (await asyncio.to_thread(reader.get_posts, [done.variants[1].reference])).posts
        assert post.record.text == "두레: 짧은 글 #두레"
        assert post.record.facets[0].features[0].tag == "두레"
        reader.request.close()
    await outgoing.close()
    async with desk.state.begin_system() as tx:
        await tx.run("delete from social.source where id = any(%s)", ([ours.source.id, theirs.source.id],))
