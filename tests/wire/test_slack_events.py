"""The Events API: what apps are told and by whom it is heard, and its way over HTTP to an unmodified Bolt app."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dure.channels import events
from dure.channels.api import Draft, PastMessage, ts_of
from dure.channels.apps.model import Installation
from dure.channels.apps.store import installations
from dure.channels.telling.registry import TELLERS
from dure.feed.api import Batch, Event, encode
from dure.feed.model import Lane
from dure.governance.api import Principal
from dure.state import State
from tests.wire.apps import Sori, sorimaru, until
from tests.wire.server import serving

pytestmark = pytest.mark.anyio
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture
async def sori(own_state: State) -> AsyncIterator[Sori]:
    async with sorimaru(own_state) as made:
        yield made


@dataclass
class Answering:
    """An app's address: what it was sent, and what it answers next (200 when nothing was said)."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    async def handle(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.body()))
        return self.answers.pop(0) if self.answers else Response()

    @property
    def texts(self) -> list[str]:
        return [json.loads(body)["event"].get("text", "") for _, body in self.requests]


@asynccontextmanager
async def address() -> AsyncIterator[Answering]:
    made = Answering()
    app = Starlette(routes=[Route("/slack/events", made.handle, methods=["POST"])])
    async with serving(app) as base:
        made.url = f"{base}/slack/events"
        yield made


async def install(
    sori: Sori, name: str, url: str = "", *, events: tuple[str, ...] = ("message.channels",),
    scopes: tuple[str, ...] = ("channels:history",), member: bool = True, commands: tuple[dict[str, str], ...] = (),
) -> Installation:  # fmt: skip
    """An app from a manifest, installed, its bot in the channel."""
    cast = sori.cast
    bot = await cast.governance.principal(await cast.governance.create_token(cast.mina, "bot", name, ["*"]))
    manifest: dict[str, Any] = {
        "display_information": {"name": name},
        "features": {"slash_commands": list(commands)},
        "settings": {
            "event_subscriptions": {"request_url": url, "bot_events": list(events)},
            "interactivity": {"is_enabled": bool(url), "request_url": url},
            "socket_mode_enabled": not url,
        },
    }
    async with sori.room.state.begin(cast.tenant) as tx:
        await tx.run(
            "insert into channels.app (id, workspace, manifest, client_id, client_secret, signing_secret,"
            " verification_token, created_by, created_at, changed_at)"
            " values (%s, %s, %s, %s, '', %s, 'verify', 'U0', now(), now())",
            (bot.app, cast.tenant.workspace, Jsonb(manifest), bot.app, SECRET),
        )
        await tx.run(
            "insert into channels.installation (app, workspace, bot_user, scopes, installed_by, installed_at)"
            " values (%s, %s, %s, %s, 'U0', now())",
            (bot.app, cast.tenant.workspace, bot.user, list(scopes)),
        )
        found = {one.app: one for one in await installations(tx, cast.governance, cast.tenant)}
    if member:
        await sori.channels.invite(cast.mina, sori.channel, [bot.user])
    return found[bot.app]


async def heard(sori: Sori, app: str = "") -> list[dict[str, Any]]:
    """The inner events that the queue holds for an app, in order, once the follower has come to the feed's end."""
    await sori.settle()
    async with sori.room.state.begin_system() as tx:
        rows = await tx.rows("select body from channels.delivery where app = %s order by id", (app or sori.app,))
    return [json.loads(row["body"])["event"] for row in rows]


def named(events: list[dict[str, Any]]) -> list[str]:
    return [".".join(filter(None, (one["type"], one.get("subtype")))) for one in events]


# -- what is told -----------------------------------------------------------------------------------------------------


