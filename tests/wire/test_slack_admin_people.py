"""`admin.*` by Slack's own client, unmodified: people, sessions, custom roles, requests to invite, apps, ways in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from dure.channels.places import ChannelPlaces
from dure.channels.slack.door import slack_router
from dure.governance.api import OrgRole, Principal, Role
from dure.kernel.errors import NotAllowed, NotSignedIn
from dure.state import State
from dure.web.routing import include
from tests.channels.room import open_room
from tests.channels.shared_state import shared_database, state  # noqa: F401  one house for the file
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def door(state: State) -> AsyncIterator[Door]:  # noqa: F811
    room = await open_room(state)
    room.cast.governance.seats.places = ChannelPlaces(room.channels)
    app = FastAPI()
    include(app, slack_router(room.services()))
    async with serving(app) as base:
        yield Door(room, base)


async def user_of(door: Door, email: str) -> dict[str, object]:
    listed = await door.call(door.client(door.room.cast.token).admin_users_list)
    return next(one for one in listed["users"] if one["email"] == email)


async def test_a_guest_of_one_channel_is_invited_to_it_and_to_no_other(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack, team = door.client(cast.token), cast.tenant.workspace
    one, other = await room.channel(cast.mina), await room.channel(cast.mina)
    until = room.clock.now() + timedelta(days=3)
    invite = {"team_id": team, "email": "solo@partner.example", "real_name": "Solo", "is_ultra_restricted": True}
    assert await door.error(slack.admin_users_invite, **invite, channel_ids=[]) == "failed_to_validate_channels"
    assert await door.error(slack.admin_users_invite, **invite, channel_ids=["C0NOWHERE00"]) == (
        "failed_to_validate_channels"
    )
    assert await door.error(slack.admin_users_invite, **invite, channel_ids=[one, other]) == (
        "failed_to_validate_channels"
    )
    await door.call(slack.admin_users_invite, **invite, channel_ids=[one], guest_expiration_ts=str(until.timestamp()))
    assert await door.error(slack.admin_users_invite, **invite, channel_ids=[one]) == "already_in_team"
    found = await user_of(door, "solo@partner.example")
    assert (found["is_restricted"], found["is_ultra_restricted"]) == (True, True)
    assert (found["expiration_ts"], found["workspaces"]) == (int(until.timestamp()), [team])
    solo = str(found["id"])
    assert (await door.call(slack.users_info, user=solo))["user"]["is_ultra_restricted"] is True
    assert await door.error(slack.conversations_invite, channel=other, users=[solo]) == "ura_max_channels"
    assert await door.error(slack.conversations_join, channel="C0NOWHERE00") == "channel_not_found"
    assert set((await door.call(slack.conversations_members, channel=one))["members"]) == {cast.mina.user, solo}

    token = await cast.governance.create_token(cast.mina, "user", solo, ["*"])
    guest = door.client(token)
    assert {one["id"] for one in (await door.call(guest.users_list))["members"]} == {cast.mina.user, solo}
    assert await door.error(guest.users_info, user=cast.joon.user) == "user_not_found"
    assert await door.error(guest.users_lookupByEmail, email="joon@sorimaru.example") == "users_not_found"
    assert await door.error(guest.conversations_open, users=[cast.joon.user]) == "user_not_found"
    assert (await door.call(guest.conversations_open, users=[cast.mina.user]))["channel"]["id"]
    assert await door.error(guest.conversations_join, channel=other) == "channel_not_found"
    assert await door.error(guest.admin_users_list) == "not_an_admin"


async def test_a_guests_time_is_set_read_and_ends_everything(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack, team, seats = door.client(cast.token), cast.tenant.workspace, cast.governance.seats
    one, other = await room.channel(cast.mina), await room.channel(cast.mina)
    await door.call(slack.admin_users_invite, team_id=team, email="many@partner.example", channel_ids=[one, other],
                    is_restricted=True)  # fmt: skip
    many = str((await user_of(door, "many@partner.example"))["id"])
    gone = int((room.clock.now() + timedelta(hours=1)).timestamp())
    assert await door.error(slack.admin_users_setExpiration, team_id=team, user_id=cast.joon.user,
                            expiration_ts=gone) == "user_is_not_a_guest"  # fmt: skip
    assert await door.error(slack.admin_users_setExpiration, team_id=team, user_id=many, expiration_ts=1) == (
        "failed_to_validate_expiration"
    )
    await door.call(slack.admin_users_setExpiration, team_id=team, user_id=many, expiration_ts=gone)
    said = (await door.call(slack.api_call, api_method="admin.users.getExpiration", params={"user_id": many}))["user"]
    assert (said["expiration_ts"], said["is_restricted"]) == (gone, True)
    token = await cast.governance.create_token(cast.mina, "user", many, ["*"])
    session = await cast.governance.follow_link(await cast.governance.sign_in_link(cast.mina, many))
    assert (await cast.governance.session(session)).guest == "multi"

    room.clock.advance(timedelta(hours=1))
    for ended in (cast.governance.principal(token), cast.governance.session(session)):
        with pytest.raises(NotSignedIn):
            await ended
    assert await seats.tick() == 1
    assert await seats.tick() == 0
    told = [event for event in await room.told_by("governance") if event.event == "Guest Expired"]
    assert [event.object for event in told] == [many]
    assert await door.error(door.client(token).auth_test) in ("account_inactive", "token_revoked")
    later = int((room.clock.now() + timedelta(days=1)).timestamp())
    await door.call(slack.admin_users_setExpiration, team_id=team, user_id=many, expiration_ts=later)
    back = await user_of(door, "many@partner.example")
    assert (back["is_active"], back["expiration_ts"]) == (True, later)
    with pytest.raises(NotSignedIn):
        await cast.governance.principal(token)


async def test_roles_in_a_workspace_are_set_and_one_owner_stays(door: Door) -> None:
    cast = door.room.cast
    slack, team = door.client(cast.token), cast.tenant.workspace
    lee = await cast.governance.create_user(cast.mina, "lee@sorimaru.example", "Lee")
    await door.call(slack.admin_users_setAdmin, team_id=team, user_id=lee.id)
    assert (await user_of(door, "lee@sorimaru.example"))["is_admin"] is True
    await door.call(slack.admin_users_setOwner, team_id=team, user_id=lee.id)
    await door.call(slack.admin_users_setRegular, team_id=team, user_id=lee.id)
    assert await door.error(slack.admin_users_setRegular, team_id=team, user_id=cast.mina.user) == (
        "cannot_modify_primary_owner"
    )
    assert await door.error(slack.admin_users_setAdmin, team_id="T0NOWHERE00", user_id=lee.id) == "team_not_found"
    assert await door.error(slack.admin_users_setAdmin, team_id=team, user_id="U0NOBODY000") == "user_not_found"
    rina = door.client(cast.rival_token)
    assert await door.error(rina.admin_users_setAdmin, team_id=team, user_id=lee.id) == "team_not_found"
    assert lee.id not in {one["id"] for one in (await door.call(rina.admin_users_list))["users"]}
    await door.call(slack.admin_users_remove, team_id=team, user_id=lee.id)
    assert await door.error(slack.admin_users_remove, team_id=team, user_id=lee.id) == "user_already_deleted"


async def test_somebody_is_assigned_to_a_workspace_where_the_administrator_has_no_seat(door: Door) -> None:
    cast = door.room.cast
    owner = Principal(cast.tenant, cast.mina.user, Role.OWNER, org_role=OrgRole.OWNER)
    there = await cast.governance.organisation.open_workspace(owner, "Sorimaru Japan")
    yun = await cast.governance.create_user(cast.mina, "yun@sorimaru.example", "Yun", role=Role.ADMIN)
    await cast.governance.organisation.set_role(cast.mina, yun.id, OrgRole.ADMIN)
    slack = door.client(await cast.governance.create_token(cast.mina, "user", yun.id, ["admin.users:write"]))
    await door.call(slack.admin_users_assign, team_id=there.id, user_id=cast.joon.user)
    assert await door.error(slack.admin_users_assign, team_id=there.id, user_id=cast.joon.user) == (
        "user_already_team_member"
    )
    assert await door.error(slack.admin_users_setOwner, team_id=there.id, user_id=cast.joon.user) == (
        "invalid_permissions"
    )
    assert await door.error(slack.admin_users_list) == "missing_scope"


async def test_custom_roles_are_given_taken_and_never_beyond_the_giver(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack, team, custom = door.client(cast.token), cast.tenant.workspace, cast.governance.custom_roles
    channel = await room.channel(cast.mina, cast.gil)
    role = await custom.make(cast.mina, "Host", "keeps a channel", ["channel:manage", "channel:invite"])
    wide = await custom.make(cast.mina, "Analyst", "", ["deals:read"])
    given = await door.call(slack.admin_roles_addAssignments, role_id=role.id, entity_ids=[channel],
                            user_ids=[cast.gil.user])  # fmt: skip
    assert given["ok"] is True
    token = await cast.governance.create_token(cast.mina, "user", cast.gil.user, ["*"])
    assert (await cast.governance.principal(token)).grants == {f"channel:manage@{channel}", f"channel:invite@{channel}"}
    guest = door.client(token)
    await door.call(guest.conversations_rename, channel=channel, name="by-gil")
    await door.call(guest.conversations_invite, channel=channel, users=[cast.joon.user])
    await door.call(guest.conversations_kick, channel=channel, user=cast.joon.user)
    listed = (await door.call(slack.admin_roles_listAssignments, role_ids=[role.id]))["role_assignments"]
    assert [(one["entity_id"], one["user_id"]) for one in listed] == [(channel, cast.gil.user)]
    await door.call(slack.admin_roles_removeAssignments, role_id=role.id, entity_ids=[channel],
                    user_ids=[cast.gil.user])  # fmt: skip
    assert await door.error(guest.conversations_rename, channel=channel, name="again") == "restricted_action"

    assert await door.error(slack.admin_roles_addAssignments, role_id=wide.id, entity_ids=[channel],
                            user_ids=[cast.gil.user]) == "no_valid_entities"  # fmt: skip
    assert await door.error(slack.admin_roles_addAssignments, role_id="Rl0NOTHING0", entity_ids=[team],
                            user_ids=[cast.gil.user]) == "invalid_role_id"  # fmt: skip
    assert await door.error(slack.admin_roles_addAssignments, role_id=wide.id, entity_ids=["T0NOWHERE00"],
                            user_ids=[cast.gil.user]) == "no_valid_entities"  # fmt: skip
    assert await door.error(slack.admin_roles_addAssignments, role_id=wide.id, entity_ids=[team, "C0NOWHERE00"],
                            user_ids=[cast.gil.user]) == "failed_for_some_entities"  # fmt: skip
    assert "deals:read" in (await cast.governance.principal(token)).grants
    org_admin = Principal(cast.tenant, "U0ORGADMIN0", Role.MEMBER, org_role=OrgRole.ADMIN)
    with pytest.raises(NotAllowed):
        await custom.make(org_admin, "Too much", "", ["people:erase"])
    with pytest.raises(NotAllowed):
        await custom.give(cast.mina, wide.id, cast.mina.user)
    await custom.remove(cast.mina, wide.id)
    assert (await cast.governance.principal(token)).grants == frozenset()


async def test_members_ask_and_administrators_answer(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack, requests = door.client(cast.token), cast.governance.invite_requests
    channel = await room.channel(cast.mina)
    asked = await requests.ask(
        cast.joon, "ask@partner.example", "Ask", guest="multi", channels=[channel], reason="pitch"
    )
    other = await requests.ask(cast.joon, "no@partner.example", "")
    waiting = (await door.call(slack.admin_inviteRequests_list))["invite_requests"]
    assert [(one["id"], one["invite_type"], one["requester_ids"]) for one in waiting if one["id"] == asked.id] == [
        (asked.id, "restricted", [cast.joon.user])
    ]
    await door.call(slack.admin_inviteRequests_approve, invite_request_id=asked.id)
    await door.call(slack.admin_inviteRequests_deny, invite_request_id=other.id)
    for again in (slack.admin_inviteRequests_approve, slack.admin_inviteRequests_deny):
        assert await door.error(again, invite_request_id=asked.id) == "already_processed"
    assert await door.error(slack.admin_inviteRequests_approve, invite_request_id="Ir0NOTHING0") == "invalid_request"
    approved = (await door.call(slack.admin_inviteRequests_approved_list))["approved_requests"]
    denied = (await door.call(slack.admin_inviteRequests_denied_list))["denied_requests"]
    assert [one["invite_request"]["id"] for one in approved] == [asked.id]
    assert [one["invite_request"]["id"] for one in denied] == [other.id]
    assert (await user_of(door, "ask@partner.example"))["is_restricted"] is True
    with pytest.raises(NotAllowed):
        await requests.ask(cast.gil, "x@partner.example", "")
    await cast.governance.policies.set(cast.mina, "people.ask", "nobody", whole=True)
    with pytest.raises(NotAllowed):
        await requests.ask(cast.joon, "y@partner.example", "")
    await cast.governance.policies.set(cast.mina, "people.ask", None, whole=True)


async def test_sessions_are_listed_shortened_and_ended(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack, team, joon = door.client(cast.token), cast.tenant.workspace, cast.joon.user
    first = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    second = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    listed = (await door.call(slack.admin_users_session_list, team_id=team, user_id=joon))["active_sessions"]
    assert {one["user_id"] for one in listed} == {joon}
    assert len(listed) == 2
    assert await door.error(slack.admin_users_session_list, team_id=team) == "missing_user"
    await door.call(slack.admin_users_session_invalidate, session_id=listed[0]["session_id"], team_id=team)
    assert await door.error(slack.admin_users_session_invalidate, session_id=listed[0]["session_id"], team_id=team) == (
        "session_not_found"
    )
    await door.call(slack.admin_users_session_setSettings, user_ids=[joon], duration=3600)
    said = await door.call(slack.admin_users_session_getSettings, user_ids=[joon, cast.gil.user])
    assert [(one["user_id"], one["duration"]) for one in said["session_settings"]] == [(joon, 3600)]
    assert said["no_settings_applied"] == [cast.gil.user]
    third = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    room.clock.advance(timedelta(seconds=3601))
    for ended in (first, second, third):
        with pytest.raises(NotSignedIn):
            await cast.governance.session(ended)
    await door.call(slack.admin_users_session_clearSettings, user_ids=[joon])
    fourth = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    room.clock.advance(timedelta(hours=2))
    await cast.governance.session(fourth)
    await door.call(slack.admin_users_session_resetBulk, user_ids=[joon])
    with pytest.raises(NotSignedIn):
        await cast.governance.session(fourth)
    await door.call(slack.admin_users_session_reset, user_id=joon)
    assert await door.error(slack.admin_users_session_reset, user_id=cast.rina.user) == "user_not_found"


async def test_who_may_sign_in_by_password_is_assigned_and_taken_back(door: Door) -> None:
    cast = door.room.cast
    slack, policy = door.client(cast.token), "email_password"
    given = {"policy_name": policy, "entity_type": "USER", "entity_ids": [cast.joon.user]}
    await door.call(slack.admin_auth_policy_assignEntities, **given)
    said = await door.call(slack.admin_auth_policy_getEntities, policy_name=policy)
    assert ([one["entity_id"] for one in said["entities"]], said["entity_total_count"]) == ([cast.joon.user], 1)
    await door.call(slack.admin_auth_policy_removeEntities, **given)
    assert (await door.call(slack.admin_auth_policy_getEntities, policy_name=policy))["entities"] == []
    assert await door.error(slack.admin_auth_policy_getEntities, policy_name="saml") == "policy_not_found"
    assert await door.error(slack.admin_auth_policy_assignEntities, **{**given, "entity_ids": [cast.rina.user]}) == (
        "entity_not_found"
    )


async def test_apps_are_asked_for_approved_and_kept_out(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack, team, apps = door.client(cast.token), cast.tenant.workspace, room.apps
    manifest = {"display_information": {"name": "Tally"}, "features": {"bot_user": {"display_name": "tally"}},
                "oauth_config": {"scopes": {"bot": ["chat:write"]}}}  # fmt: skip
    app, _ = await apps.create(cast.mina, manifest)
    await cast.governance.policies.set(cast.mina, "apps.approval", "needed", whole=True)
    with pytest.raises(NotAllowed):
        await apps.install(cast.mina, app.id)
    request = await apps.ask_for(cast.joon, app.id, "for the weekly count")
    with pytest.raises(NotAllowed):
        await apps.ask_for(cast.gil, app.id)
    waiting = (await door.call(slack.admin_apps_requests_list))["app_requests"]
    assert [(one["id"], one["app"]["name"], one["user"]["id"]) for one in waiting] == [
        (request, "Tally", cast.joon.user)
    ]
    await door.call(slack.admin_apps_requests_cancel, request_id=request)
    assert await door.error(slack.admin_apps_requests_cancel, request_id=request) == "request_already_resolved"
    assert await door.error(slack.admin_apps_requests_cancel, request_id="Ar0") == "invalid_request_id"
    request = await apps.ask_for(cast.joon, app.id, "for the weekly count, still")
    await door.call(slack.admin_apps_approve, request_id=request)
    assert await door.error(slack.admin_apps_approve, request_id=request) == "request_already_resolved"
    assert [one["app"]["id"] for one in (await door.call(slack.admin_apps_approved_list, team_id=team))[
        "approved_apps"]] == [app.id]  # fmt: skip
    assert await apps.install(cast.mina, app.id)
    await door.call(slack.admin_apps_uninstall, app_id=app.id, team_ids=[team])
    assert await door.error(slack.admin_apps_uninstall, app_id=app.id, team_ids=[team]) == "app_not_found"

    await cast.governance.policies.set(cast.mina, "apps.approval", None, whole=True)
    await door.call(slack.admin_apps_restrict, app_id=app.id, enterprise_id=cast.tenant.org)
    with pytest.raises(NotAllowed):
        await apps.install(cast.mina, app.id)
    listed = await door.call(slack.admin_apps_restricted_list, enterprise_id=cast.tenant.org)
    assert [one["app"]["id"] for one in listed["restricted_apps"]] == [app.id]
    clear = {"app_id": app.id, "enterprise_id": cast.tenant.org}
    await door.call(slack.api_call, api_method="admin.apps.clearResolution", params=clear)
    assert await door.error(slack.api_call, api_method="admin.apps.clearResolution", params=clear) == (
        "no_resolution_found"
    )
    assert await apps.install(cast.mina, app.id)
    assert await door.error(door.client(cast.rival_token).admin_apps_approve, app_id=app.id) == "invalid_app_id"
