"""Channels of several workspaces of one organisation and of the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels import events
from dure.channels.api import Channels, Draft
from dure.channels.groups.api import members_of_groups
from dure.channels.plugs import Telling
from dure.channels.search.index import Indexer
from dure.channels.search.slices import LEVELS
from dure.channels.spanning.newcomers import Newcomers
from dure.channels.spanning.routes import router
from dure.channels.telling.registry import TELLERS
from dure.governance.api import OrgRole, Principal, Role, Workspace
from dure.kernel.errors import DureError, NotAllowed, NotFound
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state
from tests.channels.test_files import sent

__all__ = ["shared_database", "state"]
pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Org:
    """Sorimaru with two more workspaces: Mina owns all, Joon sits in the first two, Aki in Japan only."""

    room: Room
    japan: Workspace
    korea: Workspace
    aki: Principal
    joon_in_japan: Principal

    @property
    def channels(self) -> Channels:
        return self.room.channels

    @property
    def mina(self) -> Principal:
        return self.room.cast.mina

    @property
    def joon(self) -> Principal:
        return self.room.cast.joon

    @property
    def home(self) -> str:
        return self.room.cast.tenant.workspace

    async def channel(self, name: str, **more: bool) -> str:
        made = await self.channels.create(self.mina, name, **more)
        return made.id

    def there(self, who: Principal, space: Workspace) -> Principal:
        return Principal(space.tenant, who.user, Role.MEMBER, org_role=who.org_role)


@pytest.fixture
async def org(state: State) -> Org:
    room = await open_room(state)
    governance, mina = room.cast.governance, room.cast.mina
    japan = await governance.organisation.open_workspace(mina, "Sorimaru Japan")
    korea = await governance.organisation.open_workspace(mina, "Sorimaru Seoul")
    owner = Principal(japan.tenant, mina.user, Role.OWNER, org_role=OrgRole.OWNER)
    aki = await governance.create_user(owner, "aki@sorimaru.example", "Aki")
    await governance.organisation.seat(owner, room.cast.joon.user, Role.MEMBER)
    return Org(
        room, japan, korea, Principal(japan.tenant, aki.id, Role.MEMBER),
        Principal(japan.tenant, room.cast.joon.user, Role.MEMBER),
    )  # fmt: skip


async def found_by(org: Org, who: Principal, text: str) -> tuple[list[Any], int]:
    answer = await org.room.search.messages(who, text)
    return list(answer.hits), answer.total


async def code(call: object) -> str:
    with pytest.raises(DureError) as raised:
        await call  # type: ignore[misc]
    return raised.value.code


async def test_a_channel_is_given_to_workspaces_and_back_and_its_id_stays(org: Org) -> None:
    api, spanning = org.channels, org.channels.spanning
    channel = await org.channel("launch")
    await api.invite(org.mina, channel, [org.joon.user])
    said = await api.post(org.mina, channel, Draft("안녕하세요"))
    assert await code(api.info(org.aki, channel)) == "channel_not_found"

    several = await spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    assert (several.id, several.reach, len(several.connected)) == (channel, "several", 2)
    joined, _ = await api.join(org.aki, channel)
    assert (joined.name, joined.side.home, joined.is_member) == ("launch", False, True)
    page = await api.page(org.aki, channel)
    assert said.ts in {one.ts for one in page.messages}
    answer = await api.post(org.aki, channel, Draft("日本から"))
    assert (await api.message(org.joon, channel, answer.ts)).team == org.japan.id
    assert {one.user for one in await api.members(org.mina, channel)} == {org.mina.user, org.joon.user, org.aki.user}

    whole = await spanning.set_teams(org.mina, channel, whole=True)
    assert (whole.reach, {one.workspace for one in whole.connected}) == (
        "whole",
        {org.home, org.japan.id, org.korea.id},
    )
    local = await spanning.set_teams(org.mina, channel, [org.home])
    assert (local.id, local.reach, [one.workspace for one in local.connected]) == (channel, "", [org.home])
    assert await code(api.info(org.aki, channel)) == "channel_not_found"  # who left keeps nothing
    assert {one.user for one in await api.members(org.mina, channel)} == {org.mina.user, org.joon.user}
    told = [one.properties for one in await org.room.told(org.home) if one.event == events.WORKSPACES]
    assert [(one["added"], one["removed"], one["reach"]) for one in told] == [
        ([org.japan.id], [], "several"), ([org.korea.id], [], "whole"), ([], sorted([org.japan.id, org.korea.id]), ""),
    ]  # fmt: skip
    in_japan = [
        one.properties["removed"] for one in await org.room.told(org.japan.id) if one.event == events.WORKSPACES
    ]
    assert org.japan.id in in_japan[-1]  # the side that leaves hears of it, too


async def test_apps_hear_that_a_channel_is_given_and_taken(org: Org) -> None:
    channel = await org.channel("heard")
    await org.channels.spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    await org.channels.spanning.set_teams(org.mina, channel, [org.home])
    await org.channels.spanning.delete(org.mina, channel)
    heard = []
    async with org.room.state.begin_system() as tx:
        for event in await org.room.told(org.home):
            for teller in TELLERS.get(event.event, ()) if event.object == channel else ():
                heard += await teller(Telling(tx, org.room.cast.governance), event)
    told = [(one.kind, one.body.get("connected_team_id") or one.body.get("previously_connected_team_id"))
            for one in heard if one.kind != "channel_created"]  # fmt: skip
    assert told == [("channel_shared", org.japan.id), ("channel_unshared", org.japan.id), ("channel_deleted", None)]
    assert {one.body["channel"] for one in heard if one.kind.startswith("channel_") and "shared" in one.kind} == {
        channel
    }


async def test_one_person_is_one_member_from_whichever_workspace_they_look(org: Org) -> None:
    api = org.channels
    channel = await org.channel("both")
    await org.channels.spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    await api.join(org.joon, channel)
    assert (await api.info(org.joon_in_japan, channel)).is_member
    _, was_in = await api.join(org.joon_in_japan, channel)
    assert was_in
    said = await api.post(org.mina, channel, Draft(f"<@{org.joon.user}> 봐 주세요"))
    [there] = [one for one in await api.listed(org.joon_in_japan, mine=True) if one.id == channel]
    assert (there.unread, there.mentions) == (1, 1)
    await api.mark(org.joon_in_japan, channel, said.ts)
    [here] = [one for one in await api.listed(org.joon, mine=True) if one.id == channel]
    assert here.unread == 0
    # The workspace by which they sit leaves: they stay by the other one.
    await org.channels.spanning.set_teams(org.mina, channel, [org.japan.id])
    assert {one.user: one.workspace for one in await api.members(org.joon_in_japan, channel)} == {
        org.mina.user: org.japan.id, org.joon.user: org.japan.id,
    }  # fmt: skip


async def test_a_group_means_its_people_on_every_side_of_a_channel_that_spans(org: Org) -> None:
    groups, channel = org.channels.colleagues.groups, await org.channel("named")
    group = await groups.create(org.mina, "Launchers", users=[org.joon.user])
    async with org.room.state.begin_system() as tx:
        assert await members_of_groups(tx, org.japan.id, [group.id]) == {}
    await org.channels.spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    async with org.room.state.begin_system() as tx:
        assert await members_of_groups(tx, org.japan.id, [group.id]) == {group.id: {org.joon.user}}
        assert await members_of_groups(tx, org.room.cast.rina.tenant.workspace, [group.id]) == {}
    # Known in another workspace, it is still its own workspace's to change.
    await org.channels.colleagues.across.add_teams(org.mina, group.id, [org.japan.id])
    assert await code(groups.set_users(org.aki, group.id, [org.aki.user])) == "permission_denied"


async def test_a_file_is_seen_from_every_side_also_after_its_owners_side_left(org: Org) -> None:
    channel = await org.channel("files")
    await org.channels.spanning.set_teams(org.mina, channel, whole=True)
    await org.channels.join(org.aki, channel)
    file = await sent(org.room, org.aki, b"plan")
    await org.channels.post(org.aki, channel, Draft("계획", files=(file.id,)))
    in_korea = org.there(org.mina, org.korea)
    for who in (org.mina, in_korea, org.joon):
        assert (await org.room.files.info(who, file.id)).id == file.id
    await org.channels.spanning.set_teams(org.mina, channel, [org.home])
    assert (await org.room.files.info(org.joon, file.id)).id == file.id
    assert await code(org.room.files.info(in_korea, file.id)) == "file_not_found"
    other = await sent(org.room, org.joon, b"ours")
    await org.channels.join(org.joon, channel)
    await org.channels.post(org.joon, channel, Draft("우리 것", files=(other.id,)))
    assert await code(org.room.files.info(org.aki, other.id)) == "file_not_found"  # who left sees nothing new


async def test_the_home_moves_with_everything_that_was_said(org: Org) -> None:
    api = org.channels
    channel = await org.channel("moving")
    root = await api.post(org.mina, channel, Draft("커피 캠페인 시작합니다"))
    await api.post(org.mina, channel, Draft("답", thread=root.ts))
    await api.react(org.mina, channel, root.ts, "eyes")
    indexer = Indexer(org.room.state)
    while await indexer.step():
        pass
    await org.channels.spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    made = await org.channels.spanning.set_teams(org.mina, channel, [org.japan.id])
    assert (made.home.workspace, made.reach) == (org.japan.id, "")
    in_japan = org.there(org.mina, org.japan)
    page = await api.page(in_japan, channel)
    assert [one.text for one in page.messages if one.text] == ["커피 캠페인 시작합니다"]
    assert page.messages[-1].reply_count == 1
    async with org.room.state.begin_system() as tx:
        for table in ("message", "reaction", "indexed"):
            rows = await tx.rows(f"select distinct workspace from channels.{table} where channel = %s", (channel,))
            assert {row["workspace"] for row in rows} == {org.japan.id}
        for workspace, counted in ((org.home, 0), (org.japan.id, 2)):  # what search goes by moved along
            slices = "select sum(messages) from channels.indexed_slice where workspace = %s and level = %s"
            assert (await tx.value(slices, (workspace, LEVELS[0])) or 0) == counted
    found, _ = await found_by(org, in_japan, "커피")
    assert [hit.ts for hit in found] == [root.ts]
    assert (await found_by(org, org.mina, "커피"))[1] == 0
    await api.post(in_japan, channel, Draft("여기서도 씁니다"))


async def test_one_name_one_topic_one_archive_on_every_side(org: Org) -> None:
    api, spanning = org.channels, org.channels.spanning
    channel = await org.channel("together")
    await spanning.set_teams(org.mina, channel, whole=True)
    await api.join(org.aki, channel)
    await api.set_topic(org.aki, channel, "모두의 주제")
    await spanning.rename(org.mina, channel, "everywhere")
    seen = await api.info(org.aki, channel)
    assert (seen.name, seen.topic, (await api.info(org.mina, channel)).topic) == (
        "everywhere",
        "모두의 주제",
        "모두의 주제",
    )
    await api.create(org.there(org.mina, org.korea), "taken")
    assert await code(spanning.rename(org.mina, channel, "taken")) == "name_taken"
    assert (await api.info(org.mina, channel)).name == "everywhere"
    await api.archive(org.aki, channel)
    assert (await api.info(org.mina, channel)).side.archived
    assert await code(api.post(org.mina, channel, Draft("늦었다"))) == "is_archived"
    await spanning.archive(org.mina, channel, archived=False)
    assert not (await api.info(org.aki, channel)).side.archived


async def test_people_of_every_side_are_brought_in_from_any(org: Org) -> None:
    channel = await org.channel("mixed", private=True)
    await org.channels.spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    await org.channels.invite(org.mina, channel, [org.aki.user])
    assert (await org.channels.info(org.aki, channel)).is_member
    members = {one.user: one.workspace for one in await org.channels.members(org.aki, channel)}
    assert members[org.aki.user] == org.japan.id
    people = await org.channels.people_in(org.mina, await org.channels.info(org.mina, channel), set(members))
    assert {one.id for one in people} == set(members)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("local_elsewhere", "cannot_move_local_channel"), ("unknown", "invalid_target_team"),
        ("nowhere", "invalid_target_team"), ("rival", "invalid_target_team"),
        ("name", "could_not_set_teams_for_channel"),
        ("outside", "channel_type_not_supported"), ("default", "default_org_wide_channel"),
        ("direct", "channel_not_found"), ("archive_default", "default_org_wide_channel"),
        ("rivals_channel", "channel_not_found"), ("private_default", "channel_type_not_supported"),
    ],
)  # fmt: skip
async def test_what_slack_refuses(org: Org, what: str, expected: str) -> None:
    api, spanning, rina = org.channels, org.channels.spanning, org.room.cast.rina
    channel = await org.channel("refused")
    calls = {
        "local_elsewhere": lambda: spanning.set_teams(org.mina, channel, [org.japan.id]),
        "unknown": lambda: spanning.set_teams(org.mina, channel, [org.home, "T0NOBODY"]),
        "nowhere": lambda: spanning.set_teams(org.mina, channel, []),
        "rival": lambda: spanning.set_teams(org.mina, channel, [org.home, rina.tenant.workspace]),
    }
    if what == "name":
        await api.create(org.there(org.mina, org.japan), "refused")
        call = spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    elif what == "outside":
        await api.offer(org.mina, channel, rina.tenant.workspace)
        call = spanning.set_teams(org.mina, channel, whole=True)
    elif what in ("default", "archive_default"):
        await spanning.set_teams(org.mina, channel, whole=True)
        await spanning.set_standing(org.mina, channel, "mandatory")
        call = (
            spanning.set_teams(org.mina, channel, [org.home]) if what == "default" else api.archive(org.mina, channel)
        )
    elif what == "private_default":
        await spanning.set_teams(org.mina, channel, whole=True)
        await spanning.set_private(org.mina, channel, True)
        call = spanning.set_standing(org.mina, channel, "default")
    elif what == "direct":
        direct, _ = await api.open_direct(org.mina, [org.joon.user])
        call = spanning.set_teams(org.mina, direct.id, whole=True)
    elif what == "rivals_channel":
        theirs = await api.create(rina, "secret-plan")
        call = spanning.set_teams(org.mina, theirs.id, whole=True)
    else:
        call = calls[what]()
    assert await code(call) == expected


async def test_what_spans_workspaces_is_not_shared_outside(org: Org) -> None:
    channel = await org.channel("inside-only")
    await org.channels.spanning.set_teams(org.mina, channel, [org.home, org.japan.id])
    rina = org.room.cast.rina
    assert await code(org.channels.offer(org.mina, channel, rina.tenant.workspace)) == "invalid_channel_type"


async def test_a_new_workspace_has_the_whole_organisations_channels_and_newcomers_sit_in_the_default_ones(
    org: Org,
) -> None:
    api, spanning, governance = org.channels, org.channels.spanning, org.room.cast.governance
    follower = Newcomers(org.room.state, org.room.clock, governance, api)
    while await follower.step():
        pass
    news, extra, local = [await org.channel(name) for name in ("all-hands", "random", "home-default")]
    for channel in (news, extra):
        await spanning.set_teams(org.mina, channel, whole=True)
    await spanning.set_standing(org.mina, news, "mandatory")
    await spanning.set_defaults(org.mina, org.home, [local])
    assert org.room.cast.gil.user not in {one.user for one in await api.members(org.mina, news)}  # a guest
    assert {org.joon.user, org.aki.user} <= {one.user for one in await api.members(org.mina, news)}

    paris = await governance.organisation.open_workspace(org.mina, "Sorimaru Paris")
    zoe = await governance.create_user(
        Principal(paris.tenant, org.mina.user, Role.OWNER, org_role=OrgRole.OWNER), "zoe@sorimaru.example", "Zoe"
    )
    guest = await governance.create_user(org.mina, "guest@else.example", "Guest", role=Role.GUEST)
    hana = await governance.create_user(org.mina, "hana@sorimaru.example", "Hana")
    while await follower.step():
        pass
    in_paris = Principal(paris.tenant, zoe.id, Role.MEMBER)
    assert {one.name for one in await api.listed(in_paris)} == {"all-hands", "random"}
    assert [one.name for one in await api.listed(in_paris, mine=True)] == ["all-hands"]
    assert guest.id not in {one.user for one in await api.members(org.mina, news)}
    here = Principal(org.room.cast.tenant, hana.id, Role.MEMBER)
    assert {one.name for one in await api.listed(here, mine=True)} == {"all-hands", "home-default"}
    assert await code(api.leave(here, news)) == "cant_leave_general"
    assert await follower.step() == 0


async def test_only_who_looks_after_the_organisation(org: Org) -> None:
    """Nor an administrator of one of its workspaces, nor another organisation's owner."""
    channel = await org.channel("ours", private=True)
    spanning, rina = org.channels.spanning, org.room.cast.rina
    admin = Principal(org.room.cast.tenant, org.joon.user, Role.ADMIN)
    for who, refusal in ((admin, NotAllowed), (rina, NotFound)):
        for call in (
            spanning.find(who, channel), spanning.set_teams(who, channel, whole=True), spanning.archive(who, channel),
            spanning.rename(who, channel, "mine"), spanning.set_private(who, channel, False),
            spanning.delete(who, channel), spanning.set_prefs(who, channel, {}), spanning.invite(who, channel, []),
            spanning.keep_for(who, channel, "function:sales"), spanning.disconnect(who, channel),
            spanning.set_standing(who, channel, "mandatory"), spanning.set_defaults(who, org.home, [channel]),
        ):  # fmt: skip
            with pytest.raises(refusal):
                await call
    assert [one.id for one in (await spanning.search(rina))[0]] == []
    auditor = Principal(org.room.cast.tenant, org.joon.user, Role.MEMBER, org_role=OrgRole.AUDITOR)
    assert channel in {one.id for one in (await spanning.search(auditor))[0]}
    with pytest.raises(NotAllowed):
        await spanning.archive(auditor, channel)


