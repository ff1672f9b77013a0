"""What each side sees: every cell of the table is asked at the real doors, and each answer is looked through for marks.

A door that shows a kind must hold its mark where the table says whole or reduced. And whatever a door is for, no
answer may hold a mark of what the looker does not see: not one of the room, a person, their address, or a file.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest

from dure.channels.visibility import (
    DOORS,
    HOME,
    HOME_USES,
    REDUCED_PERSON,
    ROWS,
    USES,
    Kind,
    Looker,
    Sight,
    Standing,
)
from tests.channels.sides import STANDINGS, Actor, Sides, open_sides

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def sides(postgres_url: str, template: str) -> AsyncIterator[Sides]:
    async with open_sides(postgres_url, template) as made:
        yield made


Door = Callable[[Sides, Actor, Standing], Awaitable[str]]


def facing(actor: Actor) -> str:
    """The side whose people and files somebody looks at."""
    return "other" if actor.side == "host" else "host"


def channel_of(sides: Sides, actor: Actor, standing: Standing) -> str:
    place = sides.places[standing]
    return place.copy if standing == "gone" and actor.side == "other" else place.channel


async def ask(sides: Sides, actor: Actor, method: str, **given: Any) -> str:
    headers = {"authorization": f"Bearer {actor.token}"}
    answer = await sides.http.post(f"/slack/api/{method}", data=given, headers=headers)
    assert answer.status_code == 200, (method, answer.text)
    return answer.text


async def get(sides: Sides, actor: Actor, path: str, **query: Any) -> str:
    answer = await sides.http.get(path, params=query, headers={"authorization": f"Bearer {actor.token}"})
    assert answer.status_code < 500, (path, answer.text)
    return answer.text if answer.status_code < 400 else ""


def slack(method: str, **given: Any) -> Door:
    async def call(sides: Sides, actor: Actor, standing: Standing) -> str:
        place = sides.places[standing]
        known = {
            "CHANNEL": channel_of(sides, actor, standing), "TS": place.ts, "PAGE": place.page,
            "WORD": f"room-{standing}",
            "PERSON": place.people[facing(actor)].id, "MAIL": place.people[facing(actor)].email,
            "HOST": place.people["host"].id, "FILE": place.files.get(facing(actor), "F0NONE"),
            "FILEWORD": f"file-{facing(actor)}-{standing}",
        }  # fmt: skip
        filled = {name: known.get(value, value) for name, value in given.items()}
        filled |= {k: json.dumps({"contains_text": known["WORD"]}) for k, v in given.items() if v == "CRITERIA"}
        return await ask(sides, actor, method, **filled)

    return call


def own(path: str, **query: Any) -> Door:
    async def call(sides: Sides, actor: Actor, standing: Standing) -> str:
        place = sides.places[standing]
        where = path.format(channel=channel_of(sides, actor, standing), ts=place.ts)
        known = {"WORD": f"room-{standing}", "PERSON": place.people[facing(actor)].id,
                 "NAME": f"outsider-{facing(actor)}", "FILEWORD": f"file-{facing(actor)}-{standing}"}  # fmt: skip
        filled = {name: known.get(value, value)
                  for name, value in query.items()}  # fmt: skip
        return await get(sides, actor, f"/api/v1{where}", **filled)

    return call


def address(which: str) -> Door:
    """A file's own address, as it was known to whoever saw the file while the sides were connected."""

    async def call(sides: Sides, actor: Actor, standing: Standing) -> str:
        side, place = facing(actor), sides.places[standing]
        file = place.files.get(side, "F0NONE")
        team = place.people[side].workspace
        name = f"file-{side}-{standing}.png"
        path = {"bytes": f"/slack/files-pri/{team}-{file}/{name}",
                "download": f"/slack/files-pri/{team}-{file}/download/{name}",
                "thumb": f"/slack/files-tmb/{team}-{file}/x_64.png"}[which]  # fmt: skip
        answer = await sides.http.get(path, headers={"authorization": f"Bearer {actor.token}"})
        assert answer.status_code < 500, answer.text
        return f"file-{side}-{standing}" if answer.status_code == 200 and answer.content else ""

    return call


