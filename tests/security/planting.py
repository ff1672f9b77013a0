"""Markup in every name and text that a member, a partner, a customer or a network can fill, said at the real doors.

Each field has a label of its own, so that a screen can be asked whether *this* field was read there.
"""
# ruff: noqa: E501  a line a thing that is said

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import anyio

from tests.people_of import MONDAY_NOON
from tests.security.house import Two, filled

EVIL = "<img src=x onerror=ran=1>"
LINK = "javascript:ran=1"
LOOPS = ("ingest", "log", "people", "social", "inbox", "flags", "search")


def evil(label: str) -> str:
    """Ends an attribute, a tag and a string, and begins a picture that runs something where it is taken for markup."""
    return f"\"'>{EVIL}{label}."


def both(label: str) -> dict[str, str]:
    return {"ko": evil(label), "en": evil(label)}


_QUESTION = {"kind": "trend", "series": [{"event": "Song Played"}]}
_DESIGN = {
    "name": both("experiment"), "hypothesis": both("hypothesis"),
    "arms": [{"name": "control", "share": 0.5, "title": both("arm")}, {"name": "other", "share": 0.5}],
    "metrics": [{"role": "goal", "kind": "conversion", "event": {"event": evil("event")}, "window": "1d",
                 "name": both("goal")}],
}  # fmt: skip
_DEMAND = {
    "question": both("demand"), "people": "distinct_id\nu-1\n", "channel": "email",
    "text": {one: {"subject": evil("demand-subject"), "body": evil("demand-body") + "\n\n{{ door }}"} for one in ("ko", "en")},
    "door": both("demand-door"), "goal": {"event": evil("event")}, "window": "1d",
}  # fmt: skip
_MANIFEST = {
    "display_information": {"name": evil("a")[:35], "description": evil("app-about")},
    "features": {
        "bot_user": {"display_name": "evilbot"},
        "slash_commands": [{"command": "/evil", "description": evil("command"), "usage_hint": evil("hint")}],
        "shortcuts": [{"type": "global", "name": "x", "callback_id": "evil", "description": evil("shortcut")}],
    },
    "settings": {"socket_mode_enabled": True},
    "oauth_config": {"redirect_urls": ["https://desk.example/back"], "scopes": {"bot": ["chat:write", "commands"]}},
}  # fmt: skip
_WEEK = [[["09:00", "18:00"]]] * 5 + [[], []]
_SHEET = base64.b64encode(b"'<img src=x onerror=ran=1>column.,Name\nx,y\n").decode()
_LATER = (MONDAY_NOON + timedelta(days=3)).isoformat()

