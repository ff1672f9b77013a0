"""`admin.*` of the organisation's channels, workspaces, groups and barriers, by slack_sdk's unmodified WebClient."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels.groups.across import UserGroups
from dure.channels.slack.door import slack_router
from dure.channels.slack.methods import METHODS, SCOPES
from dure.governance.api import Principal, Role
from dure.kernel.tenant import Tenant
from dure.state import State
from tests.channels.room import open_room
from tests.channels.shared_state import shared_database, state
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

__all__ = ["shared_database", "state"]
pytestmark = pytest.mark.anyio

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


class Pictures:
    """Fills `Fetching` with one picture, one text and nothing else."""

    async def fetch(self, tenant: Tenant, url: str, seconds: float, most: int) -> bytes:
        kept = {"https://pictures.example/a.png": PICTURE, "https://pictures.example/a.txt": b"text",
                "https://pictures.example/big.png": PICTURE + b"0" * most}  # fmt: skip
        if url not in kept:
            raise OSError("nothing there")
        return kept[url][:most]


@dataclass(frozen=True)
class Grid:
    door: Door
    japan: str

    @property
    def home(self) -> str:
        return self.door.room.cast.tenant.workspace

    async def call(self, method: str, token: str = "", **arguments: Any) -> Any:
        client = self.door.client(token or self.door.room.cast.token)
        return await self.door.call(getattr(client, method.replace(".", "_")), **arguments)

    async def error(self, method: str, token: str = "", **arguments: Any) -> str:
        client = self.door.client(token or self.door.room.cast.token)
        return await self.door.error(getattr(client, method.replace(".", "_")), **arguments)


@pytest.fixture
async def grid(state: State) -> AsyncIterator[Grid]:
    room = await open_room(state)
    governance = room.cast.governance
    governance.barriers.groups.append(UserGroups(governance))
    japan = await governance.organisation.open_workspace(room.cast.mina, "Sorimaru Japan")
    app = FastAPI()
    app.include_router(slack_router(room.services(fetching=Pictures())))
    async with serving(app) as base:
        yield Grid(Door(room, base), japan.id)


async def test_a_channel_lives_through_slacks_methods(grid: Grid) -> None:
    call, error = grid.call, grid.error
    made = await call("admin.conversations.create", name="launch", is_private=False, team_id=grid.home,
                      description="출시")  # fmt: skip
    channel = made["channel_id"]
    assert await error("admin.conversations.create", name="launch", is_private=False, team_id=grid.home) == "name_taken"
    assert await error("admin.conversations.create", name="x", is_private=False) == "team_id_or_org_required"
    assert await error("admin.conversations.create", name="x", is_private=False, team_id="T0NONE") == "team_not_found"

    await call("admin.conversations.setTeams", channel_id=channel, team_id=grid.home,
               target_team_ids=[grid.home, grid.japan])  # fmt: skip
    info = (await call("conversations.info", channel=channel))["channel"]
    assert (info["is_org_shared"], info["is_global_shared"], info["is_ext_shared"], info["context_team_id"]) == (
        True, False, False, grid.home,
    )  # fmt: skip
    assert sorted(info["internal_team_ids"]) == sorted([grid.home, grid.japan])
    assert (await call("admin.conversations.getTeams", channel_id=channel, limit=1))["team_ids"] == [grid.home]
    pages = await grid.door.call(
        lambda: grid.door.client(grid.door.room.cast.token).admin_conversations_getTeams(channel_id=channel)
    )
    assert pages["response_metadata"] == {"next_cursor": ""}
    await call("admin.conversations.setTeams", channel_id=channel, org_channel=True)
    assert (await call("conversations.info", channel=channel))["channel"]["is_global_shared"]
    await call("admin.conversations.setTeams", channel_id=channel, target_team_ids=grid.home)
    assert not (await call("conversations.info", channel=channel))["channel"]["is_org_shared"]
    assert await error("admin.conversations.setTeams", channel_id=channel, target_team_ids=[grid.japan]) == (
        "cannot_move_local_channel"
    )

    await call("admin.conversations.rename", channel_id=channel, name="landed")
    await call("admin.conversations.convertToPrivate", channel_id=channel)
    assert await error("admin.conversations.convertToPrivate", channel_id=channel) == "channel_type_not_supported"
    await call("admin.conversations.restrictAccess.addGroup", channel_id=channel, group_id="function:sales",
               team_id=grid.home)  # fmt: skip
    assert (await call("admin.conversations.restrictAccess.listGroups", channel_id=channel))["group_ids"] == [
        "function:sales"
    ]
    joon = grid.door.room.cast.joon.user
    assert await error("admin.conversations.invite", channel_id=channel, user_ids=[joon]) == "restricted_action"
    await call("admin.conversations.restrictAccess.removeGroup", channel_id=channel, group_id="function:sales",
               team_id=grid.home)  # fmt: skip
    assert await error("admin.conversations.invite", channel_id=channel, user_ids=[joon, "U0NONE"]) == (
        "failed_for_some_users"
    )
    assert joon in (await call("conversations.members", channel=channel))["members"]
    await call("admin.conversations.convertToPublic", channel_id=channel)
    await call("admin.conversations.archive", channel_id=channel)
    assert await error("admin.conversations.archive", channel_id=channel) == "already_archived"
    await call("admin.conversations.unarchive", channel_id=channel)
    await call("admin.conversations.delete", channel_id=channel)
    assert await error("conversations.info", channel=channel) == "channel_not_found"
    assert await error("admin.conversations.delete", channel_id=channel) == "channel_not_found"


async def test_search_has_its_cursor_at_the_top_and_the_sdk_follows_it(grid: Grid) -> None:
    for n in range(5):
        await grid.call("admin.conversations.create", name=f"room-{n}", is_private=n % 2 == 1, team_id=grid.home)
    first = await grid.call("admin.conversations.search", query="room", limit=2, sort="name")
    assert (len(first["conversations"]), bool(first["next_cursor"])) == (2, True)
    assert "response_metadata" not in first
    client = grid.door.client(grid.door.room.cast.token)

    def all_pages(**_: Any) -> Any:
        answers = client.admin_conversations_search(query="room", limit=2, sort="name")
        names = [one["name"] for answer in answers for one in answer["conversations"]]
        return replace_data(answers, names)

    assert (await grid.door.call(all_pages)) == [f"room-{n}" for n in range(5)]
    private = await grid.call("admin.conversations.search", query="room", search_channel_types=["private"])
    assert [one["name"] for one in private["conversations"]] == ["room-1", "room-3"]
    one = private["conversations"][0]
    assert {"id", "name", "purpose", "member_count", "created", "creator_id", "is_private", "is_archived",
            "is_general", "last_activity_ts", "is_ext_shared", "is_global_shared", "is_org_default",
            "is_org_mandatory", "is_org_shared", "is_frozen", "connected_team_ids", "internal_team_ids_count",
            "internal_team_ids_sample_team", "pending_connected_team_ids",
            "is_pending_ext_shared"} <= set(one)  # fmt: skip
    for arguments, expected in (
        ({"sort": "colour"}, "invalid_sort"), ({"sort_dir": "up"}, "invalid_sort_dir"),
        ({"search_channel_types": ["odd"]}, "invalid_search_channel_type"), ({"team_ids": ["T0NO"]}, "team_not_found"),
        ({"cursor": "nonsense"}, "invalid_cursor"),
    ):  # fmt: skip
        assert await grid.error("admin.conversations.search", **arguments) == expected
    quiet = await grid.call(
        "admin.conversations.lookup", team_ids=[grid.home], last_message_activity_before=4_000_000_000,
        max_member_count=1, limit=1,
    )  # fmt: skip
    assert (len(quiet["channel_ids"]), bool(quiet["response_metadata"]["next_cursor"])) == (1, True)
    assert await grid.error("admin.conversations.lookup", team_ids=["T0NO"], last_message_activity_before=1) == (
        "no_valid_teams"
    )


def replace_data(answer: Any, data: Any) -> Any:
    """An answer of the client's that carries something else, for `Door.call`."""
    answer.data = data
    return answer