async def hears(sides: Sides, actor: Actor, standing: Standing) -> str:
    topic = f"channel:{sides.places[standing].channel}"  # of a copy nothing happens
    return f"live-{standing}" if await sides.room.channels.may_hear(actor.principal, topic) else ""


async def hears_presence(sides: Sides, actor: Actor, standing: Standing) -> str:
    topic = f"presence:{sides.places[standing].people[facing(actor)].id}"
    return f"live-{standing}" if await sides.room.channels.may_hear(actor.principal, topic) else ""


async def told(sides: Sides, actor: Actor, standing: Standing) -> str:
    """All that an app of the actor's workspace was told, where the actor is one; but for invitations, which say who
    invites to what."""
    if not actor.principal.app:
        return ""
    async with sides.room.state.begin_system() as tx:
        rows = await tx.rows(
            "select body::text from channels.delivery where workspace = %s and summary not like %s",
            (actor.principal.tenant.workspace, "shared_channel_invite_%"),
        )
    return "\n".join(row["body"] for row in rows)


CALLS: dict[str, Door] = {
    "conversations.info": slack("conversations.info", channel="CHANNEL"),
    "conversations.list": slack("conversations.list", types="public_channel,private_channel", limit=500),
    "conversations.history": slack("conversations.history", channel="CHANNEL"),
    "conversations.replies": slack("conversations.replies", channel="CHANNEL", ts="TS"),
    "conversations.members": slack("conversations.members", channel="CHANNEL"),
    "users.conversations": slack("users.conversations", types="public_channel,private_channel", limit=500),
    "users.info": slack("users.info", user="PERSON"),
    "users.profile.get": slack("users.profile.get", user="PERSON"),
    "users.getPresence": slack("users.getPresence", user="PERSON"),
    "dnd.info": slack("dnd.info", user="PERSON"),
    "users.list": slack("users.list"),
    "users.lookupByEmail": slack("users.lookupByEmail", email="MAIL"),
    "usergroups.list": slack("usergroups.list"),
    "emoji.list": slack("emoji.list"),
    "search.messages": slack("search.messages", query="WORD", count=100),
    "search.files": slack("search.files", query="FILEWORD", count=100),
    "search.all": slack("search.all", query="WORD", count=100),
    "files.info": slack("files.info", file="FILE"),
    "files.list": slack("files.list", count=200),
    "reactions.get": slack("reactions.get", channel="CHANNEL", timestamp="TS"),
    "reactions.list": slack("reactions.list", user="HOST"),
    "pins.list": slack("pins.list", channel="CHANNEL"),
    "bookmarks.list": slack("bookmarks.list", channel_id="CHANNEL"),
    "chat.getPermalink": slack("chat.getPermalink", channel="CHANNEL", message_ts="TS"),
    "canvases.sections.lookup": slack("canvases.sections.lookup", canvas_id="PAGE", criteria="CRITERIA"),
    "file bytes": address("bytes"),
    "file download": address("download"),
    "file thumbnail": address("thumb"),
    "GET /channels": own("/channels", archived="true", limit=500),
    "GET /channels/{channel}": own("/channels/{channel}"),
    "GET /channels/{channel}/messages": own("/channels/{channel}/messages"),
    "GET /channels/{channel}/messages/{ts}": own("/channels/{channel}/messages/{ts}"),
    "GET /channels/{channel}/threads/{ts}": own("/channels/{channel}/threads/{ts}"),
    "GET /channels/{channel}/members": own("/channels/{channel}/members"),
    "GET /channels/{channel}/pins": own("/channels/{channel}/pins"),
    "GET /channels/{channel}/bookmarks": own("/channels/{channel}/bookmarks"),
    "GET /channels/{channel}/files": own("/channels/{channel}/files"),
    "GET /channels/{channel}/page": own("/channels/{channel}/page"),
    "GET /channels/{channel}/page/versions": own("/channels/{channel}/page/versions"),
    "GET /channels/{channel}/responses": own("/channels/{channel}/responses"),
    "GET /threads": own("/threads"),
    "GET /search of people": own("/search", q="NAME", kind="people", cursor="0"),
    "GET /search of channels": own("/search", q="WORD", kind="channels", cursor="0"),
    "GET /search of files": own("/search", q="FILEWORD", kind="files", cursor="0"),
    "dnd.teamInfo": slack("dnd.teamInfo", users="PERSON"),
    "GET /usergroups": own("/usergroups"),
    "GET /emoji": own("/emoji"),
    "conversations.listConnectInvites": slack("conversations.listConnectInvites", count=100),
    "GET /channels/offers": own("/channels/offers"),
    "GET /channels/connections": own("/channels/connections"),
    "GET /channels/profiles": own("/channels/profiles", users="PERSON"),
    "GET /channels/people": own("/channels/people"),
    "GET /search": own("/search", q="WORD", cursor="0"),
    "socket": hears,
    "presence socket": hears_presence,
    "events api": told,
    "notices": own("/channels/notices"),
}
# Where what must be there is not the room's own mark.
_IN_LISTS = {"users.conversations", "reactions.list", "notices"}  # of those conversations that one is in
_NOT_KEPT = {"canvases.sections.lookup", "GET /channels/{channel}/page"}  # a page stays with the home
_OF_THE_HOST = {"conversations.members", "GET /channels/{channel}/members"}  # a copy's members are its own side's
# One answer for all channels.
_OF_ALL = {
    "GET /threads", "GET /usergroups", "GET /emoji", "conversations.listConnectInvites", "GET /channels/offers",
    "GET /channels/connections",
    "conversations.list", "users.conversations", "users.list", "usergroups.list", "emoji.list", "files.list",
    "GET /channels", "GET /channels/people", "events api", "notices",
}  # fmt: skip
_ONLY_LEAKS = {
    "dnd.teamInfo",
    "GET /threads",
    "GET /channels/{channel}/responses",
    "GET /channels/{channel}/page/versions",
}
_INVITATIONS = {"conversations.listConnectInvites", "GET /channels/offers", "GET /channels/connections"}
_PROGRAMS_ONLY = {"events api"}
_PEOPLE_ONLY = {
    "notices", "presence socket", "search.messages", "search.files", "search.all", "GET /search",
    "GET /search of channels", "GET /search of files",
}  # fmt: skip
_FOR_PEOPLE_MET = {"users.getPresence", "dnd.info", "GET /channels/profiles", "presence socket"}


