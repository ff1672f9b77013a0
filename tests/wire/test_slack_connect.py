"""Slack Connect at Slack's door: invited, accepted, approved by both sides, and what may go wrong between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.connect.refusals import PostOnlyHost
from dure.channels.connect.telling import TELLERS
from dure.channels.plugs import SlackEvent, Telling
from dure.channels.refusals import RestrictedAction
from dure.channels.search.index import Indexer
from dure.channels.slack.door import slack_router
from dure.governance.api import Principal
from dure.state import State
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    include(app, slack_router(room.services()))
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
    assert await error(invite(channel, emails=cast.users["joon"].email)) == "user_not_found"
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
    # No guest sets a topic anywhere, whether there is such a channel or not.
    assert await answers("our guest") == [gone, gone, unknown, nobody, "user_is_restricted", gone]
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


async def test_an_invitation_waits_for_leave_where_the_rules_want_it(door: Door) -> None:
    """`conversations.requestSharedInvite.*`: nobody outside hears of it before an administrator has looked."""
    sides = await Sides.at(door)
    cast = door.room.cast
    await cast.governance.policies.set(cast.mina, "connect.gate", "admins")
    joon, mina = await sides.client(cast.mina, cast.joon.user), await sides.client(cast.mina, cast.mina.user)
    channel = str((await joon.conversations_create(name="ask-first"))["channel"]["id"])
    asked = [
        str((await joon.conversations_inviteShared(channel=one, emails="rina@rival.example"))["invite_id"])
        for one in (channel, str((await joon.conversations_create(name="ask-too"))["channel"]["id"]))
    ]
    assert await told(door.room, sides.team) == []
    assert (await sides.theirs.conversations_listConnectInvites())["invites"] == []
    [event, _] = await told(door.room, cast.tenant.workspace)
    assert (event.kind, event.body["actor"]["id"]) == ("shared_channel_invite_requested", cast.joon.user)
    assert event.body["target_users"] == [{"email": "rina@rival.example", "invite_id": asked[0]}]
    assert event.body["is_external_limited"] is True
    waiting = (await mina.conversations_requestSharedInvite_list())["invite_requests"]
    assert {one["id"] for one in waiting} == set(asked)
    assert {one["id"] for one in (await joon.conversations_requestSharedInvite_list())["invite_requests"]} == set(asked)
    assert await error(joon.conversations_requestSharedInvite_approve(invite_id=asked[0])) == "restricted_action"
    accept = sides.theirs.conversations_acceptSharedInvite
    assert await error(accept(channel_name="x", invite_id=asked[0])) == "invite_not_found"
    rina = await sides.client(cast.rina, cast.rina.user)
    for answer in (rina.conversations_requestSharedInvite_approve, rina.conversations_requestSharedInvite_deny):
        assert await error(answer(invite_id=asked[0])) == "invite_not_found"

    allowed = await mina.conversations_requestSharedInvite_approve(invite_id=asked[0], is_external_limited="false")
    assert allowed["invite_id"] == asked[0]
    assert await error(mina.conversations_requestSharedInvite_approve(invite_id=asked[0])) == "already_approved"
    await mina.conversations_requestSharedInvite_deny(invite_id=asked[1], message="not now")
    assert await error(mina.conversations_requestSharedInvite_deny(invite_id=asked[1])) == "approval_inactive"
    assert (await mina.conversations_requestSharedInvite_list())["invite_requests"] == []
    every = await mina.conversations_requestSharedInvite_list(include_approved=True, include_denied=True)
    assert {one["id"] for one in every["invite_requests"]} == set(asked)
    # Let go is approved: their acceptance connects, and they may bring people in.
    accepted = await rina.conversations_acceptSharedInvite(channel_name="asked", invite_id=asked[0])
    assert accepted["implicit_approval"] is True
    assert (await rina.conversations_info(channel=channel))["channel"]["connected_limited_team_ids"] == []
    assert [one.kind for one in await told(door.room, sides.team)] == [
        "shared_channel_invite_received", "shared_channel_invite_accepted",
    ]  # fmt: skip


async def test_each_sides_rules_say_whether_anybody_approves(door: Door) -> None:
    sides = await Sides.at(door)
    cast = door.room.cast
    ria = await cast.governance.create_user(cast.rina, "ria@rival.example", "Ria")
    member = await sides.client(cast.rina, ria.id)
    for number, (here, there, state) in enumerate(
        (("admins", "admins", "accepted"), ("none", "admins", "accepted"), ("admins", "none", "accepted"),
         ("none", "none", "connected"))
    ):  # fmt: skip
        await cast.governance.policies.set(cast.mina, "connect.approval_out", here)
        await cast.governance.policies.set(cast.rina, "connect.approval_in", there)
        channel = await sides.channel(f"rules-{number}")
        invite = await sides.invite(channel, user_ids=ria.id)
        got = await member.conversations_acceptSharedInvite(channel_name=f"rules-{number}", invite_id=invite)
        assert got["implicit_approval"] is (state == "connected"), number
        approved = [one for one, who in ((sides.ours, here), (sides.theirs, there)) if who == "admins"]
        for one in approved:
            await one.conversations_approveSharedInvite(invite_id=invite, target_team=sides.team)
        assert (await member.conversations_info(channel=channel))["channel"]["is_ext_shared"] is True


async def test_who_comes_back_has_the_channel_under_its_old_id_again(door: Door) -> None:
    """Disconnected with full rights one keeps a copy under another id; connected again it folds into the channel, with
    all that was said in between."""
    sides = await Sides.at(door)
    cast, room = door.room.cast, door.room
    channel = await room.shared("again")
    ria = Principal(cast.rina.tenant, (await cast.governance.create_user(cast.rina, "ria@rival.example", "Ria")).id,
                    cast.joon.role)  # fmt: skip
    await room.channels.invite(cast.rina, channel, [ria.user])
    await room.say(cast.mina, channel, "before")
    await room.channels.disconnect(cast.mina, channel, sides.team)
    [changed] = [one for one in await told(room, sides.team) if one.kind == "channel_id_changed"]
    copy = changed.body["new_channel_id"]
    assert changed.body["old_channel_id"] == channel
    await room.say(cast.mina, channel, "meanwhile")
    rina = await sides.client(cast.rina, cast.rina.user)
    kept = (await rina.conversations_history(channel=copy))["messages"]
    assert [one["text"] for one in kept if not one.get("subtype")] == ["before"]
    await room.channels.offer(cast.mina, channel, sides.team)
    await room.channels.accept(cast.rina, channel)
    back = [one for one in await told(room, sides.team) if one.kind == "channel_id_changed"][1]
    assert (back.body["old_channel_id"], back.body["new_channel_id"]) == (copy, channel)
    found = (await rina.conversations_info(channel=channel))["channel"]
    assert (found["name"], found["is_archived"]) == ("from-again", False)
    said = (await rina.conversations_history(channel=channel))["messages"]
    assert [one["text"] for one in said if not one.get("subtype")] == ["meanwhile", "before"]
    assert ria.user in (await rina.conversations_members(channel=channel))["members"]
    assert await error(rina.conversations_info(channel=copy)) == "channel_not_found"
    shared = [one for one in await room.told(sides.team) if one.event == "Channel Shared"]
    assert [one.properties["again"] for one in shared] == [False, True]


async def test_the_host_is_handed_over_and_never_to_who_only_writes(door: Door) -> None:
    sides = await Sides.at(door)
    cast, room = door.room.cast, door.room
    channel = await room.shared("handed")
    await room.say(cast.mina, channel, "old words")
    await room.channels.set_limited(cast.mina, channel, sides.team, True)
    with pytest.raises(PostOnlyHost):
        await room.channels.ask_transfer(cast.mina, channel, sides.team)
    await room.channels.set_limited(cast.mina, channel, sides.team, False)
    with pytest.raises(RestrictedAction):
        await room.channels.ask_transfer(cast.joon, channel, sides.team)
    await room.channels.ask_transfer(cast.mina, channel, sides.team)
    await room.channels.take_transfer(cast.rina, channel)
    rina, mina = await sides.client(cast.rina, cast.rina.user), await sides.client(cast.mina, cast.mina.user)
    assert (await rina.conversations_info(channel=channel))["channel"]["conversation_host_id"] == sides.team
    home = cast.tenant.workspace
    leave = {"channel_id": channel, "leaving_team_ids": [sides.team]}
    assert await error(mina.admin_conversations_disconnectShared(**leave)) == "cannot_kick_team"
    assert await error(rina.admin_conversations_disconnectShared(**leave)) == "cannot_kick_home_team"
    assert await error(mina.conversations_inviteShared(channel=channel, emails="x@rival.example")) in (
        "not_owner", "user_not_found",
    )  # fmt: skip
    # What is said under either home is found.
    await room.say(cast.rina, channel, "new words")
    indexer = Indexer(room.state)
    while await indexer.step():
        pass
    for who in (rina, mina):
        hits = (await who.search_messages(query="words"))["messages"]["matches"]
        assert {hit["text"] for hit in hits} == {"old words", "new words"}
    await rina.admin_conversations_disconnectShared(channel_id=channel, leaving_team_ids=[home])
    moved = [one for one in await room.told(home) if one.event == "Channel Host Transferred"]
    assert [one.properties["to_workspace"] for one in moved] == [sides.team]


async def test_where_a_side_only_writes_its_apps_do_nothing(door: Door) -> None:
    sides = await Sides.at(door)
    cast, room = door.room.cast, door.room
    channel = await room.shared("writers")
    bot = (await sides.theirs.auth_test())["user_id"]
    rina = await sides.client(cast.rina, cast.rina.user)
    await rina.conversations_invite(channel=channel, users=[bot])
    await sides.theirs.chat_postMessage(channel=channel, text="an app's word")
    await room.channels.set_limited(cast.mina, channel, sides.team, True)
    assert await error(sides.theirs.chat_postMessage(channel=channel, text="x")) == "channel_not_found"
    assert await error(sides.theirs.conversations_history(channel=channel)) == "channel_not_found"
    ria = (await cast.governance.create_user(cast.rina, "ria@rival.example", "Ria")).id
    assert await error(rina.conversations_invite(channel=channel, users=[ria])) == "restricted_action"
    colleague = await sides.client(cast.rina, ria)
    assert await error(colleague.conversations_join(channel=channel)) == "channel_not_found"
    said = await rina.chat_postMessage(channel=channel, text="a person's word")
    mina = await sides.client(cast.mina, cast.mina.user)
    # Only the sender's organisation changes and deletes.
    assert await error(mina.chat_delete(channel=channel, ts=said["ts"])) == "cant_delete_message"
    assert await error(mina.chat_update(channel=channel, ts=said["ts"], text="y")) == "cant_update_message"
    await rina.chat_delete(channel=channel, ts=said["ts"])


async def test_two_hundred_and_fifty_sides_and_no_more(door: Door) -> None:
    sides = await Sides.at(door)
    channel = await sides.channel("many")
    async with door.room.state.begin_system() as tx:
        await tx.run(
            "insert into channels.share (channel, workspace, org, home, name, private, state, changed_at)"
            " select %s, 'T' || n, 'E' || n, false, '', false, 'connected', now() from generate_series(1, 249) as n",
            (channel,),
        )
    their_bot = (await sides.theirs.auth_test())["user_id"]
    full = sides.ours.conversations_inviteShared(channel=channel, user_ids=their_bot)
    assert await error(full) == "connection_limit_exceeded"


async def test_a_private_channels_invitations_are_not_listed_to_who_is_not_in_it(door: Door) -> None:
    sides = await Sides.at(door)
    cast = door.room.cast
    mina, joon = await sides.client(cast.mina, cast.mina.user), await sides.client(cast.mina, cast.joon.user)
    secret = str((await mina.conversations_create(name="secret", is_private=True))["channel"]["id"])
    await mina.conversations_inviteShared(channel=secret, emails="rina@rival.example")
    assert (await joon.conversations_listConnectInvites())["invites"] == []
    assert [one["channel"]["id"] for one in (await mina.conversations_listConnectInvites())["invites"]] == [secret]
