"""Slack Connect at Slack's door: invited, accepted, approved by both sides, and what may go wrong between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.connect.telling import TELLERS
from dure.channels.plugs import SlackEvent, Telling
from dure.channels.slack.door import slack_router
from dure.governance.api import Principal
from dure.state import State
from tests.channels.room import Room, open_room
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    app.include_router(slack_router(room.services()))
    async with serving(app) as base:
        yield Door(room, base)


class Sides:
    """Sorimaru's bot, which invites, and the rival's bot and people, who answer."""

    def __init__(self, door: Door, theirs: str) -> None:
        self.door = door
        self.room: Room = door.room
        self.base = f"{door.base}/slack/api/"
        self.ours = AsyncWebClient(door.room.cast.bot_token, base_url=self.base)
        self.theirs = AsyncWebClient(theirs, base_url=self.base)
        self.team = door.room.cast.rina.tenant.workspace

    @classmethod
    async def at(cls, door: Door) -> Sides:
        cast = door.room.cast
        return cls(door, await cast.governance.create_token(cast.rina, "bot", "dure", ["*"]))

    async def channel(self, name: str = "shared") -> str:
        return str((await self.ours.conversations_create(name=name))["channel"]["id"])

    async def invite(self, channel: str, **to: str) -> str:
        given = to or {"user_ids": (await self.theirs.auth_test())["user_id"]}
        return str((await self.ours.conversations_inviteShared(channel=channel, **given))["invite_id"])

    async def client(self, who: Principal, user: str) -> AsyncWebClient:
        token = await self.room.cast.governance.create_token(who, "user", user, ["*"])
        return AsyncWebClient(token, base_url=self.base)


async def error(call: object) -> str:
    with pytest.raises(SlackApiError) as raised:
        await call  # type: ignore[misc]
    return str(raised.value.response["error"])


async def told(room: Room, workspace: str) -> list[SlackEvent]:
    """What apps of a workspace are told of sharing, in order."""
    found: list[SlackEvent] = []
    async with room.state.begin_system() as tx:
        for event in await room.told(workspace):
            if event.event in TELLERS:
                found += await TELLERS[event.event](Telling(tx, room.cast.governance), event)
    return found


async def test_the_flow_of_slacks_own_integration_test(door: Door) -> None:
    sides = await Sides.at(door)
    ours, theirs, room = sides.ours, sides.theirs, door.room
    assert (await ours.conversations_listConnectInvites())["invites"] == []
    channel = await sides.channel()
    invite = await sides.invite(channel)
    assert invite.startswith("I")
    [sent] = (await ours.conversations_listConnectInvites())["invites"]
    assert (sent["direction"], sent["status"], sent["channel"]["name"]) == ("outgoing", "sent", "shared")
    accepted = await theirs.conversations_acceptSharedInvite(channel_name="sorimaru", invite_id=invite)
    assert (accepted["channel_id"], accepted["implicit_approval"]) == (channel, False)
    [got] = (await theirs.conversations_listConnectInvites())["invites"]
    [acceptance] = got["acceptances"]
    assert (got["direction"], acceptance["approval_status"]) == ("incoming", "pending_approval")
    assert [one["reviewing_team"]["id"] for one in acceptance["reviews"]] == [sides.team]
    assert await error(theirs.conversations_approveSharedInvite(invite_id=invite)) == "already_approved"
    assert await error(theirs.conversations_info(channel=channel)) == "channel_not_found"
    await ours.conversations_approveSharedInvite(invite_id=invite, team_id=sides.team)
    # Invited with `external_limited`, as it is by default, their side may only write, and not by apps.
    assert await error(theirs.conversations_info(channel=channel)) == "channel_not_found"
    for action in ("downgrade", "upgrade"):
        await ours.conversations_externalInvitePermissions_set(channel=channel, target_team=sides.team, action=action)
    both = [(await side.conversations_info(channel=channel))["channel"] for side in (ours, theirs)]
    assert [one["name"] for one in both] == ["shared", "sorimaru"]
    assert all(one["is_ext_shared"] for one in both)
    await ours.conversations_archive(channel=channel)

    heard = {space: [one.kind for one in await told(room, space)] for space in (room.cast.tenant.workspace, sides.team)}
    assert heard[sides.team] == [
        "shared_channel_invite_received", "shared_channel_invite_accepted", "shared_channel_invite_approved",
    ]  # fmt: skip
    assert heard[room.cast.tenant.workspace] == heard[sides.team][1:]
    [asked] = [one for one in await told(room, sides.team) if one.kind == "shared_channel_invite_accepted"]
    assert (asked.body["approval_required"], asked.body["invite"]["id"]) == (True, invite)


async def test_two_workspaces_that_accept_at_once_one_of_them_has_it(door: Door) -> None:
    """Question 9: concurrent accept."""
    sides = await Sides.at(door)
    cast = door.room.cast
    third = await cast.governance.found("Third", "third", "rina@rival.example", name="Rina")
    channel = await sides.channel()
    invite = await sides.invite(channel, emails="rina@rival.example")
    clients = [AsyncWebClient(token, base_url=sides.base) for token in (cast.rival_token, third.user_token)]
    answers = await asyncio.gather(
        *(one.conversations_acceptSharedInvite(channel_name="ours", invite_id=invite) for one in clients),
        return_exceptions=True,
    )
    refused = [one for one in answers if isinstance(one, SlackApiError)]
    assert [str(one.response["error"]) for one in refused] == ["invite_used"]
    await sides.ours.conversations_approveSharedInvite(invite_id=invite)
    async with door.room.state.begin_system() as tx:
        states = await tx.rows("select state from channels.share where channel = %s order by state", (channel,))
    assert [row["state"] for row in states] == ["connected", "connected", "declined"]


async def test_what_was_revoked_or_has_expired_cannot_be_accepted(door: Door) -> None:
    """Question 9: accept after revoke, after expiry, after decline; disconnect while it waits for approval."""
    sides = await Sides.at(door)
    ours, theirs = sides.ours, sides.theirs
    channel = await sides.channel()

    def accept(invite: str) -> object:
        return theirs.conversations_acceptSharedInvite(channel_name="theirs", invite_id=invite)

    revoked = await sides.invite(channel)
    await ours.conversations_declineSharedInvite(invite_id=revoked)
    assert await error(accept(revoked)) == "invalid_link"
    declined = await sides.invite(channel)
    await theirs.conversations_declineSharedInvite(invite_id=declined)
    assert await error(accept(declined)) == "invalid_link"
    assert await error(theirs.conversations_declineSharedInvite(invite_id=declined)) == "approval_inactive"
    late = await sides.invite(channel)
    assert await error(sides.invite(channel)) == "connection_limit_exceeded_pending"
    door.room.clock.advance(timedelta(days=14))
    assert await error(accept(late)) == "invalid_link"
    pending = await sides.invite(channel)
    await accept(pending)  # type: ignore[misc]
    mina = await sides.client(door.room.cast.mina, door.room.cast.mina.user)
    await mina.admin_conversations_disconnectShared(channel_id=channel, leaving_team_ids=[sides.team])
    assert await error(ours.conversations_approveSharedInvite(invite_id=pending)) == "approval_inactive"
    status = {one["invite"]["id"]: one["status"] for one in (await ours.conversations_listConnectInvites())["invites"]}
    assert status == {revoked: "revoked", declined: "declined", late: "expired", pending: "revoked"}


async def test_a_side_approves_once_and_only_by_who_may(door: Door) -> None:
    """Question 9: double approve; and approval before acceptance, by a member, by a stranger."""
    sides = await Sides.at(door)
    cast, ours = door.room.cast, sides.ours
    channel = await sides.channel()
    invite = await sides.invite(channel)
    assert await error(ours.conversations_approveSharedInvite(invite_id=invite)) == "approval_inactive"
    member = await cast.governance.create_user(cast.rina, "ria@rival.example", "Ria")
    ria = await sides.client(cast.rina, member.id)
    await ria.conversations_acceptSharedInvite(channel_name="theirs", invite_id=invite)
    assert await error(ria.conversations_approveSharedInvite(invite_id=invite)) == "restricted_action"
    third = await cast.governance.found("Third", "third", "third@third.example", name="Third")
    stranger = AsyncWebClient(third.user_token, base_url=sides.base)
    assert await error(stranger.conversations_approveSharedInvite(invite_id=invite)) == "invite_not_found"
    answers = await asyncio.gather(
        *(ours.conversations_approveSharedInvite(invite_id=invite, target_team=sides.team) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in answers) == ["AsyncSlackResponse", "SlackApiError"]
    assert await error(ria.conversations_info(channel=channel)) == "channel_not_found"
    rina = await sides.client(cast.rina, cast.rina.user)
    await rina.conversations_approveSharedInvite(invite_id=invite)
    members = set((await ria.conversations_members(channel=channel))["members"])
    assert members == {member.id, (await ours.auth_test())["user_id"]}
    assert await error(rina.conversations_approveSharedInvite(invite_id=invite)) == "already_approved"


async def test_what_cannot_be_shared_or_accepted_is_refused_by_name(door: Door) -> None:
    sides = await Sides.at(door)
    cast, ours, theirs = door.room.cast, sides.ours, sides.theirs
    channel = await sides.channel()
    their_bot = (await theirs.auth_test())["user_id"]

    def invite(channel: str, **to: str) -> object:
        return ours.conversations_inviteShared(channel=channel, **to)

    bare = await door.raw("conversations.inviteShared", json={"token": cast.bot_token, "channel": channel})
    assert bare.json()["error"] == "recipients_not_specified"
    assert await error(invite(channel, emails="a@x.example,b@x.example")) == "too_many_emails"
    assert await error(invite(channel, emails="nobody")) == "invalid_email"
    assert await error(invite(channel, emails="nobody@x.example")) == "user_not_found"
    assert await error(invite(channel, user_ids=cast.joon.user)) == "user_not_found"
    assert await error(invite("C0NO", user_ids=their_bot)) == "channel_not_found"
    direct = (await ours.conversations_open(users=cast.mina.user))["channel"]["id"]
    assert await error(invite(direct, user_ids=their_bot)) == "invalid_channel_type"
    old = await sides.channel("old")
    await ours.conversations_archive(channel=old)
    assert await error(invite(old, user_ids=their_bot)) == "channel_archived"
    for_rina = await sides.invite(channel, emails="rina@rival.example")
    ria = await sides.client(cast.rina, (await cast.governance.create_user(cast.rina, "r@rival.example", "Ria")).id)
    name, one = "theirs", for_rina
    assert await error(ria.conversations_acceptSharedInvite(channel_name=name, invite_id=one)) == "email_does_not_match"
    mina = await sides.client(cast.mina, cast.mina.user)
    assert (
        await error(mina.conversations_acceptSharedInvite(channel_name=name, invite_id=one)) == "invite_from_same_org"
    )
    await theirs.conversations_create(name="taken")
    assert await error(theirs.conversations_acceptSharedInvite(channel_name="taken", invite_id=one)) == "name_taken"
    assert (
        await error(theirs.conversations_acceptSharedInvite(channel_name=name, invite_id="I0NO")) == "invite_not_found"
    )


async def test_organisations_are_listed_and_let_go(door: Door) -> None:
    sides = await Sides.at(door)
    cast, ours, theirs = door.room.cast, sides.ours, sides.theirs
    channel = await door.room.shared()
    [org] = (await ours.team_externalTeams_list())["organizations"]
    assert (org["team_id"], org["public_channel_count"]) == (cast.rina.tenant.org, 1)
    assert org["connected_workspaces"] == [{"workspace_id": sides.team, "workspace_name": "rival"}]
    rina = await sides.client(cast.rina, cast.rina.user)
    home = [cast.tenant.workspace]
    leave = {"channel_id": channel, "leaving_team_ids": home}
    assert await error(rina.admin_conversations_disconnectShared(**leave)) == "cannot_kick_team"
    mina = await sides.client(cast.mina, cast.mina.user)
    assert await error(mina.admin_conversations_disconnectShared(**leave)) == "cannot_kick_home_team"
    assert await error(mina.team_externalTeams_disconnect(target_team="T0NO")) == "team_not_found"
    await mina.team_externalTeams_disconnect(target_team=cast.rina.tenant.org)
    assert await error(theirs.conversations_info(channel=channel)) == "channel_not_found"
    assert (await ours.team_externalTeams_list())["total_count"] == 0
    assert (await door.room.told(sides.team))[-1].event == "Channel Unshared"
    assert (await mina.conversations_requestSharedInvite_list())["invite_requests"] == []


async def test_who_may_see_and_do_what_in_a_shared_channel(door: Door) -> None:
    """Question 8, of what exists now: a row is who, and what each method answers them, while shared and after."""
    sides = await Sides.at(door)
    cast, room = door.room.cast, door.room
    channel = await room.shared()
    await room.say(cast.mina, channel, "hello")
    ria = (await cast.governance.create_user(cast.rina, "ria@rival.example", "Ria")).id
    clients = {
        "host": await sides.client(cast.mina, cast.mina.user),
        "guest org": await sides.client(cast.rina, cast.rina.user),
        "colleague": await sides.client(cast.rina, ria), "our guest": await sides.client(cast.mina, cast.gil.user),
    }  # fmt: skip

    async def answers(who: str) -> list[str]:
        slack, found = clients[who], []
        for call in (
            slack.conversations_history(channel=channel), slack.conversations_members(channel=channel),
            slack.users_info(user=cast.joon.user), slack.users_lookupByEmail(email="joon@sorimaru.example"),
            slack.conversations_setTopic(channel=channel, topic=who),
            slack.conversations_rename(channel=channel, name="x"),
        ):  # fmt: skip
            try:
                await call
                found.append("ok")
            except SlackApiError as refused:
                found.append(str(refused.response["error"]))
        return found

    gone, unknown, nobody = "channel_not_found", "user_not_found", "users_not_found"
    #            history members  joon's info  by e-mail  topic             name on one's own side
    assert await answers("host") == ["ok", "ok", "ok", "ok", "ok", "ok"]
    assert await answers("guest org") == ["ok", "ok", "ok", nobody, "ok", "ok"]
    assert await answers("colleague") == ["ok", "ok", unknown, nobody, "not_in_channel", "not_in_channel"]
    assert await answers("our guest") == [gone, gone, unknown, nobody, gone, gone]
    stranger = (await clients["guest org"].users_info(user=cast.joon.user))["user"]
    assert (stranger["is_stranger"], stranger["team_id"]) == (True, cast.tenant.workspace)
    assert ("email" in stranger["profile"], stranger["profile"]["phone"]) == (False, "")
    names = [
        (await clients[who].conversations_info(channel=channel))["channel"]["name"] for who in ("host", "guest org")
    ]
    assert names == ["x", "x"]
    await room.channels.set_limited(cast.mina, channel, sides.team, True)
    invite = clients["guest org"].conversations_invite
    assert await error(invite(channel=channel, users=[ria])) == "restricted_action"
    await room.channels.set_limited(cast.mina, channel, sides.team, False)
    await invite(channel=channel, users=[ria])
    await room.channels.disconnect(cast.mina, channel, sides.team)
    # Who they met there goes on being known; what they kept is another channel, and archived.
    assert await answers("guest org") == [gone, gone, "ok", nobody, gone, gone]
    assert await answers("host") == ["ok", "ok", "ok", "ok", "ok", "ok"]
