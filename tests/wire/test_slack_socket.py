"""Socket Mode, by Slack's own unmodified clients and by a plain WebSocket that does what they cannot be made to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler as AiohttpHandler
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler as BuiltinHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler as WebSocketClientHandler
from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler as WebSocketsHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dure.state import State
from tests.wire.apps import Heard, Sori, process, sorimaru, until

pytestmark = pytest.mark.anyio
HANDLERS: dict[str, Any] = {
    "builtin": BuiltinHandler,
    "websocket_client": WebSocketClientHandler,
    "aiohttp": AiohttpHandler,
    "websockets": WebSocketsHandler,
}


@pytest.fixture
async def sori(own_state: State) -> AsyncIterator[Sori]:
    async with sorimaru(own_state) as made:
        yield made


@asynccontextmanager
async def bolt(sori: Sori, handler: str, listeners: Callable[[Any, asyncio.Queue[Any]], None]) -> AsyncIterator[Any]:
    """A Bolt app on a socket; `listeners` adds its listeners, which put what they hear into the queue."""
    heard: asyncio.Queue[Any] = asyncio.Queue()
    if HANDLERS[handler] in (AiohttpHandler, WebSocketsHandler):
        client = AsyncWebClient(sori.cast.bot_token, base_url=f"{sori.here.base}/slack/api/")
        app: Any = AsyncApp(client=client)
        listeners(app, heard)
        served = HANDLERS[handler](app, sori.app_token)
        await served.connect_async()
        yield heard
        await served.close_async()
    else:
        app = await asyncio.to_thread(lambda: App(client=sori.web(sori.cast.bot_token)))
        listeners(app, heard)
        served = HANDLERS[handler](app, sori.app_token)
        await asyncio.to_thread(served.connect)
        yield heard
        # One of the variants waits ten seconds for a session that it has lost sight of; the test need not.
        await asyncio.wait([asyncio.ensure_future(asyncio.to_thread(served.close))], timeout=1)


def telling(kinds: tuple[str, ...], is_async: bool) -> Callable[[Any, asyncio.Queue[Any]], None]:
    """Listeners for kinds of events, in a thread or in this loop."""
    loop = asyncio.get_running_loop()

    def listeners(app: Any, heard: asyncio.Queue[Any]) -> None:
        for kind in kinds:
            if is_async:

                async def hear_here(event: dict[str, Any]) -> None:
                    heard.put_nowait(event)

                app.event(kind)(hear_here)
            else:

                def hear(event: dict[str, Any]) -> None:
                    loop.call_soon_threadsafe(heard.put_nowait, event)

                app.event(kind)(hear)

    return listeners


async def next_of(heard: asyncio.Queue[Any]) -> Any:
    async with asyncio.timeout(15):
        return await heard.get()


@pytest.mark.parametrize("handler", HANDLERS)
async def test_bolt_hears_a_message_a_mention_and_a_reaction(sori: Sori, handler: str) -> None:
    listeners = telling(("message", "app_mention", "reaction_added"), handler in ("aiohttp", "websockets"))
    async with bolt(sori, handler, listeners) as heard:
        ts = await sori.say(f"<@{sori.bot.user}> 제안서 보셨나요?")
        await sori.channels.react(sori.cast.mina, sori.channel, int(ts.replace(".", "")), "eyes")
        found = {one["type"]: one for one in [await next_of(heard) for _ in range(3)]}
    message = found["message"]
    assert (message["text"], message["user"], message["ts"], message["channel"], message["channel_type"]) == (
        f"<@{sori.bot.user}> 제안서 보셨나요?", sori.cast.mina.user, ts, sori.channel, "channel",
    )  # fmt: skip
    assert found["app_mention"]["ts"] == ts
    assert found["reaction_added"]["item"] == {"type": "message", "channel": sori.channel, "ts": ts}
    states = await until(lambda: _states(sori, 3, "acknowledged"))
    assert {one["attempts"] for one in states} == {1}


async def _states(sori: Sori, number: int, state: str) -> list[dict[str, Any]]:
    found = await sori.shown()
    return found if len(found) == number and all(one["state"] == state for one in found) else []


async def test_a_large_envelope_is_one_frame(sori: Sori) -> None:
    text, attachments = "𝄞" * 40_000, [{"text": "x" * 50_000}]
    async with bolt(sori, "builtin", telling(("message",), is_async=False)) as heard:
        await sori.say(text, attachments=attachments)
        event = await next_of(heard)
    assert (event["text"], event["attachments"]) == (text, [{"id": 1, **attachments[0]}])
    plain = await sori.listen()
    await sori.say(text, attachments=attachments)
    async with asyncio.timeout(10):
        parts = [len(part.encode()) async for part in plain.ws.recv_streaming(decode=True)]  # one part for each frame
    assert len(parts) == 1
    assert parts[0] > 200_000


async def test_what_is_not_acknowledged_comes_again_at_0_1_and_5_minutes_and_then_has_failed(sori: Sori) -> None:
    heard = await sori.listen()
    await sori.say("누가 받나요")
    first = await heard.event(ack=False)
    assert (first["retry_attempt"], first["retry_reason"], first["accepts_response_payload"]) == (0, "", False)
    for number, wait in enumerate((0, 60, 300), 1):
        await sweep(sori, 2.9)
        assert await heard.quiet()
        await sweep(sori, 0.1)
        if wait:
            await sweep(sori, wait - 0.1)
            assert await heard.quiet()
            await sweep(sori, 0.1)
        again = await heard.event(ack=False)
        assert (again["retry_attempt"], again["retry_reason"]) == (number, "timeout")
        assert again["envelope_id"] == first["envelope_id"]
        assert again["payload"] == first["payload"]
    await sweep(sori, 3)
    [shown] = await sori.shown()
    assert (shown["state"], shown["attempts"], shown["why"]) == ("failed", 4, "timeout")


async def sweep(sori: Sori, seconds: float) -> None:
    sori.clock.advance(timedelta(seconds=seconds))
    await sori.here.deliveries.tick()


async def test_a_late_acknowledgement_counts_and_a_foreign_one_does_not(sori: Sori) -> None:
    heard = await sori.listen()
    await sori.say("늦어도 괜찮아요")
    envelope = await heard.event(ack=False)
    await sweep(sori, 3)
    await heard.event(ack=False)
    rival = await sori.cast.governance.create_token(sori.cast.rina, "app", "spy", ["connections:write"])
    sori.app_token, own = rival, sori.app_token
    stranger = await sori.listen()
    sori.app_token = own
    await stranger.ack(envelope)
    for nonsense in ("[]", "{", '{"envelope_id": 1}', '{"envelope_id": "x"}', "null", '"\\ud800"'):
        await stranger.ws.send(nonsense)
    await stranger.ws.send(b"\xff")
    assert await stranger.quiet()
    assert [one["state"] for one in await sori.shown()] == ["sent"]
    await heard.ack(envelope)
    assert await until(lambda: _states(sori, 1, "acknowledged"))


async def test_events_of_one_channel_go_out_in_the_order_of_their_ts(sori: Sori) -> None:
    """§7.2: acts race, and a socket sees the channel in order; each comes once."""
    heard = await sori.listen()
    stamps = await asyncio.gather(*(sori.say(f"{n}") for n in range(40)))
    events = [(await heard.event())["payload"]["event"]["ts"] for _ in stamps]
    assert events == sorted(stamps)
    assert await heard.quiet()


async def test_two_sockets_share_the_load(sori: Sori) -> None:
    one, two = await sori.listen(), await sori.listen()
    assert (one.hello["num_connections"], two.hello["num_connections"]) == (1, 2)
    for n in range(10):
        await sori.say(f"{n}")
    shares = [await one.texts(5), await two.texts(5)]
    assert sorted(int(text) for share in shares for text in share) == list(range(10))
    assert all(share == sorted(share) for share in shares)


async def test_two_processes_never_send_the_same_try(own_state: State, sori: Sori) -> None:
    async with process(own_state, sori.room) as other:
        sockets = [await sori.listen(), await sori.listen(other), await sori.listen(other)]
        assert sockets[2].hello["num_connections"] == 3
        await asyncio.gather(*(sori.say(f"{n}") for n in range(60)))
        assert await until(lambda: _acknowledging(sori, sockets))
        assert {one["attempts"] for one in await sori.shown()} == {1}
        for heard in sockets:
            await heard.ws.close()


async def _acknowledging(sori: Sori, sockets: list[Heard]) -> bool:
    for heard in sockets:
        while not await heard_nothing(heard):
            continue
    return bool(await _states(sori, 60, "acknowledged"))


async def heard_nothing(heard: Heard) -> bool:
    try:
        async with asyncio.timeout(0.02):
            await heard.event()
    except TimeoutError:
        return True
    return False


async def test_what_a_dying_socket_had_goes_to_another_at_once(sori: Sori) -> None:
    dying = await sori.listen()
    await sori.say("첫째")
    await sori.say("둘째")
    await dying.event(ack=False)
    await dying.event()
    living = await sori.listen()
    dying.ws.transport.abort()
    again = await living.event()
    assert again["payload"]["event"]["text"] == "첫째"
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
    assert await until(lambda: _states(sori, 2, "acknowledged"))


async def test_what_happened_with_no_socket_open_waits_and_survives_a_restart(own_state: State, sori: Sori) -> None:
    await sori.say("아무도 없을 때")
    assert await until(lambda: _states(sori, 1, "waiting"))
    async with process(own_state, sori.room) as after:
        heard = await sori.listen(after)
        assert await heard.texts(1) == ["아무도 없을 때"]
        await heard.ws.close()


async def test_what_nobody_comes_for_is_dropped_in_the_end_and_can_be_sent_by_hand(sori: Sori) -> None:
    await sori.say("오래 기다림")
    assert await until(lambda: _states(sori, 1, "waiting"))
    sori.clock.advance(timedelta(hours=23))
    await sori.here.deliveries.housekeeping()
    assert await _states(sori, 1, "waiting")
    sori.clock.advance(timedelta(hours=2))
    await sori.here.deliveries.housekeeping()
    [shown] = await sori.shown()
    assert (shown["state"], shown["why"], shown["kind"]) == ("dropped", "no_connection", "events_api")
    heard = await sori.listen()
    assert await heard.quiet()
    retried = await sori.api("POST", f"/apps/{sori.app}/deliveries/{shown['id']}/retry")
    assert retried.status_code == 200
    assert await heard.texts(1) == ["오래 기다림"]
    assert (await sori.api("POST", f"/apps/{sori.app}/deliveries/{shown['id']}/retry")).status_code == 409
    sori.clock.advance(timedelta(days=4))
    await sori.here.deliveries.housekeeping()
    assert await sori.shown() == []


async def test_a_queue_that_is_full_drops_the_oldest_where_it_is_seen(own_state: State) -> None:
    async with sorimaru(own_state, most=3) as sori:
        for n in range(5):
            await sori.say(f"{n}")
        assert await until(lambda: _states(sori, 5, "waiting"))
        await sori.here.deliveries.housekeeping()
        shown = await sori.shown()
        assert [one["state"] for one in shown] == ["dropped", "dropped", "waiting", "waiting", "waiting"]
        assert shown[0]["why"] == "queue_full"


async def test_a_socket_that_acknowledges_nothing_holds_up_no_more_than_its_window(sori: Sori) -> None:
    """§7.5: what is on its way to one socket is bounded, and others are served meanwhile."""
    stuck = await sori.listen()
    for n in range(120):
        await sori.say(f"{n}")
    assert await until(lambda: _sent(sori, 100))
    for _ in range(100):
        await stuck.event(ack=False)
    # What a person waits for goes before what is told.
    asking = asyncio.ensure_future(
        sori.here.deliveries.ask(sori.app, sori.cast.tenant.workspace, "interactive", {"type": "block_actions"})
    )
    asked = await stuck.event(ack=False)
    assert asked["type"] == "interactive"
    await stuck.ack(asked, {"text": "예"})
    assert (await asking).body == {"text": "예"}
    other = await sori.listen()
    assert await other.texts(20) == [str(n) for n in range(100, 120)]


async def _sent(sori: Sori, number: int) -> bool:
    return sum(one["state"] == "sent" for one in await sori.shown()) == number


async def test_a_slow_reader_is_cut_and_not_waited_for(sori: Sori, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dure.channels.delivery.line._SLOW", 0.2)
    slow = await sori.listen(max_queue=1)
    slow.ws.transport.pause_reading()
    attachments = [{"text": "x" * 100_000}]
    for n in range(60):
        await sori.say(f"{n}", attachments=attachments)
    assert await until(lambda: _no_lines(sori))
    slow.ws.transport.abort()
    other = await sori.listen()
    assert sorted(map(int, await other.texts(60))) == list(range(60))


async def _no_lines(sori: Sori) -> bool:
    return not sori.here.deliveries.sockets.lines


async def test_the_eleventh_socket_sends_the_oldest_away(sori: Sori) -> None:
    sockets = [await sori.listen() for _ in range(11)]
    assert [heard.hello["num_connections"] for heard in sockets] == [*range(1, 11), 10]
    gone = await sockets[0].frame()
    assert (gone["type"], gone["reason"]) == ("disconnect", "too_many_websockets")
    await sockets[0].ws.close()
    assert await until(lambda: _connections(sori, 10))


async def _connections(sori: Sori, number: int) -> bool:
    return (await sori.api("GET", f"/apps/{sori.app}/deliveries")).json()["connections"] == number


async def test_bolt_comes_again_when_it_is_asked_to_and_misses_nothing(sori: Sori) -> None:
    async with bolt(sori, "builtin", telling(("message",), is_async=False)) as heard:
        sockets = sori.here.deliveries.sockets
        [first] = await until(lambda: _lines(sori))
        texts = []
        for n in range(30):
            await sori.say(f"{n}")
            if n == 10:
                sockets.close(first.id, "refresh_requested")
        while len(texts) < 30:
            texts.append((await next_of(heard))["text"])
        assert sorted(texts, key=int) == [str(n) for n in range(30)]
        assert await until(lambda: _other_line(sori, first.id))


async def _lines(sori: Sori) -> Any:
    return sori.here.deliveries.sockets.lines


async def _other_line(sori: Sori, first: str) -> bool:
    return any(line.id != first for line in sori.here.deliveries.sockets.lines)


async def test_a_server_that_stops_sends_its_sockets_away_without_loss(own_state: State, sori: Sori) -> None:
    async with process(own_state, sori.room, follows=False) as other:
        heard = await sori.listen()
        await sori.say("하나")
        envelope = await heard.event(ack=False)
        draining = asyncio.ensure_future(sori.here.deliveries.drain())
        assert (await heard.frame())["reason"] == "warning"
        await sori.say("둘")  # nobody takes this: the process is on its way out
        await heard.ack(envelope)
        await draining
        with pytest.raises(ConnectionClosed):
            await heard.frame()
        assert (await sori.call("apps.connections.open"))["error"] == "ratelimited"
        sori.here, gone = other, sori.here
        after = await sori.listen()
        assert await after.texts(1) == ["둘"]
        await after.ws.close()
        sori.here = gone


async def test_a_revoked_token_closes_its_sockets(sori: Sori) -> None:
    heard = await sori.listen()
    ticket = (await sori.call("apps.connections.open"))["url"]
    governance, mina = sori.cast.governance, sori.cast.mina
    token = (await governance.principal(sori.app_token)).token
    await governance.revoke_token(mina, token)
    gone = await heard.frame()
    assert (gone["type"], gone["reason"]) == ("disconnect", "link_disabled")
    with pytest.raises(ConnectionClosed):
        await heard.frame()
    assert (await sori.call("apps.connections.open"))["error"] == "token_revoked"
    with pytest.raises(InvalidStatus):
        await connect(ticket)


async def test_a_ticket_opens_one_socket_within_half_a_minute(sori: Sori) -> None:
    url = (await sori.call("apps.connections.open"))["url"]
    assert url.startswith(f"ws://{sori.here.base.partition('//')[2]}/slack/socket/?ticket=")
    assert url.endswith(f"&app_id={sori.app}")
    async with connect(url) as first:
        assert await first.recv()
        with pytest.raises(InvalidStatus):
            await connect(url)
    late = (await sori.call("apps.connections.open"))["url"]
    sori.clock.advance(timedelta(seconds=31))
    with pytest.raises(InvalidStatus):
        await connect(late)


async def test_only_an_apps_own_token_in_the_header_opens_a_connection(sori: Sori) -> None:
    assert (await sori.call("apps.connections.open", sori.cast.bot_token))["error"] == "not_allowed_token_type"
    async with httpx.AsyncClient(base_url=f"{sori.here.base}/slack/api/") as http:
        answer = (await http.post("apps.connections.open", data={"token": sori.app_token})).json()
    assert answer["error"] == "not_authed"
    assert (await sori.call("chat.postMessage", channel=sori.channel, text="x"))["error"] == "not_allowed_token_type"
    narrow = await sori.cast.governance.create_token(sori.cast.mina, "app", "dure", ["authorizations:read"])
    missing = await sori.call("apps.connections.open", narrow)
    assert (missing["error"], missing["needed"]) == ("missing_scope", "connections:write")


async def test_frames_are_plain_and_a_ping_gets_its_own_words_back(sori: Sori) -> None:
    heard = await sori.listen(compression="deflate")
    assert heard.ws.protocol.extensions == []
    assert set(heard.hello) == {"type", "num_connections", "debug_info", "connection_info"}
    assert heard.hello["connection_info"] == {"app_id": sori.app}
    pong = await heard.ws.ping("session:1763866800.123")  # resolves only for a pong with this very payload
    async with asyncio.timeout(5):
        await pong


@pytest.mark.parametrize("handler", ["builtin", "websockets"])
async def test_an_app_is_asked_by_its_socket_and_its_word_comes_back(
    own_state: State, sori: Sori, handler: str
) -> None:
    """The socket is in one process, who asks in another."""

    def listeners(app: Any, _: Any) -> None:
        if handler == "websockets":

            async def answer_here(ack: Any) -> None:
                await ack(text="확인했습니다", response_type="ephemeral")

            app.command("/deal")(answer_here)
        else:
            app.command("/deal")(lambda ack: ack(text="확인했습니다", response_type="ephemeral"))

    workspace = sori.cast.tenant.workspace
    command = {"command": "/deal", "text": "한빛", "team_id": workspace, "user_id": sori.cast.mina.user,
               "channel_id": sori.channel, "trigger_id": "1.2.a", "response_url": "https://x.example"}  # fmt: skip
    async with bolt(sori, handler, listeners), process(own_state, sori.room, follows=False) as other:
        answer = await other.deliveries.ask(sori.app, workspace, "slash_commands", command)
    assert (answer.ok, answer.why) == (True, "")
    assert answer.body == {"text": "확인했습니다", "response_type": "ephemeral"}
    [shown] = await sori.shown()
    assert (shown["kind"], shown["state"], shown["summary"].split(" · ")[0]) == (
        "slash_commands",
        "acknowledged",
        "/deal",
    )


async def test_an_app_that_does_not_answer_is_not_waited_for_long(own_state: State) -> None:
    async with sorimaru(own_state, answer_seconds=0.2) as sori:
        ask = sori.here.deliveries.ask
        workspace = sori.cast.tenant.workspace
        nobody = await ask(sori.app, workspace, "interactive", {"type": "block_actions"})
        assert (nobody.ok, nobody.why) == (False, "no_connection")
        heard = await sori.listen()
        late = await ask(sori.app, workspace, "interactive", {"type": "block_actions"})
        assert (late.ok, late.why) == (False, "timeout")
        asked = await heard.frame()
        assert (asked["type"], asked["accepts_response_payload"]) == ("interactive", True)
        assert [one["state"] for one in await sori.shown()] == ["dropped", "failed"]
        assert (await ask("A0NOBODY000", workspace, "interactive", {})).why == "not_installed"


@pytest.fixture(autouse=True)
def quiet_clients() -> None:
    """Bolt's clients log every lost connection."""
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
