"""What concerns whom: the rule as a table, then the follower, the push that is really decrypted, and the letter."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Request, Response

from dure.automation.outgoing import HttpOutgoing
from dure.channels.notice.follow import NoticeFollower
from dure.channels.notice.mailing import Mailing
from dure.channels.notice.model import ChannelWishes, Wishes
from dure.channels.notice.pushing import Pushing
from dure.channels.notice.rules import Person, concerns, has_word, read
from dure.channels.routes import notices as notice_routes
from dure.connectors.postman import MailerPostman
from dure.connectors.smtp import SmtpMailer
from dure.state import State
from dure.web.push import Sender, decoded, encoded
from dure.web.routing import include
from tests.channels.room import Room, open_room, overhearing
from tests.wire.server import serving

pytestmark = pytest.mark.anyio

ME, OTHER = "U0ME", "U0OTHER"


def person(**change: Any) -> Person:
    wishes = {key: change.pop(key) for key in ("keywords", "push", "mail") if key in change}
    room = {key: change.pop(key) for key in ("muted", "everybody") if key in change}
    here, everywhere = change.pop("here", None), change.pop("level", "mentions")
    return Person(ME, Wishes(ME, level=everywhere, **wishes), ChannelWishes(ME, "C1", here, **room), **change)


@pytest.mark.parametrize(
    ("text", "kind", "who", "why"),
    [
        ("hello", "channel", person(), None),
        ("hello", "channel", person(level="all"), "message"),
        ("hello", "channel", person(here="all"), "message"),
        ("hello", "channel", person(level="all", here="mentions"), None),
        ("hello", "im", person(), "direct"),
        ("hello", "mpim", person(), "direct"),
        ("hello", "im", person(here="nothing"), None),
        (f"<@{ME}> hello", "channel", person(), "mention"),
        (f"<@{ME}|me> hello", "im", person(), "mention"),
        (f"<@{ME}> hello", "channel", person(level="nothing"), None),
        (f"<@{ME}> hello", "channel", person(level="nothing", here="mentions"), "mention"),
        (f"<@{OTHER}> hello", "channel", person(), None),
        (f"<@{ME}0> hello", "channel", person(), None),
        ("<!subteam^S0G|@mkt> hello", "channel", person(groups=frozenset({"S0G"})), "group"),
        ("<!subteam^S0X> hello", "channel", person(groups=frozenset({"S0G"})), None),
        ("<!channel> hello", "channel", person(), "everybody"),
        ("<!everyone> hello", "channel", person(everybody=False), None),
        ("<!here|here> hello", "channel", person(), None),
        ("<!here> hello", "channel", person(active=True), "everybody"),
        ("@channel hello", "channel", person(), None),
        ("한빛커피는 언제죠?", "channel", person(keywords=("한빛커피",)), "keyword"),
        ("our CPM is up", "channel", person(keywords=("cpm",)), "keyword"),
        ("our CPMs are up", "channel", person(keywords=("cpm",)), None),
        ("<https://x.example/cpm>", "channel", person(keywords=("cpm",)), None),
    ],
)
def test_what_concerns_whom(text: str, kind: Any, who: Person, why: str | None) -> None:
    told = concerns(read(text, "", kind=kind, author=OTHER), who)
    assert (told.why if told else None) == why


def test_a_thread_concerns_who_follows_it_and_one_own_words_nobody() -> None:
    reply = read("and then", "", kind="channel", author=OTHER, in_thread=True)
    assert concerns(reply, person()) is None
    assert concerns(reply, person(level="all")) is None
    told = concerns(reply, person(follows=True))
    assert told is not None
    assert told.why == "thread"
    assert concerns(read(f"<@{ME}>", "", kind="channel", author=ME), person()) is None
    assert concerns(read("", "", kind="channel", author=OTHER, note=True), person(level="all")) is None


def test_where_it_goes_out() -> None:
    said = read(f"<@{ME}>", "", kind="channel", author=OTHER)
    ways = [
        (person(), (True, True)),
        (person(active=True), (False, True)),
        (person(quiet=True), (False, True)),
        (person(push=False), (False, True)),
        (person(mail=False), (True, False)),
        (person(muted=True), (False, False)),
    ]
    for who, expected in ways:
        told = concerns(said, who)
        assert told is not None
        assert (told.push, told.mail) == expected
    assert concerns(read("<!channel>", "", kind="channel", author=OTHER), person(muted=True)) is None


def test_blocks_are_read_too_and_words_are_whole_only_where_they_are_latin() -> None:
    said = read("", f"look here, <@{ME}>", kind="channel", author=OTHER)
    told = concerns(said, person())
    assert told is not None
    assert told.why == "mention"
    assert has_word("소진율이 낮다", "소진율")
    assert has_word("the cpm.", "cpm")
    assert not has_word("xcpm", "cpm")


# -- the follower ----------------------------------------------------------------------------------------------------


async def told(room: Room, who: Any) -> list[tuple[str, str]]:
    return [(one.why, one.author) for one in await room.channels.colleagues.notices.listed(who)]


async def test_messages_become_notices_once_and_are_whispered(state: State) -> None:
    room = await open_room(state)
    cast, us = room.cast, room.channels.colleagues
    follower = NoticeFollower(state, room.clock, cast.governance)
    channel = (await room.channels.create(cast.mina, "launch", members=[cast.joon.user])).id
    group = await us.groups.create(cast.mina, "마케팅", users=[cast.joon.user])
    await us.notices.change(cast.joon, keywords_=["소진율"])
    root = await room.say(cast.joon, channel, "question")
    joon, mina = cast.joon.user, cast.mina.user
    for text in ("good morning", f"<@{joon}> look", f"<!subteam^{group.id}> look", "소진율이 낮아요"):
        room.clock.advance(timedelta(seconds=1))
        await room.say(cast.mina, channel, text)
    room.clock.advance(timedelta(seconds=1))
    await room.say(cast.mina, channel, "answer", root.ts)
    room.clock.advance(timedelta(seconds=1))
    direct, _ = await room.channels.open_direct(cast.mina, [joon])
    last = await room.say(cast.mina, direct.id, "hi")
    async with overhearing(state) as heard:
        while await follower.step():
            pass
        whispered = [await heard.next("notice") for _ in range(5)]
    assert {(one[0], *one[1]) for one in whispered} == {(cast.tenant.workspace, f"user:{joon}")}
    whys = ["direct", "thread", "keyword", "group", "mention"]
    assert [one[2]["notice"]["why"] for one in whispered] == whys[::-1]
    assert await told(room, cast.joon) == [(why, mina) for why in whys]
    assert await told(room, cast.mina) == []
    # The same batches again, as after a crash before the cursor moved, tell nothing twice.
    async with state.begin_system() as tx:
        await tx.run("update feed.cursor set position = 0 where name = 'channels.notices'")
    while await follower.step():
        pass
    assert len(await told(room, cast.joon)) == 5

    assert await us.notices.unread(cast.joon) == {channel: 4, direct.id: 1}
    await room.channels.mark(cast.joon, direct.id, last.ts)
    await us.notices.see(cast.joon, channel, root.ts)
    assert await us.notices.unread(cast.joon) == {channel: 3}
    await us.notices.see(cast.joon)
    assert await us.notices.unread(cast.joon) == {}
    await room.channels.leave(cast.joon, channel)
    assert await told(room, cast.joon) == [("direct", mina)]
    assert await us.notices.forget() == 0
    room.clock.advance(timedelta(days=91))
    assert await us.notices.forget() == 5


# -- web push --------------------------------------------------------------------------------------------------------


class PushService:
    """A browser's maker's service, and the browser behind it, which alone can read what comes."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        self.status = 201
        self.heard: list[dict[str, Any]] = []
        self.app = FastAPI()
        self.app.add_api_route("/push/{device}", self.take, methods=["POST"])

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    async def take(self, request: Request) -> Response:
        assert request.headers["content-encoding"] == "aes128gcm"
        claims = self.verified(request.headers["authorization"])
        assert claims["aud"] == f"http://{request.headers['host']}"
        assert claims["sub"] == "mailto:dure@sorimaru.example"
        self.heard.append(json.loads(self.decrypted(await request.body())))
        return Response(status_code=self.status)

    def verified(self, header: str) -> dict[str, Any]:
        token, key = re.fullmatch(r"vapid t=(\S+), k=(\S+)", header).groups()  # type: ignore[union-attr]
        head, claims, signature = token.split(".")
        raw = decoded(signature)
        der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
        point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        return dict(json.loads(decoded(claims)))

    def decrypted(self, body: bytes) -> bytes:
        salt, size, sender = body[:16], body[20], body[21 : 21 + body[20]]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))

        def derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        secret = derive(self.auth, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + size :], None)
        assert plain[-1] == 2
        return plain[:-1]


