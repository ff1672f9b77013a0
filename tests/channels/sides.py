"""Three organisations and a fourth: five shared channels, one for each way a channel can stand, with marks to look for.

Every channel has its own host's person and its own person of the other side, so that who is met is met there alone.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from PIL import Image

from dure.channels import routes as channel_routes
from dure.channels.api import Draft, ts_of
from dure.channels.canvas.routes import router as page_router
from dure.channels.connect.copies import copy_of
from dure.channels.delivery.follow import DeliveryFollower
from dure.channels.files.door import file_door
from dure.channels.files.routes import router as file_router
from dure.channels.interaction import routes as interaction_routes
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.model import ts_text
from dure.channels.notice.follow import NoticeFollower
from dure.channels.places import ChannelPlaces
from dure.channels.plugs import Answer
from dure.channels.routes import notices as notice_routes
from dure.channels.routes import search as search_routes
from dure.channels.search.index import Indexer
from dure.channels.slack.door import slack_router
from dure.channels.visibility import Looker, Standing
from dure.governance.api import Principal, Role, User
from dure.web import front
from dure.web.push import Sender
from dure.web.routing import include
from tests.channels.room import Room, room_of

STANDINGS: tuple[Standing, ...] = ("open", "private", "archived", "pending", "gone")
_SIDES = ("host", "other", "post")
_BUTTON = [{"type": "actions", "block_id": "b", "elements": [
    {"type": "button", "action_id": "go", "value": "1", "text": {"type": "plain_text", "text": "Go"}}]}]  # fmt: skip


@dataclass
class Place:
    """A channel: its id, that of the copy which the other side kept, and what is in it."""

    channel: str
    ts: str = ""
    page: str = ""
    copy: str = ""
    people: dict[str, User] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)  # what each side's app said, with a button


@dataclass(frozen=True)
class Actor:
    """Somebody who looks: of which side (`third`: of none), as what, and in which channels they are."""

    name: str
    side: str
    looker: Looker
    principal: Principal
    token: str
    only: Standing | None = None  # a single-channel guest's, a person's of one channel

    def is_in(self, standing: Standing) -> bool:
        return self.looker in ("member", "guest", "guest_of_one", "app", "post_only") and self.only in (None, standing)


class Answering:
    """Every app answers; `heard` are the workspaces whose apps were told something."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def ask(self, app: str, workspace: str, kind: str, payload: Mapping[str, Any]) -> Answer:
        self.heard.append(workspace)
        return Answer(True)


@dataclass
class Sides:
    room: Room
    http: httpx.AsyncClient
    apps: Answering
    places: dict[Standing, Place] = field(default_factory=dict)
    actors: list[Actor] = field(default_factory=list)

    async def step(self) -> None:
        """What follows the feed comes up with it."""
        state, clock, governance = self.room.state, self.room.clock, self.room.cast.governance
        indexer, delivery = Indexer(state), DeliveryFollower(state, clock, governance)
        notices = NoticeFollower(state, clock, governance)
        for follower in (indexer, delivery, notices):
            while await follower.step():
                pass


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "PNG")
    return out.getvalue()


async def _parts(content: bytes) -> AsyncIterator[bytes]:
    yield content


@asynccontextmanager
async def open_sides(postgres_url: str, template: str) -> AsyncIterator[Sides]:
    async with room_of(postgres_url, template) as room:
        app, cast = FastAPI(), room.cast
        app.state.governance = cast.governance
        front.install(app)
        include(app, slack_router(room.services()))
        include(app, notice_routes.router(room.channels, Sender(b"key", "mailto:dure@sorimaru.example")))
        include(app, channel_routes.router(room.channels))
        include(app, file_router(room.files, room.channels))
        include(app, file_door(room.files))
        include(app, page_router(room.pages, room.channels))
        include(app, search_routes.router(room.search, room.channels))
        apps, asides = Answering(), ShownAsides(room.clock, room.channels)
        interaction = Interaction(room.state, room.clock, cast.governance, room.channels, apps, asides)
        include(app, interaction_routes.router(interaction))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://dure", headers={"accept-encoding": "identity"}
        ) as http:
            sides = Sides(room, http, apps)
            await NoticeFollower(room.state, room.clock, cast.governance).step()
            await _fill(sides)
            await sides.step()
            yield sides


