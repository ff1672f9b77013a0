"""A campaign's design as a value: how people come in, the nodes they pass, and what takes them out again.

Everything is JSON that reads as it is written here. The short form of a campaign with one message (`trigger`, `texts`,
`wait`, `goal`, `audience` at the top) is read too and unfolds into a delay and a message.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from dure.experiments.api import Measure
from dure.kernel.filters import Filter

Kind = Literal["once", "recurring", "triggered", "journey"]
Channel = Literal["email", "web_push", "push", "sms", "in_app", "webhook", "post"]
CHANNELS: tuple[Channel, ...] = ("email", "web_push", "push", "sms", "in_app", "webhook", "post")
Zone = Literal["person", "workspace"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Events of a name whose properties meet the filters."""

    event: str
    where: tuple[Filter, ...] = ()


Trigger = Selector


class Every(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a recurring campaign goes out: on these weekdays, or on this day of the month, at a time of the clock.

    `until` is the last date, as `2026-12-31`.
    """

    time: str
    days: tuple[Day, ...] | None = None
    day: int | None = None
    until: str | None = None


class Again(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether somebody may come in once more: so long `after` they came in, were last sent something, or went out; at
    `most` so many times in all."""

    after: str
    clock: Literal["entry", "send", "exit"] = "entry"
    most: int | None = None


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How people come in. Without `again` everybody does so once, ever.

    `audience` is a segment's rule. `at` is a local date and time, `zone` whose clock it and `every` mean: without a
    zone of their own, people have the workspace's.
    """

    audience: dict[str, Any] | None = None
    trigger: Selector | None = None
    at: str | None = None
    every: Every | None = None
    zone: Zone = "workspace"
    again: Again | None = None


class Until(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The next time the clock shows `time`, on one of `days` where they are given."""

    time: str
    days: tuple[Day, ...] | None = None
    zone: Zone = "workspace"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A message in one language, in the words of its channel: e-mail has `subject`, `preheader` and `body` or `mjml`;
    pushes `title`, `body`, `url`, `image`; an SMS and a webhook `body`; a card or banner `form`, `title`, `body`,
    `url`, `button`, `image`, `expires`; a post `text` and the channel `to` which it goes."""

    subject: str = ""
    preheader: str = ""
    body: str = ""
    mjml: str = ""
    title: str = ""
    url: str = ""
    image: str = ""
    form: str = ""
    button: str = ""
    expires: str = ""
    text: str = ""
    to: str = ""


class Items(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is recommended in a message: `items[0]` … in its texts."""

    kind: Literal["blend", "together", "collaborative", "popular", "live", "resurrect", "new"] = "together"
    count: int = 3


class Delay(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="delay"
):  # fmt: skip
    """Goes on after a while, then at the next such time; one of both at least."""

    id: str
    for_: str | None = msgspec.field(default=None, name="for")
    until: Until | None = None
    next: str | None = None


class Wait(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="wait"
):  # fmt: skip
    """Goes on by `then` at the event, by `else` when it did not come `within` the time (or `until` it)."""

    id: str
    event: Selector
    within: str | None = None
    until: Until | None = None
    then: str | None = None
    else_: str | None = msgspec.field(default=None, name="else")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way on, for those for whom a rule holds."""

    rule: dict[str, Any]
    next: str | None = None


class Branch(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="branch"
):  # fmt: skip
    """The first case whose rule holds, else `else`."""

    id: str
    when: tuple[Case, ...]
    else_: str | None = msgspec.field(default=None, name="else")


class Arm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the people that a split draws; shares are compared with each other."""

    name: str
    share: float
    next: str | None = None


class Split(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="split"
):  # fmt: skip
    """Draws by a hash of campaign, node and person: the same arm for ever."""

    id: str
    arms: tuple[Arm, ...]


class Messaging(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="message"
):  # fmt: skip
    """Sends one message, at most once a way. `quiet`: what to do where the person's quiet hours are."""

    id: str
    channel: Channel
    texts: dict[str, Text]
    items: Items | None = None
    quiet: Literal["wait", "skip", "ignore"] = "wait"
    next: str | None = None


class Update(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="update"
):  # fmt: skip
    """States traits of the person; texts may have holes."""

    id: str
    traits: dict[str, Any]
    next: str | None = None


class Webhook(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="webhook"
):  # fmt: skip
    """Calls an address once a way; what nobody knows the outcome of is not repeated."""

    id: str
    url: str
    method: Literal["POST", "PUT", "PATCH", "GET", "DELETE"] = "POST"
    headers: dict[str, str] = {}
    body: str = ""
    next: str | None = None


class HandOver(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="hand_over"
):  # fmt: skip
    """Writes *Campaign Handed Over*, which an automation takes on to a channel or a deal."""

    id: str
    to: Literal["channel", "deal"] = "channel"
    channel: str = ""
    text: str = ""
    next: str | None = None


class Exit(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="exit"
):  # fmt: skip
    """Ends the way here."""

    id: str
    reason: str = "exit"


Node = Delay | Wait | Branch | Split | Messaging | Update | Webhook | HandOver | Exit
Acting = Messaging | Update | Webhook | HandOver
"""Nodes that do something to somebody: the control passes them and nothing is done."""


class Leaving(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Takes people out: at an event, or for whom a rule holds. One of both."""

    event: str | None = None
    where: tuple[Filter, ...] = ()
    rule: dict[str, Any] | None = None


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that makes a campaign what it is.

    `holdout` of those whom it would do something to are its control, from the moment it would have; the goal counts
    within `window` of that moment. `priority` 1 goes first where two campaigns compete. `guardrails` are metrics, as
    experiments have them, that must not suffer by more than their `margin`.
    """

    name: dict[str, str]
    kind: Kind
    entry: Entry
    start: str
    nodes: tuple[Node, ...]
    exits: tuple[Leaving, ...] = ()
    goal: Selector | None = None
    window: str = "1d"
    holdout: float = 0.5
    global_holdout: bool = True
    priority: int = 3
    topic: str = "marketing"
    experiment: str | None = None
    guardrails: tuple[Measure, ...] = ()

    @property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @property
    def messages(self) -> tuple[Messaging, ...]:
        """Its message nodes in the order they are written."""
        return tuple(node for node in self.nodes if isinstance(node, Messaging))


def ways_on(node: Node) -> list[tuple[str, str | None]]:
    """Every way on from a node: the field's name and where it leads, None where it ends the way."""
    if isinstance(node, Wait):
        return [("then", node.then), ("else", node.else_)]
    if isinstance(node, Branch):
        return [*((f"when[{n}].next", case.next) for n, case in enumerate(node.when)), ("else", node.else_)]
    if isinstance(node, Split):
        return [(f"arms[{n}].next", arm.next) for n, arm in enumerate(node.arms)]
    return [] if isinstance(node, Exit) else [("next", node.next)]