async def test_a_push_reaches_a_browser_that_alone_can_read_it(state: State) -> None:
    room = await open_room(state)
    cast, notices, service = room.cast, room.channels.colleagues.notices, PushService()
    follower = NoticeFollower(state, room.clock, cast.governance)
    sender = Sender(b"key", "mailto:dure@sorimaru.example")
    assert sender.public == Sender(b"key", "").public  # every process has the same
    allowed, refused = HttpOutgoing(["127.0.0.0/8"]), HttpOutgoing()
    pushing = Pushing(state, room.clock, cast.governance, allowed, sender)
    channel = (await room.channels.create(cast.mina, "launch", members=[cast.joon.user])).id

    async def said(text: str) -> None:
        await room.say(cast.mina, channel, text)
        while await follower.step():
            pass
        await pushing.tick()

    async with serving(service.app) as base:
        await notices.add_device(cast.joon, f"{base}/push/1", encoded(service.public), encoded(service.auth), "Chrome")
        await said(f"<@{cast.joon.user}> &lt;b&gt;now&lt;/b&gt;")
        [push] = service.heard
        assert (push["title"], push["body"]) == ("김미나 님이 나를 언급했습니다 · #launch", "@박준 <b>now</b>")
        assert push["url"].startswith(f"/channels/{channel}?ts=")
        assert await pushing.tick() == 0  # never twice

        await room.channels.colleagues.presence.here(cast.joon)
        await said(f"<@{cast.joon.user}> you are here")
        assert len(service.heard) == 1
        room.clock.advance(timedelta(minutes=3))
        await room.channels.colleagues.presence.tick()
        await room.channels.colleagues.quiet.snooze(cast.joon, 10)
        await said(f"<@{cast.joon.user}> you want quiet")
        assert len(service.heard) == 1
        room.clock.advance(timedelta(minutes=10))
        service.status = 410
        await said(f"<@{cast.joon.user}> gone")
        assert len(service.heard) == 2
        assert (await notices.settings(cast.joon)).devices == []

    guarded = Pushing(state, room.clock, cast.governance, refused, sender)
    await notices.add_device(cast.joon, "http://127.0.0.1:9/x", encoded(service.public), encoded(service.auth))
    await room.say(cast.mina, channel, f"<@{cast.joon.user}> inside")
    while await follower.step():
        pass
    assert await guarded.tick() == 1  # refused: a private address
    async with state.begin_system() as tx:
        assert await tx.value("select push from channels.notice order by ts desc limit 1") == "failed"
    await asyncio.gather(allowed.close(), refused.close())