async def test_prefs_many_at_once_and_who_was_connected(grid: Grid) -> None:
    channel = (await grid.call("conversations.create", name="rules"))["channel"]["id"]
    prefs = {"who_can_post": "type:admin", "can_thread": "type:ra", "enable_at_here": {"enabled": "false"},
             "enable_at_channel": {"enabled": "false"}}  # fmt: skip
    await grid.call("admin.conversations.setConversationPrefs", channel_id=channel, prefs=prefs)
    got = (await grid.call("admin.conversations.getConversationPrefs", channel_id=channel))["prefs"]
    assert (got["who_can_post"], got["can_thread"], got["enable_at_here"]) == (
        {"type": ["admin"], "user": []}, {"type": ["ra"], "user": []}, {"enabled": False},
    )  # fmt: skip
    for wrong, expected in (
        ({"who_can_post": "type:king"}, "invalid_value"), ("{", "invalid_value"),
        ({"enable_at_here": {"enabled": "true"}}, "channel_mention_sync_required"),
    ):  # fmt: skip
        given = wrong if isinstance(wrong, str) else json.dumps(wrong)
        assert await grid.error("admin.conversations.setConversationPrefs", channel_id=channel, prefs=given) == expected
    bulk = await grid.call("admin.conversations.bulkArchive", channel_ids=[channel, "C0NONE"])
    assert bulk["bulk_action_id"].startswith("Ab")
    assert bulk["not_added"] == [{"channel_id": "C0NONE", "error": "invalid_channel"}]
    assert await grid.error("admin.conversations.bulkDelete", channel_ids=[channel]) == "action_already_in_progress"
    await grid.door.room.channels.spanning.bulks.step()
    assert (await grid.call("conversations.info", channel=channel))["channel"]["is_archived"]
    assert await grid.error("admin.conversations.bulkMove", channel_ids=[channel], target_team_id="T0NO") == (
        "team_not_found"
    )
    assert await grid.error("admin.conversations.bulkArchive", channel_ids=["C0NONE"]) == "no_valid_channels"
    assert (await grid.call("admin.conversations.ekm.listOriginalConnectedChannelInfo"))["channels"] == []