async def test_the_wrapper_is_slacks(sori: Sori) -> None:
    ts = await sori.say("안녕하세요")
    [event] = await heard(sori)
    assert event["event_ts"] == ts
    async with sori.room.state.begin_system() as tx:
        body = json.loads(await tx.value("select body from channels.delivery where app = %s", (sori.app,)))
    workspace = sori.cast.tenant.workspace
    assert body["event_id"].startswith("Ev0")
    about = json.loads(base64.urlsafe_b64decode(body["event_context"][2:] + "=="))
    assert about == {"et": "message", "tid": workspace, "aid": sori.app, "cid": sori.channel}
    assert {name: body[name] for name in body if name not in ("event", "event_id", "event_context")} == {
        "token": "",
        "team_id": workspace,
        "enterprise_id": sori.cast.tenant.org,
        "context_team_id": workspace,
        "context_enterprise_id": sori.cast.tenant.org,
        "api_app_id": sori.app,
        "type": "event_callback",
        "event_time": int(sori.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": sori.cast.tenant.org,
                "team_id": workspace,
                "user_id": sori.bot.user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


async def test_messages_of_every_kind(sori: Sori) -> None:
    room, mina, bot = sori.channels, sori.cast.mina, sori.bot
    root = await sori.say("질문 있습니다")
    await sori.say("답", thread=ts_of(root), broadcast=True)
    await sori.say("알림", who=bot)
    await sori.say("알림", who=bot, username="소진율 알리미")
    edited = await sori.say("오타")
    await room.update(mina, sori.channel, ts_of(edited), Draft("고침"))
    await room.update(mina, sori.channel, ts_of(edited), Draft("또 고침"))
    await room.delete(mina, sori.channel, ts_of(edited))
    events = await heard(sori)
    assert named(events) == [
        "message", "message.thread_broadcast", "message", "message.bot_message", "message", "message.message_changed",
        "message.message_changed", "message.message_deleted",
    ]  # fmt: skip
    first, reply, alert, other, typo, fixed, again, gone = events
    assert "thread_ts" not in first
    assert (reply["thread_ts"], reply["parent_user_id"]) == (root, mina.user)
    assert (alert["bot_id"], alert["bot_profile"]["name"]) == ("B" + bot.app[1:], "dure")
    assert "user" not in other
    assert other["username"] == "소진율 알리미"
    # Each is told as it was when it happened, though all of it was over before anybody was told.
    assert typo["text"] == "오타"
    assert "edited" not in typo
    assert [(one["previous_message"]["text"], one["message"]["text"]) for one in (fixed, again)] == [
        ("오타", "고침"), ("고침", "또 고침"),
    ]  # fmt: skip
    assert fixed["message"]["edited"]["user"] == mina.user
    assert (gone["deleted_ts"], gone["previous_message"]["text"], gone["hidden"]) == (edited, "또 고침", True)


async def test_what_happens_to_a_channel_and_its_people(sori: Sori) -> None:
    room, cast = sori.channels, sori.cast
    made = await room.create(cast.mina, "q4-launch")
    await room.invite(cast.mina, sori.channel, [cast.joon.user])
    await room.set_topic(cast.mina, sori.channel, "Q4")
    await room.rename(cast.mina, sori.channel, "deals-2026")
    ts = ts_of(await sori.say("좋아요"))
    await room.react(cast.joon, sori.channel, ts, "eyes")
    await room.unreact(cast.joon, sori.channel, ts, "eyes")
    await room.leave(cast.joon, sori.channel)
    await room.archive(cast.mina, made.id)
    await room.unarchive(cast.mina, made.id)
    sua = await cast.governance.create_user(cast.mina, "sua@sorimaru.example", "수아")
    await cast.governance.deactivate(cast.mina, sua.id)
    await room.kick(cast.mina, sori.channel, sori.bot.user)
    events = await heard(sori)
    assert named(events) == [
        "channel_created", "message.channel_join", "member_joined_channel", "message.channel_topic",
        "message.channel_name", "channel_rename", "message", "reaction_added", "reaction_removed",
        "message.channel_leave", "member_left_channel", "channel_archive", "channel_unarchive", "team_join",
        "user_change", "channel_left",
    ]  # fmt: skip
    by = dict(zip(named(events), events, strict=True))
    assert by["channel_created"]["channel"]["name"] == "q4-launch"
    assert by["message.channel_join"]["inviter"] == cast.mina.user
    assert by["member_joined_channel"]["team"] == cast.tenant.workspace
    assert by["message.channel_topic"]["topic"] == "Q4"
    assert by["channel_rename"]["channel"]["name"] == "deals-2026"
    assert by["reaction_added"]["item_user"] == cast.mina.user
    assert by["team_join"]["user"]["real_name"] == "수아"
    assert by["user_change"]["user"]["deleted"] is True
    assert by["channel_left"]["actor_id"] == cast.mina.user
    assert all(event["event_ts"] for event in events)


async def test_only_who_is_in_the_channel_subscribed_and_may_read_hears(sori: Sori) -> None:
    cast = sori.cast
    named_apps = {
        "in": await install(sori, "in"),
        "outside": await install(sori, "outside", member=False),
        "narrow": await install(sori, "narrow", scopes=("channels:read",)),
        "reactions": await install(sori, "reactions", events=("reaction_added",), scopes=("reactions:read",)),
    }
    await sori.say("비밀 아님")
    secret = await sori.channels.create(cast.mina, "secret", private=True)
    await sori.say("비밀", channel=secret.id)
    direct, _ = await sori.channels.open_direct(cast.mina, [sori.bot.user])
    await sori.say("둘이서", channel=direct.id)
    assert [one["text"] for one in await heard(sori) if one["type"] == "message" and "subtype" not in one] == [
        "비밀 아님", "둘이서",
    ]  # fmt: skip
    kinds = {one["channel_type"] for one in await heard(sori) if one["type"] == "message"}
    assert kinds == {"channel", "im"}
    heard_by = {name: [one["text"] for one in await heard(sori, app.app)] for name, app in named_apps.items()}
    assert [text for text in heard_by["in"] if "joined" not in text] == ["비밀 아님"]
    assert (heard_by["outside"], heard_by["narrow"], heard_by["reactions"]) == ([], [], [])


async def test_a_mention_goes_to_whom_it_names(sori: Sori) -> None:
    app = await install(sori, "mentioned", events=("app_mention",), scopes=("app_mentions:read",))
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "user", "user_id": app.bot_user}, {"type": "text", "text": " 안녕"}]}]}]  # fmt: skip
    await sori.say(f"<@{app.bot_user}> 안녕")
    await sori.say("", blocks=blocks)
    await sori.say(f"<@{sori.cast.joon.user}> 안녕")
    await sori.say(f"<@{app.bot_user}> 나 자신", who=await _bot(sori, app))
    events = await heard(sori, app.app)
    assert named(events) == ["app_mention", "app_mention"]


