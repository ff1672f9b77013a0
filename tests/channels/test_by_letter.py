"""Inviting an address that nobody here has: by letter, brought in by whoever has an account of it, then or later."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels import routes as channel_routes
from dure.channels.slack.door import slack_router
from dure.governance.api import Principal, Role
from dure.governance.signin.plugs import NoFetching
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio
_numbers = itertools.count(1)


@dataclass
class Post:
    """Dure's doors for mina, with a mailbox, and whoever else comes."""

    room: Room
    http: httpx.AsyncClient
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    mail: str = field(default_factory=lambda: f"nari-{next(_numbers)}@newcomer.example")  # nobody's yet

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> str:
        assert (headers["Auto-Submitted"], bool(key), "<a href=" in html) == ("auto-generated", True, True)
        self.letters.append((to, subject, text))
        return "sent"

    async def ask(self, who: str, method: str, path: str, **body: Any) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        answer = await self.http.request(method, f"/api/v1{path}", json=body or None, headers=headers)
        return answer.status_code, answer.json() if answer.content else {}

    async def slack(self, who: str, method: str, **given: Any) -> Any:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        return (await self.http.post(f"/slack/api/{method}", data=given, headers=headers)).json()

    def secret(self) -> str:
        found = re.search(r"https://dure\.example/channels/invitation/([\w.-]+)", self.letters[-1][2])
        assert found is not None
        return found[1]

    async def company(self, name: str, *emails: str, roles: Mapping[str, Role] = {}) -> Principal:
        """A company that comes to this server, with people of these addresses."""
        governance = self.room.cast.governance
        made = await governance.found(name.title(), f"{name}-{len(self.tokens)}", f"owner@{name}.example")
        owner = await governance.principal(made.user_token)
        self.tokens[name] = made.user_token
        for email in emails:
            role = roles.get(email, Role.MEMBER)
            user = await governance.create_user(owner, email, email.partition("@")[0], role=role)
            self.tokens[email] = await governance.create_token(owner, "user", user.id, ["*"])
        return owner