async def test_workspaces(grid: Grid) -> None:
    call, error = grid.call, grid.error
    team = (await call("admin.teams.create", team_domain="sori-paris", team_name="Sori Paris",
                       team_description="파리", team_discoverability="invite_only"))["team"]  # fmt: skip
    for arguments, expected in (
        ({"team_domain": "sori-paris", "team_name": "Other"}, "domain_taken"),
        ({"team_domain": "other", "team_name": "Sori Paris"}, "name_taken_in_org"),
        ({"team_domain": "no good!", "team_name": "Other"}, "bad_url"),
        ({"team_domain": "x", "team_name": "X", "team_discoverability": "odd"}, "discoverability_setting_invalid"),
        ({"team_domain": "", "team_name": "X"}, "must_provide_team_domain"),
    ):
        assert await error("admin.teams.create", **arguments) == expected
    listed = {one["id"]: one for one in (await call("admin.teams.list"))["teams"]}
    assert set(listed) == {grid.home, grid.japan, team}
    assert listed[team]["primary_owner"]["email"] == "mina@sorimaru.example"
    assert listed[team]["discoverability"] == "invite_only"
    mina = grid.door.room.cast.mina.user
    assert (await call("admin.teams.owners.list", team_id=team))["owner_ids"] == [mina]
    assert (await call("admin.teams.admins.list", team_id=team))["admin_ids"] == []
    await call("admin.teams.settings.setName", team_id=team, name="Sori France")
    assert await error("admin.teams.settings.setName", team_id=team, name="Sorimaru Japan") == "name_taken_in_org"
    await call("admin.teams.settings.setDescription", team_id=team, description="프랑스")
    await call("admin.teams.settings.setDiscoverability", team_id=team, discoverability="closed")
    await call("admin.teams.settings.setIcon", team_id=team, image_url="https://pictures.example/a.png")
    for url in ("https://pictures.example/a.txt", "file:///etc/passwd", "https://pictures.example/none"):
        assert await error("admin.teams.settings.setIcon", team_id=team, image_url=url) == "bad_image"
    assert await error("admin.teams.settings.setIcon", team_id=team, image_url="https://pictures.example/big.png") == (
        "too_large"
    )
    channel = (await call("conversations.create", name="welcome"))["channel"]["id"]
    await call("admin.teams.settings.setDefaultChannels", team_id=grid.home, channel_ids=[channel])
    assert await error("admin.teams.settings.setDefaultChannels", team_id=team, channel_ids=[channel]) == (
        "channel_not_found"
    )
    info = (await call("admin.teams.settings.info", team_id=grid.home))["team"]
    assert info["default_channels"] == [channel]
    other = (await call("admin.teams.settings.info", team_id=team))["team"]
    assert (other["name"], other["domain"], other["icon"]["image_default"]) == ("Sori France", "sori-paris", False)
    assert await error("admin.teams.settings.info", team_id="T0NONE") == "team_not_found"
    assert (await call("team.info", team=team))["team"]["name"] == "Sori France"  # Mina has a seat there
    assert (await call("team.info", domain="sori-paris"))["team"]["id"] == team
    assert (await call("team.info"))["team"]["id"] == grid.home
    joon = await grid.door.room.cast.governance.create_token(
        grid.door.room.cast.mina, "user", grid.door.room.cast.joon.user, ["*"]
    )
    for wanted in (team, grid.door.room.cast.rina.tenant.workspace):
        assert await error("team.info", joon, team=wanted) == "team_not_found"
    assert [one["id"] for one in (await call("auth.teams.list"))["teams"]] == [grid.home]