async def _bot(sori: Sori, app: Installation) -> Principal:
    token = await sori.cast.governance.create_token(sori.cast.mina, "bot", app.name, ["*"])
    return await sori.cast.governance.principal(token)


async def test_each_side_of_a_shared_channel_hears_under_its_own_name(sori: Sori) -> None:
    """§7.8: the app of each organisation hears with its own team, and learns who hears it too."""
    cast, channels = sori.cast, sori.channels
    shared = await sori.room.shared()
    await channels.invite(cast.mina, shared, [sori.bot.user])
    rival_bot = await cast.governance.principal(
        await cast.governance.create_token(cast.rina, "bot", "dure", ["*"])
    )  # fmt: skip
    await channels.invite(cast.rina, shared, [rival_bot.user])
    ts = await sori.say("함께 봅니다", who=cast.rina, channel=shared)
    await heard(sori)
    async with sori.room.state.begin_system() as tx:
        rows = await tx.rows("select app, body from channels.delivery where body like %s order by app", (f"%{ts}%",))
    told = {row["app"]: json.loads(row["body"]) for row in rows}
    assert set(told) == {sori.app, rival_bot.app}
    for app, tenant in ((sori.app, cast.tenant), (rival_bot.app, cast.rina.tenant)):
        assert (told[app]["team_id"], told[app]["authorizations"][0]["team_id"]) == (tenant.workspace,) * 2
        assert told[app]["is_ext_shared_channel"] is True
        assert told[app]["event"]["user_team"] == cast.rina.tenant.workspace
    # Who is asked about somebody else's event says nothing.
    token = await cast.governance.create_token(cast.mina, "app", "dure", ["authorizations:read"])
    ask = "apps.event.authorizations.list"
    own = await sori.call(ask, token, event_context=told[sori.app]["event_context"])
    assert own["authorizations"] == told[sori.app]["authorizations"]
    foreign = await sori.call(ask, token, event_context=told[rival_bot.app]["event_context"])
    assert foreign["error"] == "invalid_event_context"
    assert (await sori.call(ask, token, event_context="4-!"))["error"] == "invalid_event_context"
    await channels.disconnect(cast.rina, shared)
    assert named(await heard(sori))[-1] == "channel_unshared"


async def test_an_app_hears_that_its_token_was_revoked(sori: Sori) -> None:
    governance, mina = sori.cast.governance, sori.cast.mina
    await governance.revoke_token(mina, (await governance.principal(sori.cast.bot_token)).token)
    [event] = await heard(sori)
    assert (event["type"], event["tokens"]) == ("tokens_revoked", {"oauth": [], "bot": [sori.bot.user]})


