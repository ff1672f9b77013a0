"""What Bolt makes of what people do, unmodified, over both of its ways; and `views.*` by Slack's own clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI
from slack_bolt import App
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient

from dure.channels.interaction.api import Press
from dure.channels.interaction.door import replies
from dure.channels.interaction.telling import TELLERS
from dure.channels.plugs import Answer, Telling
from dure.channels.slack.door import slack_router
from dure.state import State
from dure.web.routing import include
from tests.channels.desk_app import BUTTON, Bolted, Desk, modal, open_desk
from tests.channels.room import open_room
from tests.wire.server import serving

pytestmark = pytest.mark.anyio


@dataclass
class Late:
    """An app that is there once the server, whose address it needs, is served."""

    app: Bolted | None = None

    async def ask(self, app: str, workspace: str, kind: Any, payload: Any) -> Answer:
        assert self.app is not None
        return await self.app.ask(app, workspace, kind, payload)


@dataclass
class Wired:
    desk: Desk
    base: str
    late: Late

    @property
    def heard(self) -> Any:
        assert self.late.app is not None
        return self.late.app.heard[-1]

    async def bolt(self, way: Literal["socket_mode", "http"], listen: Callable[[App], None]) -> None:
        def made() -> App:
            client = WebClient(self.desk.token, base_url=f"{self.base}/slack/api/")
            return App(
                client=client, process_before_response=True, request_verification_enabled=False,
                signing_secret="signed", ignoring_self_events_enabled=False,
            )  # fmt: skip

        app = await asyncio.to_thread(made)
        listen(app)
        self.late.app = Bolted(app, way)


@pytest.fixture
async def wired(state: State) -> AsyncIterator[Wired]:
    late = Late()
    room = await open_room(state)
    desk = await open_desk(room, late, site="")
    app = FastAPI()
    include(app, replies(desk.interaction))
    include(app, slack_router(room.services(interaction=desk.interaction)))
    async with serving(app) as base:
        desk.interaction._site = base
        yield Wired(desk, base, late)


@pytest.mark.parametrize("way", ["socket_mode", "http"])
async def test_bolts_listeners_hear_everything_and_their_acknowledgements_work(
    wired: Wired, way: Literal["socket_mode", "http"]
) -> None:
    desk, joon = wired.desk, wired.desk.room.cast.joon

    def listen(app: App) -> None:
        @app.command("/order")
        def order(ack: Any, command: Any, respond: Any, say: Any) -> None:
            ack(f"Got {command['text']}")
            assert respond("later").body == "ok"
            say("In the channel")

        @app.action("approve")
        def approve(ack: Any, action: Any, body: Any, client: Any, respond: Any) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal(f"Order {action['value']}"))
            respond(text="Approved", replace_original=True)

        @app.options("city")
        def city(ack: Any, payload: Any) -> None:
            ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "1"}])

        @app.view("order")
        def sent(ack: Any, view: Any, body: Any) -> None:
            many = view["state"]["values"]["many"]["n"]["value"]
            if many is None:
                ack(response_action="errors", errors={"many": "How many?"})
            else:
                ack(response_action="update", view=modal("Thanks", notify_on_close=True))

        @app.view_closed("order")
        def closed(ack: Any) -> None:
            ack()

        @app.shortcut("new_order")
        def new_order(ack: Any, shortcut: Any, client: Any) -> None:
            ack()
            client.views_open(trigger_id=shortcut["trigger_id"], view=modal("Short"))

        @app.shortcut("order_this")
        def order_this(ack: Any, respond: Any, shortcut: Any) -> None:
            ack()
            respond(f"Ordered {shortcut['message']['text']}")

        @app.action({"type": "interactive_message", "callback_id": "old"})
        def old(ack: Any) -> None:
            ack("old")

    await wired.bolt(way, listen)
    interaction, channels = desk.interaction, desk.room.channels

    await interaction.command(joon, "/order", "mugs", desk.channel)
    assert [text for _, text in desk.asides.texts] == ["later", "Got mugs"]
    said, _ = await channels.history(joon, desk.channel, limit=1)
    assert (said[0].text, said[0].app) == ("In the channel", desk.bot.app)

    ts = await desk.post()
    found = await interaction.suggest(joon, Press("acts", "city", channel=desk.channel, ts=ts), "Se")
    assert found["options"][0]["text"]["text"] == "Se"
    await interaction.act(joon, Press("acts", "approve", channel=desk.channel, ts=ts))
    assert (await channels.message(joon, desk.channel, ts)).text == "Approved"
    view = await opened(desk)
    assert view.body["title"]["text"] == "Order o-1"
    errors = await interaction.submit(joon, view.id, {"what": {"text": "Mugs"}})
    assert errors.errors == {"many": "How many?"}
    done = await interaction.submit(joon, view.id, {"what": {"text": "Mugs"}, "many": {"n": "3"}})
    assert (done.action, done.view and done.view.body["title"]["text"]) == ("update", "Thanks")
    await interaction.close(joon, view.id)
    assert wired.heard["type"] == "view_closed"

    await interaction.shortcut(joon, desk.bot.app, "new_order")
    assert (await opened(desk)).body["title"]["text"] == "Short"
    asked = await desk.room.say(joon, desk.channel, "forty")
    await interaction.shortcut(joon, desk.bot.app, "order_this", channel=desk.channel, ts=asked.ts)
    assert desk.asides.texts[-1] == (joon.user, "Ordered forty")


async def opened(desk: Desk) -> Any:
    """The view that joon was shown last."""
    async with desk.room.state.begin(desk.bot.tenant) as tx:
        shown = await tx.value(
            "select id from channels.view where closed_at is null order by opened_at desc, id limit 1"
        )
    return await desk.interaction.view(desk.room.cast.joon, shown)


async def trigger(wired: Wired, app: App | None = None) -> str:
    def listen(app: App) -> None:
        app.shortcut("new_order")(lambda ack: ack())

    if wired.late.app is None:
        await wired.bolt("socket_mode", listen)
    await wired.desk.interaction.shortcut(wired.desk.room.cast.joon, wired.desk.bot.app, "new_order")
    return str(wired.heard["trigger_id"])


async def test_views_by_both_clients_answer_the_same_shape(wired: Wired) -> None:
    base, joon = f"{wired.base}/slack/api/", wired.desk.room.cast.joon
    sync, other = WebClient(wired.desk.token, base_url=base), AsyncWebClient(wired.desk.token, base_url=base)
    first = (await asyncio.to_thread(sync.views_open, trigger_id=await trigger(wired), view=modal())).data
    second = (await other.views_open(trigger_id=await trigger(wired), view=modal())).data
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert set(first["view"]) == set(second["view"]) == {
        "id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash", "title", "submit",
        "close", "submit_disabled", "clear_on_close", "notify_on_close", "root_view_id", "previous_view_id", "app_id",
        "external_id", "app_installed_team_id", "bot_id",
    }  # fmt: skip
    assert first["view"]["title"] == {"type": "plain_text", "text": "Order", "emoji": True}
    changed = (
        await other.views_update(view_id=second["view"]["id"], hash=second["view"]["hash"], view=modal("2"))
    ).data
    assert isinstance(changed, dict)
    assert changed["view"]["title"]["text"] == "2"
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    for client in (sync, other):
        called = client.views_publish
        got = (
            await called(user_id=joon.user, view=home)
            if client is other
            else await asyncio.to_thread(called, user_id=joon.user, view=home)
        )
        assert got["view"]["type"] == "home"


async def test_views_are_refused_by_slacks_names(wired: Wired) -> None:
    slack = AsyncWebClient(wired.desk.token, base_url=f"{wired.base}/slack/api/")

    async def error(call: Any) -> str:
        with pytest.raises(SlackApiError) as raised:
            await call
        return str(raised.value.response["error"])

    assert await error(slack.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"
    used = await trigger(wired)
    await slack.views_open(trigger_id=used, view=modal())
    assert await error(slack.views_open(trigger_id=used, view=modal())) == "exchanged_trigger_id"
    assert await error(slack.views_update(view_id="V0NOTHERE00", view=modal())) == "not_found"
    assert await error(slack.api_call("views.update", json={"view": modal()})) == "invalid_arguments"
    huge = modal(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 90)
    assert await error(slack.views_open(trigger_id=await trigger(wired), view=huge)) == "view_too_large"
    with pytest.raises(SlackApiError) as raised:
        await slack.views_open(trigger_id=await trigger(wired), view={"type": "modal", "blocks": []})
    assert raised.value.response["error"] == "invalid_arguments"
    assert "missing required field: title" in raised.value.response["response_metadata"]["messages"][0]
    person = AsyncWebClient(wired.desk.room.cast.token, base_url=f"{wired.base}/slack/api/")
    assert await error(person.views_open(trigger_id="1.2.3", view=modal())) == "not_allowed_token_type"


async def test_a_response_url_answers_as_slacks_does(wired: Wired) -> None:
    await wired.bolt("http", lambda app: app.action("approve")(lambda ack: ack()) and None)
    ts, joon = await wired.desk.post(), wired.desk.room.cast.joon
    await wired.desk.interaction.act(joon, Press("acts", "approve", channel=wired.desk.channel, ts=ts))
    at = wired.heard["response_url"]
    hook = WebhookClient(at)
    said = await asyncio.to_thread(hook.send, text="hello", response_type="in_channel")
    assert (said.status_code, said.body) == (200, "ok")
    async with httpx.AsyncClient() as http:
        form = await http.post(at, data={"payload": '{"text": "by a form"}'})
        assert (form.status_code, form.text) == (200, "ok")
        assert (await http.post(at, json={"text": ""})).json() == {"ok": False, "error": "no_text"}
        assert (await http.post(at, content=b"{", headers={"content-type": "application/json"})).status_code == 400
        for _ in range(2):
            await http.post(at, json={"text": "again"})
        assert (await http.post(at, json={"text": "a sixth"})).json()["error"] == "used_url"
        guessed = await http.post(at[:-4] + "AAAA", json={"text": "x"})
        assert (guessed.status_code, guessed.json()["error"]) == (404, "expired_url")


async def test_links_are_unfurled_by_both_ways_of_naming_the_message(wired: Wired) -> None:
    slack = AsyncWebClient(wired.desk.token, base_url=f"{wired.base}/slack/api/")
    desk, url = wired.desk, "https://shop.example/mugs"
    said = await desk.room.say(desk.room.cast.mina, desk.channel, f"see {url}")
    ts = f"{said.ts // 1_000_000}.{said.ts % 1_000_000:06d}"
    await slack.chat_unfurl(channel=desk.channel, ts=ts, unfurls={url: {"blocks": [BUTTON]}})
    history = (await slack.conversations_history(channel=desk.channel)).data
    assert isinstance(history, dict)
    assert history["messages"][0]["attachments"][0]["from_url"] == url
    from dure.channels.interaction.unfurls import unfurl_id

    named = unfurl_id(desk.bot.app, desk.channel, said.ts)
    await slack.chat_unfurl(
        unfurl_id=named, source="conversations_history", unfurls={url: {"text": "Mugs"}}, channel="", ts=""
    )
    with pytest.raises(SlackApiError, match="cannot_find_message"):
        await slack.chat_unfurl(channel=desk.channel, ts="1.000000", unfurls={url: {"text": "x"}})
    with pytest.raises(SlackApiError, match="missing_unfurls"):
        await slack.api_call("chat.unfurl", params={"channel": desk.channel, "ts": ts})


async def test_a_function_is_completed_by_its_app_through_bolt(wired: Wired) -> None:
    desk, cast = wired.desk, wired.desk.room.cast
    system = cast.governance.system(cast.tenant, "automation", "run-1")
    async with desk.room.state.begin(cast.tenant) as tx:
        started = await desk.interaction.execute_in(tx, system, "desk", "price", {"what": "mugs"})
    executed = [one for one in await desk.room.told(cast.tenant.workspace) if one.event == "Function Executed"][-1]
    async with desk.room.state.begin(cast.tenant) as tx:
        [told] = await TELLERS["Function Executed"](Telling(tx, cast.governance), executed)

    def listen(app: App) -> None:
        @app.function("price")
        def price(inputs: Any, complete: Any) -> None:
            complete({"won": len(inputs["what"]) * 1000})

    await wired.bolt("socket_mode", listen)
    envelope = {"type": "event_callback", "team_id": cast.tenant.workspace, "event": dict(told.body), "event_id": "Ev1"}
    assert (await wired.late.app.ask("", "", "interactive", envelope)).ok  # type: ignore[union-attr]
    done = (await desk.room.told(cast.tenant.workspace))[-1]
    assert (done.event, done.object, done.properties["outputs"]) == ("Function Completed", started.id, {"won": 4000})
    slack = AsyncWebClient(desk.token, base_url=f"{wired.base}/slack/api/")
    with pytest.raises(SlackApiError, match="execution_not_in_running_state"):
        await slack.functions_completeError(function_execution_id=started.id, error="late")
    with pytest.raises(SlackApiError, match="function_execution_not_found"):
        await slack.functions_completeSuccess(function_execution_id="Fx0", outputs={})