@pytest.fixture
async def post(state: State) -> AsyncIterator[Post]:
    room, app = await open_room(state), FastAPI()
    app.state.governance = room.cast.governance
    front.install(app)
    include(app, channel_routes.router(room.channels))
    include(app, slack_router(room.services()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure") as http:
        made = Post(room, http, tokens={"mina": room.cast.token, "rina": room.cast.rival_token})
        room.cast.governance.signin.furnish(
            key=b"k" * 32,
            site="https://dure.example",
            postman=made,
            fetching=NoFetching(),  # type: ignore[arg-type]
        )
        yield made


async def test_an_address_that_nobody_has_gets_a_letter_and_its_owner_comes_in_later(post: Post) -> None:
    room, mina = post.room, post.room.cast.mina
    channel = await room.channel(mina)
    status, made = await post.ask("mina", "POST", f"/channels/{channel}/shares", email=post.mail)
    assert (status, [to for to, _, _ in post.letters]) == (201, [post.mail])
    assert made["link"].endswith(post.secret())
    # It stands among what was sent, and nobody else hears of it; a second one waits for the first.
    assert [(one["email"], one["home"]) for one in (await post.ask("mina", "GET", "/channels/connections"))[1][
        "pending"]] == [(post.mail, True)]  # fmt: skip
    assert (await post.ask("rina", "GET", "/channels/offers"))[1] == {"offers": []}
    status, again = await post.ask("mina", "POST", f"/channels/{channel}/shares", email=post.mail.upper())
    assert (status, again["error"]["code"]) == (409, "connection_limit_exceeded_pending")

    # Days later the company comes to this server, and the link leads in.
    room.clock.advance(timedelta(days=9))
    await post.company("newcomer", post.mail, "other@newcomer.example")
    path = f"/channel-invitations/{post.secret()}"
    status, shown = await post.ask(post.mail, "GET", path)
    assert status == 200
    assert {shown["invitation"][one] for one in ("email", "why", "inviter")} == {post.mail, "", "김미나"}
    assert (await post.ask(post.mail, "GET", "/channels/offers"))[1] == {"offers": []}  # not before it was brought
    status, taken = await post.ask(post.mail, "POST", path)
    assert (status, taken["channel"]) == (200, channel)
    assert (await post.ask(post.mail, "POST", path))[1] == taken  # once more is the same
    (offer,) = (await post.ask(post.mail, "GET", "/channels/offers"))[1]["offers"]
    assert offer["channel"] == channel
    # It is an invitation like every other from there: accepted, and approved where the rules ask for it.
    assert (await post.ask(post.mail, "POST", f"/channels/offers/{channel}/accept", name="from-sorimaru"))[0] == 200
    (waits,) = (await post.ask("newcomer", "GET", "/channels/invites"))[1]["invites"]
    assert (await post.ask("newcomer", "POST", f"/channels/invites/{waits['id']}/approve"))[0] == 204
    assert (await post.ask(post.mail, "GET", f"/channels/{channel}"))[1]["channel"]["name"] == "from-sorimaru"
    assert (await post.ask(post.mail, "POST", path))[1]["error"]["code"] == "invite_used"


async def test_only_an_account_of_the_address_outside_takes_it(post: Post) -> None:
    room = post.room
    channel = await room.channel(room.cast.mina)
    await post.ask("mina", "POST", f"/channels/{channel}/shares", email=post.mail)
    path = f"/channel-invitations/{post.secret()}"
    await post.company("newcomer", post.mail, "other@newcomer.example", roles={post.mail: Role.GUEST})
    await post.company("second", "x@second.example")
    # The right address on a guest's seat; another address; one's own organisation.
    for who, code in ((post.mail, "user_is_restricted"), ("other@newcomer.example", "email_does_not_match"),
                      ("mina", "invite_from_same_org"), ("rina", "email_does_not_match")):  # fmt: skip
        assert (await post.ask(who, "GET", path))[1]["invitation"]["why"] == code
        status, refused = await post.ask(who, "POST", path)
        assert (status >= 400, refused["error"]["code"]) == (True, code)
    # An address that an administrator gave somebody is no proof without the letter.
    await post.company("thief", post.mail.replace("nari", "NARI"))
    thief = post.mail.replace("nari", "NARI")
    invite, _, mark = post.secret().partition(".")
    for secret in (invite, f"{invite}.", f"{invite}.{mark[:-1]}", f"{invite}.{mark[::-1]}", f"I0NONE.{mark}", "x", "."):
        for method in ("GET", "POST"):
            assert (await post.ask(thief, method, f"/channel-invitations/{secret}"))[0] == 404, secret
    assert (await post.slack(thief, "conversations.acceptSharedInvite", channel_name="x", invite_id=invite))[
        "error"] == "invalid_recipient_team"  # fmt: skip
    # Who has the letter has it first, and nobody after them.
    assert (await post.ask(thief, "POST", path))[0] == 200
    await post.company("third", post.mail)
    assert (await post.ask(post.mail, "POST", path))[1]["error"]["code"] == "invite_used"


@pytest.mark.parametrize("end", ["revoked", "declined", "expired", "archived"])
async def test_what_is_over_is_taken_by_nobody(post: Post, end: str) -> None:
    room, mina = post.room, post.room.cast.mina
    channel = await room.channel(mina)
    await post.ask("mina", "POST", f"/channels/{channel}/shares", email=post.mail)
    path, invite = f"/channel-invitations/{post.secret()}", post.secret().partition(".")[0]
    await post.company("newcomer", post.mail)
    if end == "revoked":
        assert (await post.ask("mina", "POST", f"/channels/invites/{invite}/decline"))[0] == 204
    elif end == "declined":
        await post.ask(post.mail, "POST", path)
        assert (await post.ask(post.mail, "POST", f"/channels/invites/{invite}/decline"))[0] == 204
    elif end == "expired":
        room.clock.advance(timedelta(days=14))
    else:
        await room.channels.archive(mina, channel)
    code = "channel_archived" if end == "archived" else "invalid_link"
    assert (await post.ask(post.mail, "GET", path))[1]["invitation"]["why"] == code
    assert (await post.ask(post.mail, "POST", path))[1]["error"]["code"] == code
    if end == "revoked":  # and one may be asked anew
        assert (await post.ask("mina", "POST", f"/channels/{channel}/shares", email=post.mail))[0] == 201


async def test_slacks_method_writes_the_letter_and_says_the_link(post: Post) -> None:
    room = post.room
    channel = await room.channel(room.cast.mina)
    made = await post.slack("mina", "conversations.inviteShared", channel=channel, emails=post.mail)
    assert (made["ok"], made["url"].endswith(post.secret())) == (True, True)
    (sent,) = (await post.slack("mina", "conversations.listConnectInvites"))["invites"]
    assert (sent["status"], sent["invite"]["recipient_email"]) == ("sent", post.mail)
    known = await post.slack("mina", "conversations.inviteShared", channel=channel, emails="rina@rival.example")
    assert (known["ok"], "url" in known, len(post.letters)) == (True, False, 1)
    colleague = post.mail.replace("nari", "own")
    await room.cast.governance.create_user(room.cast.mina, colleague, "A colleague")
    own = await post.slack("mina", "conversations.inviteShared", channel=channel, emails=colleague)
    assert own["error"] == "user_not_found"
    told = [one.event for one in await room.told(room.cast.tenant.workspace)]
    assert told.count("Channel Share Offered") == 2


async def test_a_letter_goes_only_when_an_administrator_lets_it(post: Post) -> None:
    room, cast = post.room, post.room.cast
    await cast.governance.policies.set(cast.mina, "connect.gate", "admins")
    channel = await room.channel(cast.mina, cast.joon)
    post.tokens["joon"] = await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["*"])
    status, made = await post.ask("joon", "POST", f"/channels/{channel}/shares", email=post.mail)
    assert (status, made["requested"], made["link"], post.letters) == (201, True, "", [])
    (asked,) = (await post.slack("mina", "conversations.requestSharedInvite.list"))["invite_requests"]
    assert (await post.slack("mina", "conversations.requestSharedInvite.approve", invite_id=asked["id"]))["ok"]
    assert [to for to, _, _ in post.letters] == [post.mail]


async def test_a_channel_that_is_full_takes_no_more_invitations(post: Post) -> None:
    room, cast = post.room, post.room.cast
    channel = await room.channel(cast.mina, cast.joon)
    await room.channels.set_prefs(cast.mina, channel, {"membership_limit": 2})
    for given in ({"emails": post.mail}, {"emails": "rina@rival.example"}, {"user_ids": cast.rina.user}):
        answer = await post.slack("mina", "conversations.inviteShared", channel=channel, **given)
        assert answer["error"] == "member_limit_exceeded"
    assert post.letters == []