async def test_the_same_batch_again_tells_nothing_again(sori: Sori) -> None:
    """§7.4: an app and an event are one row, however often the feed is read."""
    await sori.say("한 번만")
    await heard(sori)
    [told] = [one for one in await sori.room.told(sori.cast.tenant.workspace) if one.event == "Message Posted"]
    batch = _batch(told)
    async with sori.room.state.begin_system() as tx:
        await sori.here.deliveries.follower.handle(tx, [batch, batch])
    assert len(await heard(sori)) == 1


def _batch(event: Event) -> Batch:
    return Batch(1 << 40, Lane.DOMAIN, event.org, event.workspace, 1, encode(event))


# -- over HTTP --------------------------------------------------------------------------------------------------------


async def test_bolt_over_http_hears_and_checks_the_signature(sori: Sori) -> None:
    heard_here: asyncio.Queue[Any] = asyncio.Queue()
    sori.clock.at = datetime.now(UTC)  # Bolt looks at its own clock
    client = AsyncWebClient(sori.cast.bot_token, base_url=f"{sori.here.base}/slack/api/")
    bolt = AsyncApp(client=client, signing_secret=SECRET)

    async def hear(event: dict[str, Any]) -> None:
        heard_here.put_nowait(event)

    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack(f"{body['text']}: 확인")

    for kind in ("message", "app_mention", "reaction_added"):
        bolt.event(kind)(hear)
    bolt.command("/deal")(command)
    handler = AsyncSlackRequestHandler(bolt)
    web = Starlette(routes=[Route("/slack/events", handler.handle, methods=["POST"])])
    async with serving(web) as base:
        app = await install(
            sori, "http", f"{base}/slack/events", events=("message.channels", "app_mention", "reaction_added"),
            scopes=("channels:history", "app_mentions:read", "reactions:read"),
            commands=({"command": "/deal", "url": f"{base}/slack/events", "description": "d"},),
        )  # fmt: skip
        assert await sori.here.deliveries.verify(app) == ""
        ts = await sori.say(f"<@{app.bot_user}> 들리나요")
        await sori.channels.react(sori.cast.mina, sori.channel, ts_of(ts), "eyes")
        wanted = {"message", "app_mention", "reaction_added"}
        async with asyncio.timeout(10):
            while wanted:
                wanted.discard((await heard_here.get())["type"])
        answer = await sori.here.deliveries.ask(
            app.app, sori.cast.tenant.workspace, "slash_commands",
            {"command": "/deal", "text": "한빛", "team_id": sori.cast.tenant.workspace, "user_id": "U1"},
        )  # fmt: skip
        assert (answer.ok, answer.body, answer.status) == (True, "한빛: 확인", 200)
        assert await until(lambda: _all(sori, app, "acknowledged"))


async def _all(sori: Sori, app: Installation, state: str, number: int = 1) -> list[dict[str, Any]]:
    found = await sori.shown(app.app)
    return found if len(found) >= number and all(one["state"] == state for one in found) else []


async def quiet_app(sori: Sori, name: str, url: str) -> Installation:
    """An app whose first events, its own joining, are over."""
    app = await install(sori, name, url)
    assert await until(lambda: _all(sori, app, "acknowledged"))
    return app


async def test_what_is_called_out_is_signed_over_its_very_bytes(sori: Sori) -> None:
    async with address() as there:
        await quiet_app(sori, "signed", there.url)
        headers, body = there.requests[0]
        stamp, now = headers["x-slack-request-timestamp"], sori.clock.now().timestamp()
        check = SignatureVerifier(SECRET, _At(now))  # type: ignore[arg-type]
        assert check.is_valid(body, stamp, headers["x-slack-signature"])
        assert not check.is_valid(body + b" ", stamp, headers["x-slack-signature"])
        late = SignatureVerifier(SECRET, _At(now + 361))  # type: ignore[arg-type]
        assert not late.is_valid(body, stamp, headers["x-slack-signature"])
        assert "x-slack-retry-num" not in headers
        assert headers["content-type"] == "application/json"


class _At:
    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now


async def sweep(sori: Sori, seconds: float) -> None:
    sori.clock.advance(timedelta(seconds=seconds))
    await sori.here.deliveries.tick()