def sight(actor: Actor, standing: Standing, kind: Kind) -> Sight:
    """What the table says; who is in one channel alone is outside the others."""
    who = actor.looker
    if who in ("member", "guest", "guest_of_one", "app", "post_only") and not actor.is_in(standing):
        who = "guest_outside"
    return (HOME if actor.side == "host" else ROWS)[who][kind][standing]


def marks(sides: Sides, actor: Actor, standing: Standing) -> dict[str, str]:
    """What may give something away: kind or a finer word → the text to look for."""
    side = facing(actor)
    return {
        "room": f"room-{standing}", "live": f"live-{standing}", "name": f"name-{side}-{standing}",
        "file": f"file-{side}-{standing}", "mail": f"mail-{side}-{standing}@", "phone": f"phone-{side}-{standing}",
        "directory": f"outsider-{side}", "group": f"group-{side}", "emoji": f"emoji-{side}",
        "colleagues": f"outsider-{actor.side}",  # of one's own side; a guest knows of those alone whom they meet
        "their name for it": f"others-{standing}" if actor.side != "other" else f"a-{standing}\"",
    }  # fmt: skip


def allowed(sides: Sides, actor: Actor, standing: Standing) -> set[str]:
    found: set[str] = set()
    if sight(actor, standing, "room") != "nothing":
        found |= {"room", "name"}
        # What is said is in the room too; the last words were said before it was archived and after it was cut.
        if standing != "gone" or actor.side == "host":
            found.add("live")
    if sight(actor, standing, "person") != "nothing":
        found.add("name")
    if sight(actor, standing, "file") != "nothing":
        found.add("file")
    if "guest" not in actor.looker:
        found.add("colleagues")
    return found