async def _fill(sides: Sides) -> None:
    room, cast = sides.room, sides.room.cast
    governance, channels = cast.governance, room.channels
    governance.seats.places = ChannelPlaces(channels)
    post = await governance.found("Post", "post", "pia@post.example", name="Pia")
    third = await governance.found("Third", "third", "dan@third.example", name="Dan")
    owners = {
        "host": cast.mina, "other": cast.rina, "post": await governance.principal(post.user_token),
        "third": await governance.principal(third.user_token),
    }  # fmt: skip
    for side in _SIDES:
        for kind in ("connect.approval_out", "connect.approval_in"):
            await governance.policies.set(owners[side], kind, "none")

    async def somebody(side: str, name: str, role: Role = Role.MEMBER, **guest: Any) -> tuple[Principal, User]:
        made = await governance.create_user(
            owners[side], f"mail-{name}@{side}.example", f"name-{name}", role=role, **guest
        )
        kind = made.guest if role is Role.GUEST else ""
        return Principal(owners[side].tenant, made.id, role, guest=kind), made

    async def actor(name: str, side: str, looker: Looker, who: Principal, only: Standing | None = None) -> None:
        token = await governance.create_token(owners[side], "user", who.user, ["*"])
        sides.actors.append(Actor(name, side, looker, who, token, only))

    bots = {"host": cast.bot_token}
    for side in ("other", "post", "third"):
        bots[side] = await governance.create_token(owners[side], "bot", "dure", ["*"])
    bot_principals = {side: await governance.principal(token) for side, token in bots.items()}

    # People of each side beside those of one channel.
    inside: dict[str, list[Principal]] = {}
    for side in ("host", "other"):
        member, _ = await somebody(side, f"member-{side}")
        guest, _ = await somebody(side, f"guest-{side}", Role.GUEST)
        colleague, _ = await somebody(side, f"outsider-{side}")
        outside, _ = await somebody(side, f"guest-elsewhere-{side}", Role.GUEST)
        inside[side] = [member, guest, bot_principals[side]]
        await actor(f"{side}: member", side, "member", member)
        await actor(f"{side}: guest of several", side, "guest", guest)
        await actor(f"{side}: colleague", side, "colleague", colleague)
        await actor(f"{side}: guest elsewhere", side, "guest_outside", outside)
        await actor(f"{side}: administrator", side, "administrator", owners[side])
        sides.actors.append(Actor(f"{side}: app", side, "app", bot_principals[side], bots[side]))
        await channels.colleagues.groups.create(owners[side], f"group-{side}", handle=f"group-{side}")
        await channels.add_emoji(owners[side], f"emoji-{side}", picture=picture("red"))
    writer, _ = await somebody("post", "member-post")
    colleague, _ = await somebody("post", "outsider-post")
    inside["post"] = [writer]
    await actor("post-only: member", "post", "post_only", writer)
    await actor("post-only: colleague", "post", "post_only_outside", colleague)
    await actor("post-only: administrator", "post", "post_only_outside", owners["post"])
    sides.actors.append(Actor("post-only: app", "post", "post_only_app", bot_principals["post"], bots["post"]))
    await actor("third organisation: owner", "third", "stranger", owners["third"])
    sides.actors.append(Actor("third organisation: app", "third", "stranger", bot_principals["third"], bots["third"]))

    for standing in STANDINGS:
        host, host_user = await somebody("host", f"host-{standing}")
        other, other_user = await somebody("other", f"other-{standing}")
        made = await channels.create(
            host, f"a-{standing}", private=standing == "private", topic=f"room-{standing}",
            members=[one.user for one in inside["host"]],
        )  # fmt: skip
        single, _ = await somebody("host", f"single-{standing}", Role.GUEST, guest="single", channels=[made.id])
        await actor(f"host: guest of {standing} alone", "host", "guest_of_one", single, standing)
        place = Place(made.id, people={"host": host_user, "other": other_user})
        sides.places[standing] = place
        for who, name in ((host, "host"), (other, "other")):
            await channels.colleagues.profiles.change(who, "", {"phone": f"phone-{name}-{standing}"})
        connected = standing != "pending"
        for side, who in (("other", other), ("post", inside["post"][0])):
            invite = await channels.invite_shared(host, made.id, user=who.user, limited=side == "post")
            if connected:
                private = standing == "private"
                await channels.accept_invite(who, invite.id, f"{side}s-{standing}", private=private)
                if side == "other":
                    await channels.invite(who, made.id, [one.user for one in inside["other"]])
                    name = f"single-other-{standing}"
                    single, _ = await somebody(side, name, Role.GUEST, guest="single", channels=[made.id])
                    await actor(f"other: guest of {standing} alone", side, "guest_of_one", single, standing)
        for side in ("host", "other") if connected else ("host",):
            said = await channels.post(bot_principals[side], made.id, Draft("choose", blocks=_BUTTON))
            place.buttons[side] = ts_text(said.ts)
        await _talk(sides, place, standing, host, other if connected else None)
    # How they stand in the end.
    for standing, place in sides.places.items():
        host = Principal(owners["host"].tenant, place.people["host"].id, Role.MEMBER)
        other = Principal(owners["other"].tenant, place.people["other"].id, Role.MEMBER)
        if standing == "gone":
            for side in ("other", "post"):
                await channels.disconnect(host, place.channel, owners[side].tenant.workspace)
            async with room.state.begin_system() as tx:
                kept = await copy_of(tx, other.tenant.workspace, place.channel)
                assert kept is not None
                assert await copy_of(tx, owners["post"].tenant.workspace, place.channel) is None
            place.copy = kept[0]
        room.clock.advance(timedelta(seconds=1))
        await channels.post(host, place.channel, Draft(f"<!channel> live-{standing}"))
        if standing == "archived":
            await channels.archive(host, place.channel)
            await channels.archive(other, place.channel)


async def _talk(sides: Sides, place: Place, standing: Standing, host: Principal, other: Principal | None) -> None:
    room, channels, channel = sides.room, sides.room.channels, place.channel
    for name, who in (("host", host), ("other", other)):
        if who is None:
            continue
        colour = "green" if name == "host" else "blue"
        file = await room.files.upload(who, f"file-{name}-{standing}.png", _parts(picture(colour)))
        place.files[name] = file.id
        said = await channels.post(who, channel, Draft(f"picture of {name}", files=(file.id,)))
        room.clock.advance(timedelta(seconds=1))
        await room.files.publish(who, file.id, True)
        assert said.files
    said = await channels.post(host, channel, Draft(f"room-{standing} said"))
    place.ts = ts_text(said.ts)
    await channels.post(host, channel, Draft(f"room-{standing} replied", thread=said.ts))
    await channels.react(host, channel, ts_of(place.ts), "tada")
    await channels.pin(host, channel, said.ts)
    await channels.bookmark(host, channel, f"room-{standing} link", "https://example.com/")
    page = await room.pages.write(host, channel, f"room-{standing} page", f"# room-{standing}", 0)
    place.page = page.id
    room.clock.advance(timedelta(seconds=1))