# Key under which its id is known, method, address, body. `{key}` is the id of something said before it.
PLANTED: list[tuple[str, str, str, Any]] = [
    ("evil_user", "POST", "users", {"email": "evil@sorimaru.example", "name": evil("user"), "title": evil("user-title")}),
    ("", "POST", "tokens", {"kind": "bot", "holder": evil("token"), "scopes": ["*"]}),
    ("", "POST", "opening-hours", {"name": evil("hours"), "zone": "Asia/Seoul", "week": _WEEK, "days": [
        {"date": "2026-12-25", "name": evil("holiday"), "spans": []}]}),
    ("", "POST", "workspaces", {"name": evil("workspace")}),
    ("", "POST", "roles", {"name": evil("role"), "description": evil("role-about"), "rights": ["deals:read"]}),
    ("", "POST", "organisation/invite-requests", {"email": "w@evil.example", "name": evil("wanted"), "reason": evil("why")}),
    ("", "POST", "invitations", {"email": "i@evil.example", "name": evil("invited")}),
    ("", "POST", "signin/providers", {"name": evil("provider"), "kind": "openid", "issuer": "https://id.evil.example",
                                      "client_id": evil("client"), "secret": "s", "domains": ["evil.example"], "workspace": "{workspace}"}),
    ("evil_group", "POST", "usergroups", {"name": evil("group"), "handle": "evil-group", "description": evil("group-about"),
                                          "users": ["{mina}"]}),
    ("", "POST", "organisation/barriers", {"primary": "{evil_group}", "groups": ["{group}"], "subjects": ["im", "mpim", "call"]}),
    ("evil_source", "POST", "sources", {"name": evil("source")}),
    ("", "PUT", "tracking-plan/event", {"event": evil("planned"), "schema": {"type": "object"}, "description": evil("plan")}),
    ("", "PUT", "privacy", {"keep_address": False, "rules": [{"name": "secret*", "do": "drop", "where": "both"}]}),
    ("", "POST", "exports", {"name": evil("storage"), "kind": "folder", "path": "{folder}"}),
    ("evil_account", "POST", "accounts", {"name": evil("account"), "industry": evil("industry"), "website": "https://evil.example/",
                                          "description": evil("account-about")}),
    ("", "POST", "accounts", {"name": evil("account"), "website": "https://evil.example/"}),
    ("evil_contact", "POST", "contacts", {"last_name": evil("contact"), "title": evil("contact-title"), "account": "{evil_account}"}),
    ("", "POST", "leads", {"last_name": evil("lead"), "company": evil("company")}),
    ("", "POST", "products", {"name": evil("product"), "family": evil("family")}),
    ("evil_deal", "POST", "deals", {"name": evil("deal"), "amount": 100, "currency": "KRW", "close_date": "2026-12-30",
                       "account": "{evil_account}", "next_step": evil("next"), "description": evil("deal-about")}),
    ("", "POST", "tasks", {"subject": evil("task"), "about": "{evil_deal}", "description": evil("task-about")}),
    ("", "POST", "meetings", {"subject": evil("meeting"), "about": "{evil_deal}", "starts_at": _LATER, "ends_at": _LATER}),
    ("", "POST", "notes", {"about": "{evil_deal}", "title": evil("note"), "text": evil("note-text")}),
    ("", "POST", "deal-imports", {"files": [{"name": evil("sheet") + "csv", "body": _SHEET}]}),
    ("", "POST", "pipelines", {"key": "evil", "name_ko": evil("pipeline"), "name_en": evil("pipeline"), "stages": [
        {"key": "a", "probability": 10, "name_ko": evil("stage"), "name_en": evil("stage")},
        {"key": "w", "probability": 100, "outcome": "won", "name_ko": evil("won"), "name_en": evil("won")},
        {"key": "l", "probability": 0, "outcome": "lost", "name_ko": evil("lost"), "name_en": evil("lost")}]}),
    ("", "POST", "record-fields/deal", {"name": "evil", "type": "text", "label_ko": evil("label"), "label_en": evil("label")}),
    ("", "POST", "record-views", {"object": "deal", "name": evil("view"), "shared": True}),
    ("evil_order", "POST", "orders", {"name": evil("order"), "advertiser": evil("advertiser"), "account_name": evil("buyer")}),
    ("evil_item", "POST", "line-items", {"name": evil("line"), "goal": 1000, "start_day": "2026-11-01", "end_day": "2026-12-30",
        "account_name": evil("line-account"), "format": evil("format"), "targeting": evil("targeting"), "order": "{evil_order}"}),
    ("", "POST", "line-items/{evil_item}/creatives", {"name": evil("creative"), "kind": "display"}),
    ("", "POST", "line-items/{evil_item}/makegoods", {"units": 10, "start_day": "2026-12-01", "end_day": "2026-12-30",
                                                      "reason": evil("makegood")}),
    ("evil_segment", "POST", "segments", {"name": evil("segment"), "about": evil("segment-about"),
                             "rule": {"kind": "did", "event": evil("event"), "at_least": 1}}),
    ("evil_handover", "POST", "segments/{evil_segment}/hand-over", {"to": "marketing", "purpose": evil("purpose"),
                                                                     "control_share": 0}),
    ("evil_score", "POST", "scores", {"name": evil("score"), "settings": {"kind": "churn"}}),
    ("evil_experiment", "POST", "experiments", {"design": _DESIGN}),
    ("", "POST", "flags", {"key": "evil-flag", "design": {"name": both("flag")}}),
    ("", "POST", "mentions", {"network": "app_store", "text": evil("mention"), "author": evil("author"), "id": "e1",
        "external_id": "e1", "posted_at": "2026-11-23T00:00:00Z", "url": LINK, "handle": evil("handle"), "title": evil("mention-title")}),
    ("evil_mention", "GET", "mentions", None),
    ("evil_idea", "POST", "ideas", {"title": evil("idea"), "about": evil("idea-about"), "topic": "app"}),
    ("", "POST", "ideas/{evil_idea}/askings", {"said": evil("asked"), "source": "hand", "ref": "r1"}),
    ("evil_conversation", "POST", "conversations", {"mention": "{evil_mention}"}),
    ("", "POST", "conversations/{evil_conversation}/notes", {"text": evil("inbox-note")}),
    ("", "POST", "saved-replies", {"shortcut": "evil", "title": evil("saved"), "text": evil("saved-text")}),
    ("", "PUT", "response-policies", {"policies": [{"id": "evil", "name": evil("policy"), "teams": ["care"], "first": 60,
                                                    "next": 60, "resolve": 600}], "version": 0}),
    ("evil_story", "POST", "advocacy/stories", {"title": evil("story"), "about": evil("story-about"), "url": "https://evil.example/",
        "texts": [{"language": "ko", "text": evil("story-text")}], "networks": ["x"]}),
    ("evil_post", "POST", "publishing/posts", {"content": {"title": evil("post"), "text": evil("post-text")}, "due_at": _LATER}),
    ("", "POST", "publishing/posts/{evil_post}/comments", {"text": evil("post-comment")}),
    ("evil_feed", "POST", "social-sources", {"connector": "files", "name": evil("feed")}),
    ("", "POST", "listened-names", {"kind": "brand", "name": evil("brand"), "aliases": [evil("alias")]}),
    ("", "POST", "listening/queries", {"name": f"{EVIL}query.", "text": "evil"}),
    ("", "PUT", "mention-rules", {"rules": [{"function": "care", "words": [evil("word")], "channel": "{channel}"}]}),
    ("", "POST", "playgrounds", {"name": evil("playground")}),
    ("evil_campaign", "POST", "campaigns", {"ready": "tried-and-left", "name": evil("campaign")}),
    ("", "POST", "campaigns/{evil_campaign}/approval", {"note": evil("approval")}),
    ("", "POST", "items", {"items": [{"id": "b-1", "title": both("item"), "genre": evil("genre"), "url": "https://s.example/1"}]}),
    ("evil_demand", "POST", "demand-tests", _DEMAND),
    ("evil_automation", "POST", "automations", {"name": evil("automation"), "note": evil("version"), "definition": {
        "trigger": {"event": evil("event"), "zone": "Asia/Seoul"}, "nodes": [
            {"id": "say", "kind": "channels.post", "title": evil("node"),
             "with": {"channel": "{channel}", "text": evil("step")}}]}}),
    ("", "POST", "automations/pause", {"reason": evil("pause")}),
    ("", "POST", "sending/stop", {"reason": evil("stop")}),
    ("", "POST", "metrics", {"id": "evil-metric", "name_ko": evil("metric"), "name_en": evil("metric"),
                             "about_ko": evil("metric-about"), "about_en": evil("metric-about"), "question": _QUESTION}),
    ("", "POST", "boards", {"id": "evil-board", "name_ko": evil("board"), "name_en": evil("board"), "tiles": [
        {"metric": "evil-metric", "title_ko": evil("tile"), "title_en": evil("tile")}]}),
    ("", "POST", "boards/evil-board/views", {"name": evil("board-view"), "bar": {}, "shared": True}),
    ("", "POST", "annotations", {"at": "2026-11-20", "text": evil("annotation")}),
    ("", "POST", "metric-alerts", {"metric": "evil-metric", "kind": "above", "threshold": 3, "name": evil("alert")}),
    ("", "POST", "journeys", {"id": "evil-journey", "name_ko": evil("journey"), "name_en": evil("journey"), "stages": [
        {"id": name, "name_ko": evil(f"way-{name}"), "name_en": evil(f"way-{name}"), "rule": {"event": "Song Played"}}
        for name in ("one", "two")]}),
    ("", "POST", "trees", {"id": "evil-tree", "name_ko": evil("tree"), "name_en": evil("tree"), "root": "top", "edges": [],
                           "nodes": [{"id": "top", "metric": "evil-metric"}]}),
    ("evil_room", "POST", "channels", {"name": "evil-room", "purpose": evil("room-purpose"), "topic": evil("room-topic")}),
    ("evil_message", "POST", "channels/{evil_room}/messages", {"text": f"{evil('message')} [x]({LINK}) <{LINK}|y>"}),
    ("", "POST", "channels/{evil_room}/messages", {"text": "b", "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{evil('block')} <{LINK}|z>"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": evil("context")}]},
        {"type": "header", "text": {"type": "plain_text", "text": evil("header")}}]}),
    ("", "POST", "channels/{evil_room}/messages", {"text": evil("reply"), "thread_ts": "{evil_message}"}),
    ("", "POST", "channels/{evil_room}/bookmarks", {"title": evil("bookmark"), "link": "https://evil.example/"}),
    ("", "PUT", "channels/{evil_room}/page", {"title": evil("page"), "body": f"# {evil('page-head')}\n[x]({LINK})", "version": 0}),
    ("", "PUT", "channels/{evil_room}/charter", {"purpose": evil("charter"), "version": 0, "places": [{"what": evil("goes")}],
                                                 "belongs": [{"user": "{mina}", "reason": evil("belongs")}]}),
    ("", "POST", "channels/{evil_room}/agenda", {"text": evil("agenda")}),
    ("", "PUT", "channels/{evil_room}/customer", {"account": "{evil_account}", "topic": "deal"}),
    ("", "POST", "channels/{evil_room}/scheduled", {"post_at": _LATER, "text": evil("scheduled")}),
    ("", "PUT", "channels/{evil_room}/draft", {"text": evil("draft"), "base": 0}),
    ("", "POST", "channels/reminders", {"text": evil("reminder"), "time": "in 2 hours"}),
    ("", "PUT", "sidebar", {"sections": [{"id": "own-evil", "name": evil("section"), "rooms": ["{evil_room}"]}], "base": 0}),
    ("evil_guard", "POST", "guards", {"name": evil("guard"), "words": [evil("forbidden"), "onlyhere"], "action": "keep"}),
    ("", "POST", "channels/{evil_room}/messages", {"text": f"onlyhere {evil('guarded')}"}),
    ("", "POST", "holds", {"name": evil("hold"), "note": evil("hold-note"), "channels": ["{evil_room}"]}),
    ("", "POST", "takeouts", {"kind": "compliance", "channels": ["{evil_room}"]}),
    ("", "POST", "forms", {"id": "evil-form", "title": evil("form"), "about": evil("form-about"), "fields": [
        {"name": "why", "title": evil("field"), "about": evil("help")}]}),
    ("", "POST", "forms/evil-form/answers", {"values": {"why": evil("answer")}}),
    ("evil_app", "POST", "apps", {"manifest": _MANIFEST}),
]  # fmt: skip