def needed(door: str, sides: Sides, actor: Actor, standing: Standing) -> str | None:
    """The text that must be in an answer, None where the table asks for none."""
    place, found = sides.places[standing], marks(sides, actor, standing)
    if (door in _PROGRAMS_ONLY and not actor.principal.app) or (door in _PEOPLE_ONLY and actor.principal.app):
        return None
    if door in _ONLY_LEAKS:
        return None
    if door in _IN_LISTS and not actor.is_in(standing):
        return None
    if door in _NOT_KEPT | _OF_THE_HOST and standing == "gone" and actor.side == "other":
        return None
    kind = DOORS[door][0]
    if sight(actor, standing, kind) == "nothing" or kind == "directory":
        return None
    if kind == "person":
        return found["name"]
    if kind == "file":
        return found["file"]
    if door in _FOR_PEOPLE_MET:
        if sight(actor, standing, "person") == "nothing":
            return None
        return {"users.getPresence": '"presence"', "dnd.info": '"dnd_enabled"', "presence socket": found["live"],
                "GET /channels/profiles": found["name"]}[door]  # fmt: skip
    if kind == "live":
        return found["live"]
    return {
        "conversations.members": place.people["host"].id,
        "GET /channels/{channel}/members": f"name-host-{standing}",
        "chat.getPermalink": "/archives/",
        "canvases.sections.lookup": '"id"',
        "reactions.get": "tada",
    }.get(door, found["room"])


def walked(actor: Actor) -> Sequence[Standing]:
    """Every standing; for who is in one channel alone that one, and another for all those that they are not in."""
    if actor.only is None:
        return STANDINGS
    return actor.only, STANDINGS[(STANDINGS.index(actor.only) + 1) % len(STANDINGS)]


async def test_every_cell_of_the_table_is_what_the_doors_show(sides: Sides) -> None:
    assert set(CALLS) == set(DOORS)
    cells, required, wrong = 0, 0, list[str]()
    for actor in sides.actors:
        once = {door: await CALLS[door](sides, actor, "open") for door in _OF_ALL}
        for standing in walked(actor):
            may = allowed(sides, actor, standing)
            for door, call in CALLS.items():
                answer = once.get(door) or await call(sides, actor, standing)
                cells += 1
                must = needed(door, sides, actor, standing)
                if must is not None:
                    required += 1
                    if must not in answer:
                        wrong.append(f"{actor.name} · {standing} · {door}: lacks {must}: {answer[:160]}")
                body = answer if "search" not in door else (
                    _without_question(answer)
                )  # fmt: skip
                here = may | (
                    {"name", "their name for it"} if door in _INVITATIONS and standing == "pending" else set()
                )
                for what, text in marks(sides, actor, standing).items():
                    if what not in here and text in body:
                        wrong.append(f"{actor.name} · {standing} · {door}: shows {what} {text}")
    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong[:60])
    assert cells == sum(len(walked(actor)) for actor in sides.actors) * len(DOORS) == (18 * 5 + 9 * 2) * 57
    assert {one.looker for one in sides.actors} == set(ROWS) - {"system", "app_outside"}
    assert required > 1400  # so often something had to be there


def _without_question(answer: str) -> str:
    """A search's answer without its question, which it repeats."""
    try:
        found = json.loads(answer)
    except ValueError:
        return answer
    for part in (found, found.get("messages"), found.get("files")):
        if isinstance(part, dict):
            for name in ("query", "unknown", "q"):
                part.pop(name, None)
    return json.dumps(found, ensure_ascii=False)