async def test_groups_barriers_and_emoji(grid: Grid) -> None:
    call, error, cast = grid.call, grid.error, grid.door.room.cast
    group = (await call("usergroups.create", name="Pricing"))["usergroup"]["id"]
    await call("usergroups.users.update", usergroup=group, users=[cast.joon.user])
    channel = (await call("conversations.create", name="pricing-talk"))["channel"]["id"]
    await call("admin.usergroups.addChannels", usergroup_id=group, channel_ids=[channel])
    assert cast.joon.user in (await call("conversations.members", channel=channel))["members"]
    [led] = (await call("admin.usergroups.listChannels", usergroup_id=group, include_num_members=True))["channels"]
    assert (led["id"], led["team_id"], led["num_members"]) == (channel, grid.home, 2)
    await call("admin.usergroups.addTeams", usergroup_id=group, team_ids=[grid.japan], auto_provision=True)
    there = Principal(Tenant(cast.tenant.org, grid.japan), cast.joon.user, cast.joon.role)
    assert [one.id for one in await grid.door.room.channels.colleagues.groups.listed(there)] == [group]
    assert cast.joon.user in {one.id for one in await cast.governance.users(there.tenant)}
    await call("admin.usergroups.removeChannels", usergroup_id=group, channel_ids=[channel])
    assert (await call("admin.usergroups.listChannels", usergroup_id=group))["channels"] == []
    assert await error("admin.usergroups.addTeams", usergroup_id=group, team_ids=["T0NO"]) == "invalid_team_ids"
    assert await error("admin.usergroups.listChannels", usergroup_id="S0NO") == "usergroup_not_found"

    barrier = (await call(
        "admin.barriers.create", primary_usergroup_id=group, barriered_from_usergroup_ids=["function:sales"],
        restricted_subjects=["im", "mpim", "call"],
    ))["barrier"]  # fmt: skip
    assert barrier["id"].startswith("Ba")
    assert barrier["primary_usergroup"] == {"id": group, "name": "@pricing"}
    assert barrier["restricted_subjects"] == ["im", "mpim", "call"]
    await call(
        "admin.barriers.update", barrier_id=barrier["id"], primary_usergroup_id=group,
        barriered_from_usergroup_ids=["function:press"], restricted_subjects=["im", "mpim", "call"],
    )  # fmt: skip
    [listed] = (await call("admin.barriers.list"))["barriers"]
    assert [one["id"] for one in listed["barriered_from_usergroups"]] == ["function:press"]
    for arguments, expected in (
        ({"restricted_subjects": ["im"]}, "invalid_restricted_subjects"),
        ({"primary_usergroup_id": "S0NO"}, "primary_usergroup_not_found"),
        ({"barriered_from_usergroup_ids": ["S0NO"]}, "barriered_from_usergroups_not_found"),
        ({}, "barrier_already_exists"),
    ):
        given = {"primary_usergroup_id": group, "barriered_from_usergroup_ids": ["function:press"],
                 "restricted_subjects": ["im", "mpim", "call"], **arguments}  # fmt: skip
        assert await error("admin.barriers.create", **given) == expected
    await call("admin.barriers.delete", barrier_id=barrier["id"])
    assert await error("admin.barriers.delete", barrier_id=barrier["id"]) == "barrier_not_found"

    await call("admin.emoji.add", name="dure", url="https://pictures.example/a.png")
    await call("admin.emoji.addAlias", name="crew", alias_for="dure")
    await call("admin.emoji.rename", name="dure", new_name="durae")
    shown = (await call("emoji.list"))["emoji"]
    assert (set(shown), shown["crew"]) == ({"durae", "crew"}, "alias:durae")
    assert await error("admin.emoji.add", name="odd", url="https://pictures.example/a.txt") == "error_bad_format"
    assert await error("admin.emoji.add", name="big", url="https://pictures.example/big.png") == "error_too_big"
    assert await error("admin.emoji.rename", name="durae", new_name="crew") == "error_name_taken"
    await call("admin.emoji.remove", name="durae")