@asynccontextmanager
async def running(two: Two, *names: str) -> AsyncIterator[None]:
    """Some of the house's loops, for as long as the block."""
    async with anyio.create_task_group() as group:
        for name in names:
            group.start_soon(two.house.loops[name])
        yield
        group.cancel_scope.cancel()


async def plant(two: Two) -> dict[str, str]:
    """Says all of it, and what customers and partners say besides; what was refused, by address."""
    two.made |= {
        "mina": two.cast.mina.user, "workspace": two.cast.tenant.workspace, "folder": str(two.house.settings.data / "out"),
    }  # fmt: skip
    refused = {}
    for key, method, path, body in PLANTED:
        answer = await two.ask(two.cast.token, method, f"/api/v1/{filled(path, two.made)}", filled(body, two.made))
        if answer.status_code >= 300:
            refused[f"{method} {path}"] = f"{answer.status_code} {answer.text[:200]}"
        elif key:
            two.made[key] = _id(answer.json(), EVIL if method == "GET" else "")
        if key == "evil_source" and answer.status_code < 300:
            await _from_outside(two, answer.json())
    await _from_partner(two)
    await _from_colleague(two)
    return refused


async def _from_partner(two: Two) -> None:
    """Another organisation calls itself so, and offers a channel."""
    partner = await two.house.governance.found(evil("partner"), "evil", "eve@evil.example", name=evil("eve"))
    made = await two.ask(partner.user_token, "POST", "/api/v1/channels", {"name": "evil-shared"})
    offered = await two.ask(
        partner.user_token, "POST", f"/api/v1/channels/{_id(made.json())}/shares",
        {"workspace": two.cast.tenant.workspace},
    )  # fmt: skip
    assert offered.is_success, offered.text


