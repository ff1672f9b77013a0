"""What channels offer automations: steps, and the events that may start one."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.api import Channels, Draft, ts_of, ts_text
from dure.channels.blockkit.fit import fit
from dure.channels.events import EVENTS
from dure.governance.api import Governance
from dure.state import Tx

__all__ = ["EVENTS", "steps"]


class Create(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any text may be the name: it is made fit for a channel and free. `members` and `creator` are user ids."""

    name: str
    purpose: str = ""
    topic: str = ""
    private: bool = False
    creator: str = ""
    members: list[str] = []


class Room(msgspec.Struct, frozen=True):
    """The channel's id and the name that it got."""

    channel: str
    name: str


class Invite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name. User ids, or a function (sales, ad_ops, …) whose people are all meant, or both."""

    channel: str
    users: list[str] = []
    function: str = ""


class Invited(msgspec.Struct, frozen=True):
    """The ids of those who were not in before."""

    users: list[str]


class Post(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name; `thread` the ts of what it answers."""

    channel: str
    text: str = ""
    blocks: list[Any] | None = None
    thread: str = ""
    username: str = ""


class Posted(msgspec.Struct, frozen=True):
    """Where the message stands, for a later channels.update or an answer in its thread."""

    channel: str
    ts: str


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message that an automation posted before, and what it says from now on."""

    channel: str
    ts: str
    text: str = ""
    blocks: list[Any] | None = None


def steps(api: Channels, governance: Governance) -> list[StepKind]:
    """channels.create, channels.invite, channels.post and channels.update; each once, in the run's transaction."""

    async def create(tx: Tx, call: StepCall, inputs: Create) -> Room:
        made = await api.create_in(
            tx, call.principal, inputs.name, private=inputs.private, purpose=inputs.purpose, topic=inputs.topic,
            members=inputs.members, creator=inputs.creator, unique=True,
        )  # fmt: skip
        return Room(made.id, made.name)

    async def invite(tx: Tx, call: StepCall, inputs: Invite) -> Invited:
        found = await api.info_in(tx, call.principal, inputs.channel)
        users = list(inputs.users)
        if inputs.function:
            everybody = await governance.users_in(tx, call.tenant)
            users += [user.id for user in everybody if user.function == inputs.function and not user.deleted]
        if not users:
            return Invited([])
        return Invited([*await api.invite_in(tx, call.principal, found.id, users)])

    async def post(tx: Tx, call: StepCall, inputs: Post) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        draft = Draft(
            inputs.text, fit(inputs.blocks), thread=ts_of(inputs.thread) if inputs.thread else None,
            username=inputs.username,
        )  # fmt: skip
        said = await api.post_in(tx, call.principal, found.id, draft)
        return Posted(found.id, ts_text(said.ts))

    async def update(tx: Tx, call: StepCall, inputs: Update) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        draft = Draft(inputs.text, fit(inputs.blocks))
        await api.update_in(tx, call.principal, found.id, ts_of(inputs.ts), draft)
        return Posted(found.id, inputs.ts)

    return [
        StepKind("channels.create", {"ko": "채널 만들기", "en": "Create a channel"}, Create, Room, create),
        StepKind("channels.invite", {"ko": "채널에 초대", "en": "Invite to a channel"}, Invite, Invited, invite),
        StepKind("channels.post", {"ko": "메시지 보내기", "en": "Post a message"}, Post, Posted, post),
        StepKind("channels.update", {"ko": "메시지 고치기", "en": "Change a message"}, Update, Posted, update),
    ]