async def test_a_failing_address_is_tried_three_times_more_and_told_why(sori: Sori) -> None:
    async with address() as there:
        app = await quiet_app(sori, "failing", there.url)
        there.requests.clear()
        there.answers += [Response(status_code=500), RedirectResponse(there.url, 307), Response(status_code=404)]
        await sori.say("받아요")
        # At once, by a redirect that leads nowhere good; after a minute; after five.
        assert await until(lambda: _tried(sori, app, 2))
        await sweep(sori, 59)
        assert len(there.requests) == 3
        there.answers += [RedirectResponse(there.url, 302)] * 3
        await sweep(sori, 1)
        assert await until(lambda: _count(there, 6))
        there.answers += [Response(status_code=503)]
        await until(lambda: _why(sori, app, "too_many_redirects"))
        await sweep(sori, 300)
        [shown] = await until(lambda: _failed(sori, app))
    assert (shown["attempts"], shown["why"]) == (4, "http_error")
    retries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in there.requests]
    assert retries == [(None, None), ("1", "http_error"), ("1", "http_error"), ("2", "http_error"),
                       ("2", "http_error"), ("2", "http_error"), ("3", "too_many_redirects")]  # fmt: skip
    assert len({json.loads(body)["event_id"] for _, body in there.requests}) == 1


async def _count(there: Answering, number: int) -> bool:
    return len(there.requests) >= number


async def _dropped(sori: Sori, app: Installation, number: int) -> bool:
    return sum(one["state"] == "dropped" for one in await sori.shown(app.app)) == number


async def _failed(sori: Sori, app: Installation) -> list[dict[str, Any]]:
    return [one for one in await sori.shown(app.app) if one["state"] == "failed"]


async def _tried(sori: Sori, app: Installation, times: int) -> bool:
    return any(one["state"] == "waiting" and one["attempts"] == times for one in await sori.shown(app.app))


async def _why(sori: Sori, app: Installation, why: str) -> bool:
    return any(one["why"] == why for one in await sori.shown(app.app))


async def test_an_address_that_wants_no_retry_gets_none(sori: Sori) -> None:
    async with address() as there:
        app = await quiet_app(sori, "proud", there.url)
        there.answers.append(PlainTextResponse("no", 500, {"X-Slack-No-Retry": "1"}))
        await sori.say("한 번뿐")
        [shown] = await until(lambda: _failed(sori, app))
        assert (shown["attempts"], shown["why"]) == (1, "http_error")


async def test_a_private_address_is_not_called_unless_it_is_allowed(own_state: State) -> None:
    async with sorimaru(own_state, allowed=[]) as sori, address() as there:
        app = await install(sori, "inside", there.url)
        [shown] = await until(lambda: _failed(sori, app))
        assert shown["why"] == "address_refused"
        assert await sori.here.deliveries.verify(app) == "address_refused"
        assert there.requests == []


async def test_an_address_that_takes_too_long_or_is_not_there(own_state: State) -> None:
    async with sorimaru(own_state, answer_seconds=0.2) as sori:
        never = asyncio.Event()

        async def wait(_: Request) -> Response:
            await never.wait()
            return Response()

        app = Starlette(routes=[Route("/slack/events", wait, methods=["POST"])])
        async with serving(app) as base:
            slow = await install(sori, "slow", f"{base}/slack/events")
            assert await sori.here.deliveries.verify(slow) == "http_timeout"
            await until(lambda: _why(sori, slow, "http_timeout"))
            never.set()
        with socket.socket() as taken:  # nobody else of this machine gets the port, and nobody listens at it
            taken.bind(("127.0.0.1", 0))
            gone = await install(sori, "gone", f"http://127.0.0.1:{taken.getsockname()[1]}/slack/events")
            assert await sori.here.deliveries.verify(gone) == "connection_failed"


async def test_verifying_asks_for_a_word_back(sori: Sori) -> None:
    async with address() as there:
        app = await quiet_app(sori, "verified", there.url)
        there.requests.clear()
        assert await sori.here.deliveries.verify(app) == "challenge_failed"
        asked = json.loads(there.requests[0][1])
        assert (asked["type"], asked["token"], len(asked["challenge"])) == ("url_verification", "verify", 43)