OURS = sorted(
    name for name, method in METHODS.items()
    if name.startswith(("admin.conversations.", "admin.teams.", "admin.usergroups.", "admin.barriers."))
    and name != "admin.conversations.disconnectShared"
    and "CustomRetention" not in name  # a workspace's administrators say for how long, too
)  # fmt: skip


async def test_only_the_organisations_own_owners_and_administrators_with_the_scope(grid: Grid) -> None:
    """Every method: a member, a workspace's administrator, a bot, a token without the scope."""
    cast, governance = grid.door.room.cast, grid.door.room.cast.governance
    assert len(OURS) == 39
    joon = await governance.create_token(cast.mina, "user", cast.joon.user, ["*"])
    admin = await governance.create_user(cast.mina, "adm@sorimaru.example", "Adm", role=Role.ADMIN)
    local = await governance.create_token(cast.mina, "user", admin.id, ["*"])
    narrow = await governance.create_token(cast.mina, "user", cast.mina.user, ["channels:read"])
    cells = 0
    async with httpx.AsyncClient(base_url=f"{grid.door.base}/slack/api/") as http:
        for name in OURS:
            for token, expected in (
                (joon, "not_an_admin"), (local, "not_an_admin"), (cast.bot_token, "not_allowed_token_type"),
                (narrow, "missing_scope"),
            ):  # fmt: skip
                answer = (await http.post(name, headers={"authorization": f"Bearer {token}"})).json()
                assert (answer["ok"], answer["error"]) == (False, expected), (name, expected)
                cells += 1
            assert set(METHODS[name].scopes) <= set(SCOPES)
    assert cells == 4 * len(OURS)
    scoped = await governance.create_token(cast.mina, "user", cast.mina.user, ["admin.conversations:read"])
    assert (await grid.call("admin.conversations.search", scoped))["ok"]
    assert await grid.error("admin.conversations.archive", scoped, channel_id="C0NONE") == "missing_scope"
    assert await grid.error("admin.teams.list", scoped) == "missing_scope"
    # Another organisation's owner reaches nothing of this one's.
    channel = (await grid.call("conversations.create", name="ours"))["channel"]["id"]
    for name in ("archive", "delete", "getTeams", "getConversationPrefs", "convertToPrivate"):
        assert await grid.error(f"admin.conversations.{name}", cast.rival_token, channel_id=channel) == (
            "channel_not_found"
        )
    assert await grid.error("admin.teams.settings.info", cast.rival_token, team_id=grid.home) == "team_not_found"