async def test_what_is_no_subscription_is_refused_by_its_field(state: State) -> None:
    room = await open_room(state)
    key, auth = encoded(PushService().public), encoded(b"0123456789abcdef")
    for endpoint, p256dh, secret, field in (
        ("ftp://x.example/1", key, auth, "endpoint"),
        ("https://x.example/1", encoded(b"\4" + b"x" * 64), auth, "p256dh"),
        ("https://x.example/1", "<script>", auth, "p256dh"),
        ("https://x.example/1", key, encoded(b"short"), "auth"),
    ):
        with pytest.raises(Exception, match=field) as raised:
            await room.channels.colleagues.notices.add_device(room.cast.joon, endpoint, p256dh, secret)
        assert raised.value.field == field  # type: ignore[attr-defined]


# -- letters ---------------------------------------------------------------------------------------------------------


class Inbox:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.verdict = "250 kept"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.verdict.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append(message)  # type: ignore[arg-type]
        return self.verdict


@pytest.fixture
async def inbox() -> AsyncIterator[tuple[Inbox, SmtpMailer]]:
    handler, loop = Inbox(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="test", loop=loop), "127.0.0.1", 0
    )
    mailer = SmtpMailer("127.0.0.1", server.sockets[0].getsockname()[1], seconds=10)
    yield handler, mailer
    await mailer.close()
    server.close()
    await server.wait_closed()