async def test_above_the_limit_an_app_is_told_so_once_a_minute(own_state: State) -> None:
    async with sorimaru(own_state, events_an_hour=2) as sori, address() as there:
        app = await quiet_app(sori, "busy", there.url)  # its joining is the first
        for n in range(3):
            await sori.say(f"{n}")
        assert await until(lambda: _count(there, 3))
        kinds = [json.loads(body)["type"] for _, body in there.requests]
        assert kinds == ["event_callback", "event_callback", "app_rate_limited"]
        limited = json.loads(there.requests[2][1])
        assert limited["minute_rate_limited"] == int(sori.clock.now().timestamp()) // 60 * 60
        assert await until(lambda: _dropped(sori, app, 2))
        assert {one["why"] for one in await sori.shown(app.app) if one["state"] == "dropped"} == {"rate_limited"}


async def test_an_address_that_fails_for_an_hour_is_given_up_until_it_answers_again(
    sori: Sori, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dure.channels.delivery.addresses.FAILURES", 2)
    async with address() as there:
        app = await quiet_app(sori, "down", there.url)
        no = {"X-Slack-No-Retry": "1"}
        there.answers += [Response(status_code=500, headers=no) for _ in range(2)]
        await sori.say("하나")
        await until(lambda: _failed(sori, app))
        sori.clock.advance(timedelta(hours=1))
        await sori.say("둘")
        await until(lambda: _disabled(sori))
        there.requests.clear()
        await sori.say("셋")
        await until(lambda: _why(sori, app, "disabled"))
        assert there.requests == []
        [shown] = [one for one in await sori.shown(app.app) if one["why"] == "disabled"]
        assert (await sori.api("POST", f"/apps/{app.app}/deliveries/{shown['id']}/retry")).status_code == 200
        assert await until(lambda: _count(there, 1))
        assert there.texts == ["셋"]


async def _disabled(sori: Sori) -> bool:
    return any(one.event == "App Deliveries Disabled" for one in await sori.room.told(sori.cast.tenant.workspace))


async def test_events_of_a_channel_are_called_out_in_turn(sori: Sori) -> None:
    """§7.2 over HTTP."""
    async with address() as there:
        await quiet_app(sori, "ordered", there.url)
        there.requests.clear()
        stamps = await asyncio.gather(*(sori.say(f"{n}") for n in range(30)))
        assert await until(lambda: _count(there, 30))
        assert [json.loads(body)["event"]["ts"] for _, body in there.requests] == sorted(stamps)


# -- who may look -----------------------------------------------------------------------------------------------------


async def test_deliveries_are_for_administrators_of_the_workspace(sori: Sori) -> None:
    await sori.say("본다")
    await heard(sori)
    [shown] = await sori.shown()
    assert set(shown) == {
        "id", "kind", "event_id", "state", "attempts", "created_at", "sent_at", "acknowledged_at", "why", "summary",
    }  # fmt: skip
    assert shown["summary"] == f"message · #deals · {sori.cast.mina.user}"
    joon = await sori.cast.governance.create_token(sori.cast.mina, "user", sori.cast.joon.user, ["*"])
    path = f"/apps/{sori.app}/deliveries"
    assert (await sori.api("GET", path, joon)).status_code == 403
    assert (await sori.api("POST", f"{path}/{shown['id']}/retry", joon)).status_code == 403
    assert (await sori.api("GET", path, sori.cast.rival_token)).status_code == 404
    assert (await sori.api("POST", f"{path}/{shown['id']}/retry", sori.cast.rival_token)).status_code == 404
    assert (await sori.api("POST", f"{path}/{shown['id']}/retry")).status_code == 409


async def test_what_cannot_be_told_stops_nothing_else(sori: Sori, monkeypatch: pytest.MonkeyPatch) -> None:
    """A teller fails at one event: it is left out, and what came before and after it is told."""

    async def failing(telling: Any, event: Event) -> Any:
        raise KeyError(event.properties["ts"])

    monkeypatch.setitem(TELLERS, events.REACTED, (failing,))  # type: ignore[misc]
    ts = await sori.say("앞")
    await sori.channels.react(sori.cast.mina, sori.channel, ts_of(ts), "eyes")
    await sori.say("뒤")
    assert [one["text"] for one in await heard(sori)] == ["앞", "뒤"]


async def test_history_that_is_loaded_is_no_news(sori: Sori) -> None:
    long_ago = sori.clock.now() - timedelta(days=30)
    past = [PastMessage(long_ago, sori.cast.mina, "작년 일"), PastMessage(long_ago, sori.cast.mina, "또")]
    await sori.channels.bulk_load(sori.cast.mina, sori.channel, past)
    await sori.say("오늘 일")
    assert [one["text"] for one in await heard(sori)] == ["오늘 일"]
