"""Slack's own clients of the Audit Logs API and of SCIM, unmodified, and an independent one of SCIM 2.0."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.audit_logs import AuditLogsClient
from slack_sdk.audit_logs.async_client import AsyncAuditLogsClient
from slack_sdk.scim import SCIMClient
from slack_sdk.scim.async_client import AsyncSCIMClient
from slack_sdk.scim.v1.group import Group, GroupMember
from slack_sdk.scim.v1.user import User, UserEmail, UserName
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dure import screens
from dure.feed.api import Bell
from dure.governance.api import AccountInactive, OrgRole, Principal, TokenRevoked
from dure.governance.audit import door as audit_door
from dure.governance.audit import routes as audit_routes
from dure.governance.audit.api import Wanted
from dure.governance.http import COOKIE
from dure.governance.pace import Pace
from dure.governance.scim import door as scim_door
from dure.kernel.errors import NotAllowed, NotFound, NotSignedIn
from dure.state import State
from dure.web import front
from dure.web.assets import Assets
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.wire.apps import sorimaru
from tests.wire.server import serving

pytestmark = pytest.mark.anyio

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class Door:
    cast: Cast
    base: str
    pace: Pace
    http: httpx.AsyncClient

    async def call(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """The client blocks, and the server answers in this loop."""
        return await asyncio.to_thread(method, *arguments, **named)

    async def v2(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.http.request(method, f"{self.base}/slack/scim/v2/{path}", json=body, headers=headers)

    async def made(self, name: str, **more: Any) -> dict[str, Any]:
        said = {"userName": name, "emails": [{"value": f"{name}@sorimaru.example", "primary": True}], **more}
        answer = await self.v2("POST", "Users", said)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    cast, pace, app = await found_sori(state), Pace(), FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    include(app, audit_door.router(cast.governance, pace))
    include(app, audit_routes.router(cast.governance.audit))
    include(app, scim_door.router(cast.governance, pace))
    async with serving(app) as base, httpx.AsyncClient(headers={"authorization": f"Bearer {cast.token}"}) as http:
        yield Door(cast, base, pace, http)


# -- Audit Logs -------------------------------------------------------------------------------------------------------


async def test_the_audit_client_reads_the_trail(door: Door) -> None:
    client = AuditLogsClient(door.cast.token, base_url=f"{door.base}/slack/audit/v1/")
    for method, first in (
        (client.schemas, '{"schemas":[{'),
        (client.actions, '{"actions":{'),
        (client.logs, '{"entries":[{'),
    ):
        answer = await door.call(method)
        assert answer.status_code == 200
        assert answer.raw_body.startswith(first)
    actions = (await door.call(client.actions)).body["actions"]
    assert "user_created" in actions["user"]
    assert "workspace_created" in actions["workspace_or_org"]
    page = (await door.call(client.logs, limit=1, action="user_created")).typed_body
    entry = page.entries[0]
    assert (entry.action, entry.actor.type, entry.entity.type) == ("user_created", "user", "user")
    assert (entry.entity.user.name, entry.entity.user.email) == ("박준", "joon@sorimaru.example")
    assert (entry.actor.user.email, entry.context.location.domain) == ("mina@sorimaru.example", "sorimaru")
    assert page.response_metadata.next_cursor == ""
    aio = AsyncAuditLogsClient(door.cast.token, base_url=f"{door.base}/slack/audit/v1/")
    seen, cursor = [], None
    while cursor != "":
        found = (await aio.logs(limit=2, cursor=cursor)).typed_body
        seen += [one.id for one in found.entries]
        cursor = found.response_metadata.next_cursor
    assert len(seen) == len(set(seen)) == 6
    both = (await aio.logs(action="user_created,guest_created", actor=door.cast.mina.user)).typed_body.entries
    assert [one.action for one in both] == ["guest_created", "user_created"]
    last = both[0].date_create
    assert (await aio.logs(oldest=last + 1)).body["entries"] == []
    assert len((await aio.logs(latest=last, oldest=last, entity=door.cast.users["gil"].id)).typed_body.entries) == 1


async def test_the_audit_door_says_what_is_wrong_in_slacks_words(door: Door) -> None:
    governance, mina = door.cast.governance, door.cast.mina
    joon = door.cast.users["joon"].id
    narrow = await governance.create_token(mina, "user", mina.user, ["channels:read"])
    right = await governance.create_token(mina, "user", mina.user, ["auditlogs:read"])
    member = await governance.create_token(mina, "user", joon, ["*"])
    await governance.organisation.set_role(mina, joon, OrgRole.ADMIN)

    async def asked(query: str, token: str, method: str = "GET") -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {token}" if token else ""}
        answer = await door.http.request(method, f"{door.base}/slack/audit/v1/logs{query}", headers=headers)
        return answer.status_code, answer.json().get("error")

    assert await asked("", "") == (401, "missing_authentication")
    assert await asked("", "xoxp-wrong") == (401, "invalid_authentication")
    assert await asked("", member) == (403, "user_not_authorized")
    assert await asked("", door.cast.bot_token) == (403, "user_not_authorized")
    assert await asked("", narrow) == (403, "missing_scope")
    assert await asked("", right) == (200, None)
    assert await asked("", right, "POST") == (405, "method_not_supported")
    for query, error in (
        ("?limit=10000", "over_pagination_limit"), ("?limit=0", "over_pagination_limit"),
        ("?cursor=x", "invalid_cursor"),
        ("?latest=soon", "invalid_arguments"), ("?oldest=1e9", "invalid_arguments"),
    ):  # fmt: skip
        assert await asked(query, right) == (400, error)
    door.pace.factor, door.pace.now = 1, lambda: 0.0
    statuses = [(await asked("", right))[0] for _ in range(51)]
    assert statuses == [200] * 50 + [429]


async def test_dures_own_door_shows_verifies_and_hands_out_the_trail(door: Door) -> None:
    api = f"{door.base}/api/v1/audit"
    shown = (await door.http.get(api, params={"limit": 1})).json()
    assert shown["entries"][0]["number"] == 6
    assert shown["names"][door.cast.users["gil"].id]["name"] == "길동"
    head = (await door.http.get(f"{api}/head")).json()
    assert head == {"number": 6, "digest": shown["entries"][0]["digest"]}
    assert (await door.http.get(f"{api}/verify", params=head)).json()["ok"] is True
    wrong = (await door.http.get(f"{api}/verify", params={**head, "digest": "0" * 64})).json()
    assert (wrong["ok"], wrong["broken_at"], wrong["problem"]) == (False, 6, "other")
    assert (await door.http.get(f"{api}/verify", params={"number": 6})).status_code == 422
    lines = (await door.http.get(f"{api}/export")).text.splitlines()
    assert len(lines) == 1 + 7
    newest = json.loads(json.loads(lines[-1])["entry"])
    assert (newest["action"], newest["context"]["ip"]) == ("audit_logs_export_json_started", "127.0.0.1")
    assert newest["context"]["ua"].startswith("python-httpx/")
    assert newest["context"]["token"] == door.cast.mina.token
    assert "audit_logs_export_json_started" in (await door.http.get(f"{api}/actions")).json()["actions"]


# -- SCIM -------------------------------------------------------------------------------------------------------------


async def test_slacks_client_keeps_people_and_groups(door: Door) -> None:
    client = SCIMClient(door.cast.token, base_url=f"{door.base}/slack/scim/v1/")
    new = User(
        user_name="sora", name=UserName(given_name="소라", family_name="한"),
        emails=[UserEmail(value="sora@sorimaru.example")],
        title="Analyst", display_name="Sora",
    )  # fmt: skip
    made = await door.call(client.create_user, new)
    assert made.status_code == 201
    who = made.user.id
    assert (await door.call(client.read_user, who)).user.name.family_name == "한"
    account = await door.cast.governance.user(door.cast.tenant, who)
    assert (account.name, account.email, account.title, account.display) == (
        "한소라", "sora@sorimaru.example", "Analyst", "Sora",
    )  # fmt: skip
    patched = await door.call(client.patch_user, who, User(title="Lead"))
    assert (patched.status_code, patched.user.title, patched.user.user_name) == (200, "Lead", "sora")
    again = patched.user
    again.nick_name = "So"
    assert (await door.call(client.update_user, again)).user.nick_name == "So"
    found = await door.call(client.search_users, filter='userName eq "SORA"', count=1, start_index=1)
    assert (
        found.total_results if hasattr(found, "total_results") else found.body["totalResults"],
        found.users[0].id,
    ) == (1, who)
    wrong = await door.call(client.search_users, filter="userName", count=1, start_index=1)
    assert (wrong.status_code, wrong.body) == (
        400, {"Errors": {"code": 400, "description": "no_filters (is_aggregate_call=1)"}},
    )  # fmt: skip

    group = await door.call(client.create_group, Group(display_name="Analysts", members=[GroupMember(value=who)]))
    assert group.status_code == 201
    gid, joon = group.group.id, door.cast.users["joon"].id
    answer = await door.call(client.patch_group, gid, Group(display_name="Insight", members=[GroupMember(value=joon)]))
    assert answer.status_code == 204
    read = (await door.call(client.read_group, gid)).group
    assert (read.display_name, {one.value for one in read.members}) == ("Insight", {who, joon})
    gone = {"members": [{"value": joon, "operation": "delete"}]}
    assert (await door.call(client.patch_group, gid, gone)).status_code == 204
    whole = (await door.call(client.read_group, gid)).group
    assert [one.value for one in whole.members] == [who]
    assert (await door.call(client.update_group, whole)).status_code == 200
    assert (await door.call(client.search_groups, filter='displayName sw "ins"', count=5, start_index=1)).groups[
        0
    ].id == gid
    assert (await door.call(client.read_user, who)).user.groups[0].display == "Insight"
    assert (await door.call(client.delete_group, gid)).status_code == 204
    assert (await door.call(client.read_group, gid)).status_code == 404
    assert (await door.call(client.delete_user, who)).status_code == 200
    assert (await door.call(client.read_user, who)).user.active is False

    aio = AsyncSCIMClient(door.cast.token, base_url=f"{door.base}/slack/scim/v1/")
    other = await aio.create_user(User(user_name="aio", emails=[UserEmail(value="aio@sorimaru.example")]))
    assert other.status_code == 201
    assert (await aio.patch_user(other.user.id, User(active=False))).user.active is False
    assert (await aio.search_users(filter="active eq false", count=10, start_index=1)).body["totalResults"] == 2
    assert (await aio.delete_user("U0NOBODY000")).status_code == 404


async def test_a_person_is_changed_by_operations(door: Door) -> None:
    who = (await door.made("sora", phoneNumbers=[{"value": "1", "type": "work"}]))["id"]

    async def patch(*operations: dict[str, Any]) -> httpx.Response:
        return await door.v2("PATCH", f"Users/{who}", {"schemas": [PATCH], "Operations": list(operations)})

    answer = await patch(
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "s@sorimaru.example"},
        {"op": "add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "010"},
        {"op": "add", "value": {"name.givenName": "Sora", "title": "Lead"}},
        {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "A"},
        {"op": "remove", "path": 'phoneNumbers[type eq "work"]'},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert "s@sorimaru.example" in [one["value"] for one in said["emails"]]
    assert [one["value"] for one in said["phoneNumbers"]] == ["010"]
    assert (said["name"]["givenName"], said["title"]) == ("Sora", "Lead")
    assert said["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] == {"department": "A"}
    for operation, kind in (
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "add", "path": "emails[", "value": 1}, "invalidPath"),
        ({"op": "add", "path": "shoes", "value": 1}, "invalidPath"), ({"op": "jump", "path": "title"}, "invalidSyntax"),
        ({"op": "remove"}, "noTarget"), ({"op": "replace", "path": "userName", "value": ""}, "invalidValue"),
        ({"op": "replace", "path": 'emails[type co "zz"].value', "value": "x"}, "noTarget"),
        ({"op": "replace", "path": "emails", "value": [{"value": "nobody"}]}, "invalidValue"),
    ):  # fmt: skip
        answer = await patch(operation)
        assert (answer.status_code, answer.json()["scimType"]) == (400, kind), operation
        assert answer.headers["content-type"].startswith("application/scim+json")
    etag = (await door.v2("GET", f"Users/{who}")).headers["etag"]
    assert (await door.v2("GET", f"Users/{who}", **{"if-none-match": etag})).status_code == 304
    stale = await door.v2("DELETE", f"Users/{who}", **{"if-match": 'W/"other"'})
    assert stale.status_code == 412


_FILTERS = [
    ('userName eq "joon@sorimaru.example"', "joon"), ('emails.value co "JOON"', "joon"),
    ('emails eq "gil@partner.example"', "gil"),
    ('emails[type eq "work" and value sw "gil"]', "gil"), ("not (active eq true)", ""), ("title pr", ""),
    ('name.formatted eq "김미나" or displayName eq "박준"', "joon mina"),
    ('active eq true and not (userName co "@sori")', "gil"),
    ('(userName sw "j" or userName sw "g") and userName ew "example"', "gil joon"),
    ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "x"', ""),
    ('meta.created gt "2026-01-01"', "gil joon mina"),
]  # fmt: skip


async def test_people_are_found_by_filters(door: Door) -> None:
    names = {user.id: name for name, user in door.cast.users.items()}
    for said, who in _FILTERS:
        answer = (await door.http.get(f"{door.base}/slack/scim/v2/Users", params={"filter": said})).json()
        assert " ".join(sorted(names[one["id"]] for one in answer["Resources"])) == who, said


async def test_what_cannot_be_read_is_refused_and_pages_are_cut(door: Door) -> None:
    users = f"{door.base}/slack/scim/v2/Users"
    for said in ("userName", "userName eq", 'userName xx "a"', "(a pr", "a pr)", "a[b pr", '"a" pr', "(" * 50 + "a pr"):
        answer = await door.http.get(users, params={"filter": said})
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter"), said
    page = (await door.http.get(users, params={"startIndex": 2, "count": 1, "attributes": "userName"})).json()
    assert (page["totalResults"], page["itemsPerPage"], page["startIndex"]) == (3, 1, 2)
    assert set(page["Resources"][0]) == {"schemas", "id", "userName"}
    assert (await door.http.get(users, params={"count": 0})).json()["Resources"] == []
    assert (await door.http.get(users, params={"count": "many"})).status_code == 400
    for body in (b"{", b"[]", b'"x"', b"[" * 100_000):
        answer = await door.http.post(users, content=body)
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")
    twice = await door.v2("POST", "Users", {"userName": "JOON@sorimaru.example"})
    assert (twice.status_code, twice.json()["scimType"]) == (409, "uniqueness")


async def test_only_who_looks_after_the_organisation_provisions_and_never_a_stranger(door: Door) -> None:
    governance, mina, joon = door.cast.governance, door.cast.mina, door.cast.users["joon"].id
    users = f"{door.base}/slack/scim/v2/Users"

    async def status(token: str, method: str = "GET", id: str = "", body: Any = None) -> int:
        headers = {"authorization": f"Bearer {token}" if token else ""}
        return (await door.http.request(method, f"{users}/{id}".rstrip("/"), json=body, headers=headers)).status_code

    tokens = [
        await governance.create_token(mina, "user", joon, scopes) for scopes in (["*"], ["admin"], ["users:read"])
    ]
    assert [await status(token) for token in (*tokens, door.cast.bot_token, "wrong", "")] == [
        403,
        403,
        403,
        403,
        401,
        401,
    ]
    await governance.organisation.set_role(mina, joon, OrgRole.AUDITOR)
    assert [await status(token) for token in tokens] == [403, 403, 403]
    await governance.organisation.set_role(mina, joon, OrgRole.ADMIN)
    assert [await status(token) for token in tokens] == [200, 200, 403]
    # Nobody of another organisation is seen, changed or put into a group.
    rina = door.cast.users["rina"].id
    assert await status(door.cast.token, "GET", rina) == 404
    assert await status(door.cast.token, "DELETE", rina) == 404
    assert await status(door.cast.token, "PUT", rina, {"userName": "r@r.example"}) == 404
    stranger = await door.v2("POST", "Groups", {"displayName": "G", "members": [{"value": rina}]})
    assert (stranger.status_code, stranger.json()["scimType"]) == (400, "invalidValue")
    # An administrator does not take an owner's account by its address, and nobody locks everybody out.
    takeover = {"userName": "mina", "emails": [{"value": "joon+mina@sorimaru.example"}]}
    assert await status(tokens[0], "PUT", mina.user, takeover) == 403
    assert await status(tokens[0], "DELETE", mina.user) == 403
    assert await status(tokens[0], "DELETE", joon) == 403
    assert await status(door.cast.token, "DELETE", mina.user) in (403, 409)
    assert (await door.v2("GET", f"Users/{mina.user}")).json()["active"] is True


async def test_calls_are_counted_as_slack_counts_them(door: Door) -> None:
    door.pace.factor, door.pace.now = 1, lambda: 0.0
    answers = [await door.v2("POST", "Users", {"userName": ""}) for _ in range(21)]
    assert [one.status_code for one in answers] == [400] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].json()["status"] == "429"
    assert (await door.v2("GET", "Users")).status_code == 200


async def test_guests_and_extensions_are_told(door: Door) -> None:
    urn = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
    made = await door.made("guest", **{urn: {"type": "multi", "expiration": "2027-01-01T00:00:00Z"}})
    assert made[urn] == {"type": "multi", "expiration": "2027-01-01T00:00:00Z"}
    account = await door.cast.governance.user(door.cast.tenant, made["id"])
    assert account.role == "guest"
    whole = {**made, urn: {}}
    answer = await door.v2("PUT", f"Users/{made['id']}", whole)
    assert urn not in answer.json()
    assert (await door.cast.governance.user(door.cast.tenant, made["id"])).role == "member"


async def test_a_deactivation_closes_sessions_sockets_and_tokens_at_once(own_state: State) -> None:
    async with sorimaru(own_state) as sori, AsyncExitStack() as open_:
        governance, mina, joon = sori.cast.governance, sori.cast.mina, sori.cast.users["joon"]
        app, hub, bell = FastAPI(), Hub(), Bell(own_state)
        app.state.governance = governance
        front.install(app)
        include(app, scim_door.router(governance, Pace()))

        async def heard(principal: Principal, topic: str) -> bool:
            return True

        screens.install(app, Assets({}), [], governance, hub, heard)
        loops = [asyncio.ensure_future(loop()) for loop in (bell.run, screens.broadcasting(own_state, bell, hub))]
        base = await open_.enter_async_context(serving(app, "websockets-sansio"))
        session = await governance.sign_in("joon@sorimaru.example", "correct horse")
        token = await governance.create_token(mina, "user", joon.id, ["*"])
        async with own_state.begin(mina.tenant) as tx:
            own = await governance.issue_in(tx, mina, "app", joon.id, sori.app, ["connections:write"])
        live = await open_.enter_async_context(
            connect(f"{base.replace('http', 'ws')}/api/live", additional_headers={"cookie": f"{COOKIE}={session}"})
        )
        await live.send('{"sub":["channels"]}')
        await live.recv()
        url = (await sori.call("apps.connections.open", own))["url"]
        slack = await open_.enter_async_context(connect(url))
        assert json.loads(await slack.recv())["type"] == "hello"
        others = await sori.listen()

        http = await open_.enter_async_context(
            httpx.AsyncClient(headers={"authorization": f"Bearer {sori.cast.token}"})
        )
        users = f"{base}/slack/scim/v2/Users/{joon.id}"
        change = {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"active": False}}]}
        assert (await http.patch(users, json=change)).json()["active"] is False
        with pytest.raises(AccountInactive):
            await governance.principal(token)
        with pytest.raises(NotSignedIn):
            await governance.session(session)
        async with asyncio.timeout(10):
            said = json.loads(await slack.recv())
            assert (said["type"], said["reason"]) == ("disconnect", "link_disabled")
            with pytest.raises(ConnectionClosed):
                await slack.recv()
            with pytest.raises(ConnectionClosed):
                await _drained(live)
        assert live.close_code == 4401
        # The seat comes back, sessions and tokens do not; nobody else's socket was touched.
        change["Operations"] = [{"op": "replace", "path": "active", "value": "True"}]
        assert (await http.patch(users, json=change)).json()["active"] is True
        assert (await governance.user(mina.tenant, joon.id)).deleted is False
        assert await governance.sign_in("joon@sorimaru.example", "correct horse")
        for dead in (token, own):
            with pytest.raises(TokenRevoked):
                await governance.principal(dead)
        await sori.say("still here")
        assert (await others.frame())["type"] == "events_api"
        told = (await governance.audit.logs(mina, Wanted(entity=joon.id), limit=9)).entries
        assert [one.told["action"] for one in told] == [
            "user_login", "user_reactivated", "user_deactivated", "user_login", "user_created",
        ]  # fmt: skip
        for task in loops:
            task.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def _drained(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_a_linked_group_gives_seats_and_takes_back_only_its_own(door: Door) -> None:
    cast, governance = door.cast, door.cast.governance
    space = await governance.organisation.open_workspace(cast.mina, "japan")
    sora = (await door.made("sora"))["id"]
    group = (
        await door.v2(
            "POST", "Groups", {"displayName": "Japan", "members": [{"value": sora}, {"value": cast.mina.user}]}
        )
    ).json()

    async def seated() -> set[str]:
        return {user.id for user in await governance.users(space.tenant) if not user.deleted}

    await governance.idp_groups.link(cast.mina, group["id"], space.id)
    assert await seated() == {cast.mina.user, sora}
    members = {"op": "add", "path": "members", "value": [{"value": cast.users["joon"].id}]}
    answer = await door.v2("PATCH", f"Groups/{group['id']}", {"Operations": [members]})
    assert answer.status_code == 200
    assert cast.users["joon"].id in await seated()
    gone = {"op": "remove", "path": f'members[value eq "{sora}"]'}
    assert (await door.v2("PATCH", f"Groups/{group['id']}", {"Operations": [gone]})).status_code == 200
    assert sora not in await seated()
    assert (await door.v2("DELETE", f"Groups/{group['id']}")).status_code == 204
    assert await seated() == {cast.mina.user}  # who had a seat of their own keeps it
    async with governance._state.begin(cast.tenant) as tx:
        assert await governance.idp_groups.groups_of_in(tx, cast.tenant.org, [sora]) == {}
    with pytest.raises(NotFound):
        await governance.idp_groups.link(cast.mina, group["id"], cast.rina.tenant.workspace)
    await governance.organisation.set_role(cast.mina, cast.users["joon"].id, OrgRole.AUDITOR)
    with pytest.raises(NotAllowed):
        await governance.idp_groups.link(cast.joon, group["id"], "")