async def _from_colleague(two: Two) -> None:
    """Somebody is spoken to, and what was said is found."""
    room, joon = two.made["evil_room"], two.cast.joon
    token = await two.house.governance.create_token(two.cast.mina, "user", joon.user, ["*"])
    await two.ask(token, "POST", f"/api/v1/channels/{room}/join")
    address, words = f"/api/v1/channels/{room}/messages", {"text": f"<@{two.made['mina']}> {evil('spoken')}"}
    async with running(two, "search", "notices"):
        for path in ("channels/notices", "search?q=spoken"):
            for _ in range(40):  # who follows begins at what comes after it
                ts = _id((await two.ask(token, "POST", address, words)).json())
                with anyio.move_on_after(1.5):
                    while ts not in (answer := await two.ask(two.cast.token, "GET", f"/api/v1/{path}")).text:  # noqa: ASYNC110
                        await anyio.sleep(0.05)
                    break
            else:
                raise AssertionError(f"{path}: {answer.text[:400]}")


async def _from_outside(two: Two, source: dict[str, Any]) -> None:
    """What a customer's browser sends: names and properties of events, traits, an account."""
    key = source.get("write_key") or source.get("source", {}).get("write_key")
    async with running(two, *LOOPS):
        for kind, body in (
            ("identify", {"userId": "u-1", "traits": {"name": evil("person"), evil("trait"): evil("trait-value"),
                                                      "email": "u1@evil.example"}}),
            ("group", {"userId": "u-1", "groupId": "g-1", "traits": {"name": evil("customer"), "plan": evil("plan-trait")}}),
            ("track", {"userId": "u-1", "event": evil("event"), "properties": {evil("property"): evil("value")}}),
            ("track", {"userId": "u-1", "event": "Song Played", "properties": {"song": evil("song")}}),
            ("track", {"event": evil("rejected")}),
        ):  # fmt: skip
            answer = await two.http.post(f"/v1/{kind}", json={"writeKey": key, **body})
            assert answer.status_code < 500, answer.text
        with anyio.fail_after(60):
            while "person." not in (await two.ask(two.cast.token, "GET", "/api/v1/people/u-1")).text:  # noqa: ASYNC110
                await anyio.sleep(0.05)
        await two.house.settle_log()


def _id(told: Any, holding: str = "") -> str:
    """The first id of what was answered; of a list, that of the first that holds a text."""
    if isinstance(told, dict):
        for name in ("ts", "id", "key"):
            if told.get(name):
                return str(told[name])
        return next((found for value in told.values() if (found := _id(value, holding))), "")
    if isinstance(told, list):
        return next((found for one in told if holding in json.dumps(one) and (found := _id(one))), "")
    return ""
