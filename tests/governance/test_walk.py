"""The permission walk: one house, one person of every role, every right's act at the real doors, cell by cell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from dure.channels.slack import admin_apps, admin_roles, admin_sessions, admin_users
from dure.governance.api import OrgRole, Principal, Role
from dure.governance.roles.table import TABLE, holds
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.main import House, compose
from dure.settings import Settings
from dure.state import State
from tests.channels.shared_state import shared_database, state  # noqa: F401  one house for the file
from tests.governance.test_table import asked
from tests.people_of import MONDAY_NOON, found_sori

pytestmark = pytest.mark.anyio

NONE = "00000000-0000-0000-0000-000000000000"  # what is not there: whoever may is told so, whoever may not is refused
Act = tuple[str, str, Any]
# {c} is a channel that all are in and where only administrators write; {n} a number of the call's own.
ACTS: Mapping[str, Act] = {
    "audit:read": ("GET", "/audit", None),
    "connect:approve": ("DELETE", "/channels/connections/E0NOBODY000", None),
    "export:make": ("DELETE", f"/takeouts/{NONE}", None),
    "keeping:write": ("GET", "/retention", None),
    "moving:write": ("DELETE", f"/movings/{NONE}", None),
    "partners:write": ("DELETE", f"/partners/{NONE}", None),
    "scim:write": ("PUT", f"/organisation/groups/{NONE}/workspace", {"workspace": ""}),
    "automation:read": ("GET", "/automations", None),
    "automation:write": ("POST", "/automations/resume", None),
    "campaigns:configure": ("DELETE", "/providers/nothing", None),
    "campaigns:read": ("GET", "/campaigns", None),
    "campaigns:write": ("POST", f"/campaigns/{NONE}/pause", None),
    "channels:read": ("GET", "/channels", None),
    "channels:write": ("POST", "/channels/{c}/join", None),
    "channel:invite": ("POST", "/channels/{c}/members", {"users": ["{gil}"]}),
    "channel:manage": ("PATCH", "/channels/{c}", {"name": "walk-{n}"}),
    "channel:oversee": ("PATCH", "/channels/{c}", {"posting": "admins"}),
    "channel:post": ("POST", "/channels/{c}/messages", {"text": "walking"}),
    "deals:configure": ("PUT", "/deals/sync/fields", {"object": "Opportunity", "field": "Name", "owner": "dure"}),
    "deals:read": ("GET", "/deals", None),
    "deals:write": ("DELETE", f"/deals/{NONE}", None),
    "experiments:configure": ("PUT", "/experiments/holdout", {"share": 0.0}),
    "experiments:read": ("GET", "/experiments", None),
    "experiments:write": ("DELETE", f"/experiments/{NONE}", None),
    "exports:read": ("GET", "/exports", None),
    "exports:write": ("DELETE", f"/exports/{NONE}", None),
    "governance:invite": ("POST", "/organisation/invite-requests", {"email": "ask-{n}@partner.example"}),
    "governance:read": ("GET", "/users", None),
    "governance:write": ("GET", "/tokens", None),
    "ingest:read": ("GET", "/sources", None),
    "ingest:write": ("DELETE", f"/sources/{NONE}", None),
    "metrics:read": ("GET", "/metrics", None),
    "metrics:share": ("DELETE", f"/boards/{NONE}/shares/{NONE}", None),
    "metrics:write": ("DELETE", f"/metrics/{NONE}", None),
    "org:read": ("GET", "/organisation/people", None),
    "org:write": ("DELETE", f"/roles/{NONE}", None),
    "pacing:read": ("GET", "/line-items", None),
    "pacing:write": ("POST", f"/line-items/{NONE}/live", None),
    "people:erase": ("GET", "/erasures", None),
    "people:export": ("GET", f"/people/{NONE}/export", None),
    "people:read": ("GET", "/people", None),
    "people:write": ("DELETE", f"/people/{NONE}/joins/{NONE}", None),
    "segments:read": ("GET", "/segments", None),
    "segments:write": ("DELETE", f"/segments/{NONE}", None),
    "social:configure": ("DELETE", f"/social-sources/{NONE}", None),
    "social:publish": ("POST", "/publishing/pause", {"why": "walking"}),
    "social:read": ("GET", "/listening/queries", None),
    "social:write": ("DELETE", f"/listening/queries/{NONE}", None),
}  # fmt: skip
# Slack's methods for administrators go by the role in the organisation.
METHODS = {**admin_apps.METHODS, **admin_users.METHODS, **admin_sessions.METHODS, **admin_roles.METHODS}
READS = {"admin.users.list", "admin.roles.listAssignments"}
REFUSED = {"not_an_admin", "invalid_actor", "invalid_permissions", "failed_to_validate_caller", "not_permitted",
           "permission_denied"}  # fmt: skip


@dataclass(frozen=True)
class Walker:
    """`columns` and `grants` say what they hold by the table; `scopes` how much of it their token carries."""

    name: str
    token: str
    user: str
    columns: frozenset[str]
    grants: frozenset[str] = field(default=frozenset())
    scopes: frozenset[str] = frozenset({"*"})

    def may(self, right: str, channel: str = "") -> bool:
        if right == "connect:approve" and self.name == "bot":
            return True  # an app that may write approves for its side: an administrator gave it that
        given = right in self.grants or f"{right}@{channel}" in self.grants
        return (holds(self.columns, right) or given) and bool(self.scopes & {"*", right})


@dataclass
class Walk:
    house: House
    http: httpx.AsyncClient
    channel: str
    gil: str
    walkers: Sequence[Walker]
    number: int = 0

    async def may(self, walker: Walker, right: str) -> bool | str:
        """Whether the door let them; what it said where it is neither yes nor no."""
        method, path, body = ACTS[right]
        self.number += 1
        put = {"{c}": self.channel, "{n}": str(self.number), "{gil}": self.gil}
        answer = await self.http.request(
            method, "/api/v1" + _filled(path, put), json=_filled(body, put),
            headers={"authorization": f"Bearer {walker.token}"},
        )  # fmt: skip
        if answer.status_code == 403:
            error = answer.json()["error"]
            told = error.get("data", {}).get("right", "")
            named = told == right or (
                right.startswith(("channel:", "connect:"))
                and (error["code"] in _AT_CHANNEL or told == "channels:write")
            )
            return False if named else f"refused, but {error}"
        if answer.status_code in (401, 422) or answer.status_code >= 500:
            return f"{answer.status_code} {answer.text[:200]}"
        return True

    async def slack(self, walker: Walker, method: str) -> str:
        answer = await self.http.post(f"/slack/api/{method}", headers={"authorization": f"Bearer {walker.token}"})
        body = answer.json()
        assert answer.status_code == 200, (method, walker.name, answer.text)
        return "" if body["ok"] else str(body["error"])


_AT_CHANNEL = {"restricted_action", "restricted_action_read_only_channel", "not_in_channel"}


def _filled(what: Any, put: Mapping[str, str]) -> Any:
    if isinstance(what, str):
        for key, value in put.items():
            what = what.replace(key, value)
    if isinstance(what, list):
        return [_filled(one, put) for one in what]
    if isinstance(what, dict):
        return {key: _filled(value, put) for key, value in what.items()}
    return what


@pytest.fixture(scope="module")
async def walk(state: State, run_folder: Path, engine: None, anyio_backend: str) -> AsyncIterator[Walk]:  # noqa: F811
    cast, log = await found_sori(state), Log(f"chdb://{run_folder}/ch", database="walk")
    log.open()
    house = compose(Settings(data=run_folder / "walk"), StillClock(MONDAY_NOON), state, log)
    made = await people(house, cast.mina)
    channel = made.pop()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.front_door), base_url="http://dure") as http:
        yield Walk(house, http, channel, cast.gil.user, made)
    log.close()


async def people(house: House, mina: Principal) -> list[Any]:
    """One of each role, two bots, two with custom roles; and last the channel that all of them are in."""
    governance, walkers = house.governance, []
    await governance.policies.set(mina, "exports.make", "admins", whole=True)  # owners alone, unless it is said
    room = await house.channels.create(mina, "walk")

    async def somebody(
        name: str,
        role: Role,
        org_role: OrgRole = OrgRole.NONE,
        guest: Any = "",
        rights: Sequence[str] = (),
        at: str = "",
    ) -> None:
        user = await governance.create_user(
            mina, f"{name}@sorimaru.example", name, role=role, guest=guest, channels=[room.id]
        )
        if org_role:
            await governance.organisation.set_role(mina, user.id, org_role)
        if rights:
            made = await governance.custom_roles.make(mina, name, "", rights)
            await governance.custom_roles.give(mina, made.id, user.id, channel=at)
        columns = {guest or role.value} | ({f"org_{org_role.value}"} if org_role else set())
        token = await governance.create_token(mina, "user", user.id, ["*"])
        grants = frozenset(f"{right}@{at}" if at else right for right in rights)
        walkers.append(Walker(name, token, user.id, frozenset(columns), grants))

    await somebody("owner", Role.OWNER)
    await somebody("admin", Role.ADMIN)
    await somebody("member", Role.MEMBER)
    await somebody("multi", Role.GUEST, guest="multi")
    await somebody("single", Role.GUEST, guest="single")
    await somebody("org-owner", Role.MEMBER, OrgRole.OWNER)
    await somebody("org-admin", Role.MEMBER, OrgRole.ADMIN)
    await somebody("org-auditor", Role.MEMBER, OrgRole.AUDITOR)
    await somebody(
        "analyst", Role.GUEST, guest="multi", rights=["deals:read", "metrics:read", "people:export", "people:read"]
    )
    await somebody("host", Role.GUEST, guest="single", rights=["channel:manage", "channel:post"], at=room.id)
    for name, scopes in (("bot", ["*"]), ("narrow-bot", ["deals:read", "governance:write"])):
        token = await governance.create_token(mina, "bot", name, scopes)
        bot = (await governance.principal(token)).user
        await house.channels.invite(mina, room.id, [bot])
        walkers.append(Walker(name, token, bot, frozenset({"member"}), frozenset(), frozenset(scopes)))
    await house.channels.set_posting(mina, room.id, "admins")
    return [*walkers, room.id]


def test_every_right_that_is_asked_for_is_walked() -> None:
    assert {right for _, _, right in asked() if right} - {"slice:write"} <= ACTS.keys() <= TABLE.keys()


async def test_every_cell_of_the_table_holds_at_the_door(walk: Walk) -> None:
    wrong, cells = [], 0
    for right in ACTS:
        for walker in walk.walkers:
            expected, found = walker.may(right, walk.channel), await walk.may(walker, right)
            cells += 1
            if found is not expected:
                wrong.append(f"{walker.name} × {right}: the table says {expected}, the door {found}")
    assert wrong == [], "\n".join(wrong)
    assert cells == len(ACTS) * len(walk.walkers) >= 480


async def test_what_a_channel_is_about_goes_by_the_right_to_manage_it_at_both_doors(walk: Walk) -> None:
    """Slack's rule: members may, guests are `user_is_restricted`; a role that gives the right to a guest counts."""
    wrong = []
    for walker in walk.walkers:
        may = walker.may("channel:manage", walk.channel) and walker.may("channels:write")
        headers = {"authorization": f"Bearer {walker.token}"}
        for what in ("topic", "purpose"):
            own = await walk.http.patch(
                f"/api/v1/channels/{walk.channel}", json={what: f"{what} of {walker.name}"}, headers=headers
            )
            slack = await walk.http.post(
                f"/slack/api/conversations.set{what.title()}", headers=headers,
                data={"channel": walk.channel, what: f"{walker.name} says"},
            )  # fmt: skip
            said = "" if slack.json()["ok"] else slack.json()["error"]
            if may is not (own.status_code == 200) or may is not (said == ""):
                wrong.append(f"{walker.name} × {what}: {own.status_code} {said}")
            if walker.columns & {"multi", "single"} and not may and said != "user_is_restricted":
                wrong.append(f"{walker.name} × {what}: Slack's door says {said}")
    assert wrong == []


