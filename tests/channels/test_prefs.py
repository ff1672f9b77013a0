"""Who may write in a channel, answer in it, call everybody: the same at every way of saying something."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from dure.automation.plugs import StepCall
from dure.channels.api import Draft
from dure.channels.prefs.model import Prefs, Who, kept_of, prefs_of, read, shape
from dure.channels.refusals import RestrictedAction
from dure.channels.routes import router as channel_router
from dure.channels.slack.door import slack_router
from dure.channels.slack.incoming import incoming_router
from dure.channels.steps import steps
from dure.governance.api import Principal, Role
from dure.kernel.errors import DureError
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]
pytestmark = pytest.mark.anyio

ADMINS = {"who_can_post": {"type": ["admin"]}}
READ_ONLY = {"who_can_post": "type:admin", "can_thread": "type:admin"}
QUIET = {"enable_at_here": {"enabled": "false"}, "enable_at_channel": {"enabled": "false"}}


async def said(call: object) -> str:
    try:
        await call  # type: ignore[misc]
    except DureError as refusal:
        return refusal.code
    return "said"


async def test_every_way_of_saying_goes_by_the_rules(state: State) -> None:
    """A table: the rule, who speaks, where, and what becomes of it."""
    room = await open_room(state)
    api, mina, joon, governance = room.channels, room.cast.mina, room.cast.joon, room.cast.governance
    bot = await governance.principal(room.cast.bot_token)
    system = governance.system(room.cast.tenant, "automation", run="r1")
    channel = await room.channel(mina, joon)
    await api.invite(mina, channel, [bot.user])
    root = (await room.say(mina, channel, "처음")).ts
    read_only, thread_only = "restricted_action_read_only_channel", "restricted_action_thread_only_channel"
    no_threads = "restricted_action_non_threadable_channel"
    named = {"who_can_post": {"type": ["admin"], "user": [joon.user]}}
    bots = {"who_can_post": {"type": ["admin"], "user": [bot.user]}}
    table = [
        ({}, [("mina", "said", "said"), ("joon", "said", "said"), ("bot", "said", "said"), ("system", "said", "said")]),
        (ADMINS, [("mina", "said", "said"), ("joon", thread_only, "said"), ("bot", thread_only, "said"),
                  ("system", thread_only, "said")]),
        (READ_ONLY, [("mina", "said", "said"), ("joon", read_only, no_threads), ("bot", read_only, no_threads),
                     ("system", read_only, no_threads)]),
        (named, [("joon", "said", "said"), ("bot", thread_only, "said")]),
        (bots, [("joon", thread_only, "said"), ("bot", "said", "said"), ("system", "said", "said")]),
        ({"can_thread": {"type": ["org_admin"]}}, [("mina", "said", "said"), ("joon", "said", no_threads)]),
    ]  # fmt: skip
    who = {"mina": mina, "joon": joon, "bot": bot, "system": system}
    cells = 0
    for rules, rows in table:
        await api.set_prefs(mina, channel, {"who_can_post": None, "can_thread": None, **rules})
        for name, above, below in rows:
            actor = who[name]
            assert await said(api.post(actor, channel, Draft("말"))) == above, (rules, name)
            assert await said(api.post(actor, channel, Draft("답", thread=root))) == below, (rules, name)
            later = room.clock.now() + timedelta(hours=1)
            assert await said(api.schedule(actor, channel, Draft("나중"), later)) == above, (rules, name)
            cells += 3
    assert cells == 57
    # What was scheduled before the rule came is not said after.
    await api.set_prefs(mina, channel, {"who_can_post": None, "can_thread": None})
    one = await api.schedule(joon, channel, Draft("미뤄 둔 말"), room.clock.now() + timedelta(minutes=5))
    await api.set_prefs(mina, channel, READ_ONLY)
    room.clock.advance(timedelta(hours=2))
    await api.say_due(room.clock.now())
    assert next(kept for kept in await api.scheduled(joon) if kept.id == one.id).failed == read_only


async def test_the_doors_say_why(state: State) -> None:
    """Slack's method, Dure's own, an incoming webhook, a step of an automation: each in its own words."""
    room = await open_room(state)
    api, mina, joon, governance = room.channels, room.cast.mina, room.cast.joon, room.cast.governance
    channel = await room.channel(mina, joon)
    await api.set_prefs(mina, channel, READ_ONLY)
    token = await governance.create_token(mina, "user", joon.user, ["*"])
    [dure] = await room.apps.known(mina)
    hook, secret = await room.apps.create_webhook(mina, dure.id, channel)
    app = FastAPI()
    app.state.governance = governance
    front.install(app)
    include(app, slack_router(room.services()))
    include(app, incoming_router(room.apps))
    include(app, channel_router(api))
    read_only = "restricted_action_read_only_channel"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure") as http:
        headers = {"authorization": f"Bearer {token}"}
        slack = await http.post("/slack/api/chat.postMessage", json={"channel": channel, "text": "말"}, headers=headers)
        assert slack.json() == {"ok": False, "error": read_only}
        own = await http.post(f"/api/v1/channels/{channel}/messages", json={"text": "말"}, headers=headers)
        assert (own.status_code, own.json()["error"]["code"]) == (403, read_only)
        told = await http.get(f"/api/v1/channels/{channel}", headers=headers)
        assert told.json()["channel"]["silent"] == read_only
        address = f"/slack/services/{room.cast.tenant.workspace}/{hook.id}/{secret}"
        posted = await http.post(address, json={"text": "말"})
        assert (posted.status_code, posted.text) == (403, read_only)
    kind = next(kind for kind in steps(api, governance) if kind.name == "channels.post")
    system = governance.system(room.cast.tenant, "automation", "run-1")
    call = StepCall(room.cast.tenant, system, "run-1", "deal-room", "run-1:a:1", "d-1", room.clock.now())
    with pytest.raises(RestrictedAction):
        async with room.state.begin(room.cast.tenant) as tx:
            await kind.run(tx, call, msgspec.convert({"channel": channel, "text": "말"}, kind.inputs))


async def test_nobody_calls_the_whole_channel_where_it_is_off(state: State) -> None:
    room = await open_room(state)
    api, mina, joon = room.channels, room.cast.mina, room.cast.joon
    channel = await room.channel(mina, joon)
    await api.set_prefs(mina, channel, QUIET)
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
        {"type": "broadcast", "range": "channel"}, {"type": "text", "text": " 여러분"}]}]}]  # fmt: skip
    for draft in (Draft("<!here> 점심"), Draft("<!channel>"), Draft("<!everyone>"), Draft("", blocks=blocks)):
        assert await said(api.post(mina, channel, draft)) == "restricted_action"
    quiet = await api.post(joon, channel, Draft("점심"))
    assert await said(api.update(joon, channel, quiet.ts, Draft("<!channel> 점심"))) == "restricted_action"
    assert await said(api.update(joon, channel, quiet.ts, Draft("저녁"))) == "said"


async def test_a_channel_holds_as_many_as_it_may(state: State) -> None:
    room = await open_room(state)
    api, mina, joon = room.channels, room.cast.mina, room.cast.joon
    channel = await room.channel(mina)
    await api.set_prefs(mina, channel, {"membership_limit": {"value": 1}})
    assert await said(api.join(joon, channel)) == "member_limit_exceeded"
    assert await said(api.invite(mina, channel, [joon.user])) == "member_limit_exceeded"
    await api.set_prefs(mina, channel, {"membership_limit": 0})
    assert await said(api.join(joon, channel)) == "said"


async def test_one_rule_says_who_writes(state: State) -> None:
    """The older `posting` and these give way to each other."""
    room = await open_room(state)
    api, mina = room.channels, room.cast.mina
    channel = await room.channel(mina)
    await api.set_posting(mina, channel, "admins")
    kept = await api.set_prefs(mina, channel, QUIET)
    assert kept.prefs == Prefs(Who(("admin",)), Who(("admin",)), False, False)
    assert kept.posting == "everyone"
    back = await api.set_posting(mina, channel, "threads")
    assert (back.posting, back.prefs) == ("threads", Prefs(None, None, False, False))


async def test_only_administrators_of_the_home_set_them(state: State) -> None:
    room = await open_room(state)
    channel = await room.shared()
    with pytest.raises(RestrictedAction):
        await room.channels.set_prefs(room.cast.joon, channel, ADMINS)
    assert await said(room.channels.set_prefs(room.cast.rina, channel, ADMINS)) == "not_owner"
    await room.channels.set_prefs(room.cast.mina, channel, ADMINS)
    assert (
        await said(room.channels.post(room.cast.joon, channel, Draft("음"))) == "restricted_action_thread_only_channel"
    )
    assert room.cast.rina.role is Role.OWNER  # an administrator elsewhere


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("nonsense", "invalid_value"), ([], "invalid_value"), ({"who_can_post": {"type": ["kings"]}}, "invalid_value"),
        ({"who_can_post": {"type": "admin"}}, "invalid_value"), ({"who_can_post": {"user": [7]}}, "invalid_value"),
        ({"enable_at_here": True}, "channel_mention_sync_required"), ({"membership_limit": -1}, "invalid_value"),
        ({"enable_at_here": True, "enable_at_channel": False}, "channel_mention_sync_required"),
        ({"membership_limit": "many"}, "invalid_value"), ({"enable_at_here": "maybe"}, "invalid_value"),
        ({"can_thread": {"user": ["U1"] * 1_001}}, "invalid_value"),
    ],
)  # fmt: skip
async def test_what_are_no_prefs(given: object, expected: str) -> None:
    with pytest.raises(DureError) as raised:
        read(given)
    assert raised.value.code == expected


async def test_as_they_are_read_kept_and_shown() -> None:
    made = read('{"who_can_post": "type:admin,user:U1", "can_thread": {"type": ["ra"]}, "membership_limit": 9}')
    assert made == Prefs(Who(("admin",), ("U1",)), Who(("ra",)), True, True, 9)
    assert prefs_of(kept_of(made)) == made
    assert kept_of(Prefs()) is None
    assert shape(made)["who_can_post"] == {"type": ["admin"], "user": ["U1"]}
    guest = Principal(None, "U2", Role.GUEST)  # type: ignore[arg-type]
    assert made.against(guest, "U2", threaded=True, everybody=False) == "thread"