async def test_over_http(org: Org) -> None:
    app = FastAPI()
    app.state.governance = org.room.cast.governance
    front.install(app)
    include(app, router(org.channels.spanning))
    channel = await org.channel("by-http")
    headers = {"authorization": f"Bearer {org.room.cast.token}"}
    at = f"/api/v1/organisation/channels/{channel}"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure", headers=headers) as http:
        made = (await http.put(f"{at}/workspaces", json={"workspaces": [org.home, org.japan.id]})).json()
        assert (made["reach"], set(made["workspaces"])) == ("several", {org.home, org.japan.id})
        listed = (await http.get("/api/v1/organisation/channels?query=by-http&sort=activity&descending=true")).json()
        assert [one["id"] for one in listed["channels"]] == [channel]
        assert {one["name"] for one in listed["workspaces"]} == {"sorimaru", "Sorimaru Japan", "Sorimaru Seoul"}
        for method, path, body, status in (
            ("PATCH", at, {"private": None}, 422), ("PATCH", at, {"private": True, "archived": True}, 422),
            ("PATCH", at, {"standing": "king"}, 422), ("PUT", f"{at}/workspaces", {"workspaces": []}, 404),
            ("POST", "/api/v1/organisation/bulk", {"act": "burn", "channels": [channel]}, 422),
            ("GET", "/api/v1/organisation/channels?kinds=odd", None, 422),
            ("GET", "/api/v1/organisation/channels?limit=0", None, 422),
            ("GET", "/api/v1/organisation/channels/C0NONE", None, 404),
            ("PUT", f"/api/v1/organisation/workspaces/{org.home}/default-channels", {"channels": ["C0"] * 3}, 404),
        ):  # fmt: skip
            assert (await http.request(method, path, json=body)).status_code == status, (method, path, body)
        assert (await http.put(f"{at}/prefs", content=b"{")).status_code == 422
        assert (await http.get(at)).json()["prefs"]["who_can_post"] == {"type": ["everyone"], "user": []}
        assert not (await http.get(at)).json()["private"]
        token = await org.room.cast.governance.create_token(org.mina, "user", org.joon.user, ["*"])
        for path in ("", f"/{channel}"):
            answer = await http.get(
                f"/api/v1/organisation/channels{path}", headers={"authorization": f"Bearer {token}"}
            )
            assert answer.status_code == 403