async def test_what_stays_unread_is_written_once_and_can_be_stopped(
    state: State, inbox: tuple[Inbox, SmtpMailer]
) -> None:
    room = await open_room(state)
    cast, (post, mailer) = room.cast, inbox
    follower = NoticeFollower(state, room.clock, cast.governance)
    postman = MailerPostman(mailer, "dure@sorimaru.example")
    mailing = Mailing(state, room.clock, cast.governance, postman, key=b"key", site="https://dure.example")
    channel = (await room.channels.create(cast.mina, "launch", members=[cast.joon.user])).id

    async def said(text: str) -> int:
        message = await room.say(cast.mina, channel, text)
        while await follower.step():
            pass
        return message.ts

    await said(f"<@{cast.joon.user}> <script>alert(1)</script>\nsecond line")
    await said(f"<@{cast.joon.user}> and one more")
    assert await mailing.tick() == 0  # not yet
    room.clock.advance(timedelta(minutes=30))
    post.verdict = "451 later"
    assert await mailing.tick() == 0
    post.verdict = "250 kept"
    room.clock.advance(timedelta(minutes=29))
    assert await mailing.tick() == 0  # at most one try in so many minutes
    room.clock.advance(timedelta(minutes=1))
    assert await mailing.tick() == 1
    assert await mailing.tick() == 0
    [letter] = post.letters
    assert (letter["To"], letter["Subject"]) == ("joon@sorimaru.example", "sorimaru: 읽지 않은 소식 2개")
    text, page = (letter.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert f"https://dure.example/channels/{channel}?ts=" in text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second line" in page
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    await room.channels.mark(cast.joon, channel, await said(f"<@{cast.joon.user}> third"))
    room.clock.advance(timedelta(hours=2))
    assert await mailing.tick() == 0  # it was read

    app = FastAPI()
    include(app, notice_routes.outside(mailing))
    way_out = str(letter["List-Unsubscribe"]).strip("<>").removeprefix("https://dure.example")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure") as http:
        assert (await http.get(way_out)).status_code == 200
        assert (await room.channels.colleagues.notices.settings(cast.joon)).wishes.mail
        assert (await http.post(way_out[:-1] + "x", content="List-Unsubscribe=One-Click")).status_code == 404
        assert (await http.post(way_out, content="List-Unsubscribe=One-Click")).status_code == 200
        assert (await http.get("/sw.js")).headers["content-type"].startswith("text/javascript")
    assert not (await room.channels.colleagues.notices.settings(cast.joon)).wishes.mail
    await said(f"<@{cast.joon.user}> fourth")
    room.clock.advance(timedelta(hours=2))
    assert await mailing.tick() == 0