async def test_the_channel_itself_is_gone_for_who_kept_a_copy(sides: Sides) -> None:
    """Under its old id there is nothing, and nothing that was said after the end is in the copy."""
    place = sides.places["gone"]
    member = next(one for one in sides.actors if one.name == "other: member")
    for method in ("conversations.info", "conversations.history", "conversations.members", "pins.list"):
        assert "channel_not_found" in await ask(sides, member, method, channel=place.channel)
    kept = json.loads(await ask(sides, member, "conversations.history", channel=place.copy))["messages"]
    assert [one["text"] for one in kept if one["text"].startswith("room-")] == ["room-gone said"]
    assert not any("live-gone" in one["text"] for one in kept)
    info = json.loads(await ask(sides, member, "conversations.info", channel=place.copy))["channel"]
    assert (info["is_archived"], info["is_ext_shared"], info["name"]) == (True, False, "others-gone")
    assert "is_archived" in await ask(sides, member, "chat.postMessage", channel=place.copy, text="x")
    assert "restricted_action" in await ask(sides, member, "conversations.unarchive", channel=place.copy)


async def test_public_addresses_of_files_end_with_the_connection(sides: Sides) -> None:
    async with sides.room.state.begin_system() as tx:
        rows = await tx.rows("select id, public_secret from channels.file")
    secrets = {row["id"]: row["public_secret"] for row in rows}
    for standing, place in sides.places.items():
        for file in place.files.values():
            assert (secrets[file] is None) == (standing == "gone"), standing


async def test_a_person_of_another_side_is_shown_without_what_reaches_them(sides: Sides) -> None:
    member = next(one for one in sides.actors if one.name == "host: member")
    theirs = json.loads(await ask(sides, member, "users.info", user=sides.places["open"].people["other"].id))["user"]
    ours = json.loads(await ask(sides, member, "users.info", user=sides.places["open"].people["host"].id))["user"]
    assert theirs["is_stranger"] is True
    assert theirs["team_id"] == theirs["profile"]["team"] == sides.places["open"].people["other"].workspace
    shown = {name for name in REDUCED_PERSON if name in theirs or theirs["profile"].get(name)}
    assert shown == set()
    assert {"email", "phone"} <= set(ours["profile"])


async def test_every_use_of_an_app_is_what_the_table_says(sides: Sides) -> None:
    """A button of each side's app in every channel, and a command of one's own."""
    cells, wrong, done = 0, list[str](), 0
    for actor in sides.actors:
        if actor.principal.kind != "user":
            continue
        who: Looker = actor.looker
        for standing in STANDINGS:
            channel = channel_of(sides, actor, standing)
            looks = who if actor.is_in(standing) or "guest" not in who else "guest_outside"
            row = (HOME_USES if actor.side == "host" else USES)[looks]
            for side, ts in [*sides.places[standing].buttons.items(), (actor.side, "")]:
                may = row["own" if side == actor.side else "theirs"][standing]
                sides.apps.heard.clear()
                given = {"channel": channel, "ts": ts, "action_id": "go", "block_id": "b", "value": "1"}
                path = "/api/v1/interactions/actions" if ts else "/api/v1/commands"
                answer = await sides.http.post(
                    path, json=given if ts else {"command": "/weather", "channel": channel},
                    headers={"authorization": f"Bearer {actor.token}"},
                )  # fmt: skip
                cells, done = cells + 1, done + may
                assert answer.status_code < 500, answer.text
                heard = len(sides.apps.heard)
                if (answer.status_code < 400, heard) != (may, int(may)):
                    wrong.append(
                        f"{actor.name} · {standing} · {side} {'button' if ts else 'command'}: {answer.text[:90]}"
                    )
    assert not wrong, "\n".join(wrong)
    people = sum(actor.principal.kind == "user" for actor in sides.actors)
    assert cells == people * (4 * 3 + 2) == 23 * 14
    assert done > 60  # so often an app was told


async def test_another_server_knows_nobody_here(sides: Sides) -> None:
    """Whose token is not of this server's is nobody at any door."""
    nobody = Actor("other server", "third", "stranger", sides.actors[0].principal, "xoxp-not-of-here")
    for door, call in CALLS.items():
        if door in ("socket", "presence socket", "events api"):
            continue  # nothing comes by itself to who is not signed in
        for standing in STANDINGS:
            answer = await call(sides, nobody, standing)
            found = marks(sides, nobody, standing)
            assert not any(text in _without_question(answer) for text in found.values()), (door, standing)