async def test_many_at_once_one_after_the_other(org: Org) -> None:
    spanning, bulks = org.channels.spanning, org.channels.spanning.bulks
    rooms = [await org.channel(f"old-{n}") for n in range(3)]
    await spanning.archive(org.mina, rooms[1])
    made, left = await bulks.begin(org.mina, "archive", [*rooms, "C0NOBODY"])
    assert (made.total, left) == (3, ["C0NOBODY"])
    assert await code(bulks.begin(org.mina, "delete", rooms)) == "action_already_in_progress"
    assert await bulks.step() == 3
    done = await bulks.find(org.mina, made.id)
    assert (done.done, dict(done.failed), done.ended_at is not None) == (3, {rooms[1]: "already_archived"}, True)
    for room in rooms:
        assert (await org.channels.info(org.mina, room)).side.archived
    moved, _ = await bulks.begin(org.mina, "move", rooms[:1], org.japan.id)
    await bulks.step()
    assert (await spanning.find(org.mina, rooms[0])).home.workspace == org.japan.id
    await bulks.begin(org.mina, "delete", rooms[:1])
    await bulks.step()
    assert await code(spanning.find(org.mina, rooms[0])) == "channel_not_found"
    assert len(await bulks.listed(org.mina)) == 3
    assert await code(bulks.find(org.room.cast.rina, moved.id)) == "bulk_action_not_found"