async def test_every_method_for_administrators_goes_by_the_table(walk: Walk) -> None:
    wrong, cells = [], 0
    for method in METHODS:
        right = "org:read" if method in READS else "org:write"
        for walker in walk.walkers:
            said = await walk.slack(walker, method)
            cells += 1
            if "bot" in walker.name:
                fine = said == "not_allowed_token_type"
            else:
                fine = (said in REFUSED) is not walker.may(right)
            if not fine or said in ("internal_error", "unknown_method"):
                wrong.append(f"{walker.name} × {method}: {said or 'ok'}")
    assert wrong == [], "\n".join(wrong)
    assert cells == len(METHODS) * len(walk.walkers) >= 300


async def test_guests_learn_of_nobody_whom_they_do_not_meet_at_any_door(walk: Walk) -> None:
    """Joon is in no channel with them."""
    joon = "joon@sorimaru.example"
    member = next(one for one in walk.walkers if one.name == "member")
    stranger = next(
        one["id"] for one in (await _get(walk, member, "/api/v1/users"))["users"] if one["email"] == joon
    )  # fmt: skip
    doors = (
        "/api/v1/users", "/api/v1/channels/people", "/api/v1/channels", f"/api/v1/channels/{walk.channel}/members",
        "/api/v1/search?q=joon", "/api/v1/channels/profiles", "/slack/api/users.list",
        f"/slack/api/users.info?user={stranger}",
        f"/slack/api/users.lookupByEmail?email={joon}", f"/slack/api/users.profile.get?user={stranger}",
        f"/slack/api/users.getPresence?user={stranger}", f"/slack/api/users.conversations?user={stranger}",
        "/slack/api/search.messages?query=joon", "/slack/api/usergroups.list?include_users=1",
        "/slack/api/dnd.teamInfo",
    )  # fmt: skip
    for walker in walk.walkers:
        if walker.columns & {"multi", "single"}:
            for path in doors:
                answer = await walk.http.get(path, headers={"authorization": f"Bearer {walker.token}"})
                told = answer.text.replace(f"user={stranger}", "")
                assert answer.status_code < 500, path
                assert stranger not in told, (walker.name, path)
                assert "박준" not in told, (walker.name, path)


async def _get(walk: Walk, walker: Walker, path: str) -> Any:
    return (await walk.http.get(path, headers={"authorization": f"Bearer {walker.token}"})).json()
