"""Every event from outside passes these steps in this order; each changes it or refuses it with a reason.

Doors differ, the pipeline does not: what Segment's clients, an import or any later protocol bring is one `Incoming`.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from dure.feed.api import message_key
from dure.ingest import ruled
from dure.ingest.model import Held, Incoming, Reason, Refused
from dure.ingest.ruled import Noted, Ruled
from dure.ingest.rules import DEFAULT, Rules
from dure.kernel.ids import person_id, uuid7
from dure.kernel.tenant import Tenant
from dure.people.api import is_junk

Step = Callable[[Incoming], Reason | Refused | None]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=1)
# What a request is under way is not a wrong clock: a smaller difference leaves the sender's time alone.
UNDER_WAY = timedelta(seconds=5)
LONGEST = 255
DEEPEST = 64

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def require_name(incoming: Incoming) -> Reason | None:
    """An event has a name of at most 255 characters."""
    if not incoming.event or incoming.event.isspace():
        return Reason.NO_NAME
    return Reason.NAME_TOO_LONG if len(incoming.event) > LONGEST else None


def identify(incoming: Incoming) -> Reason | None:
    """An event says who did it; placeholders are no ids, and where nothing else is left the event is refused.

    The user id wins over an anonymous one. Who an id stands for is known without a look-up. An account's own traits
    need nobody.
    """
    # Also so that what is remembered of ids stays small.
    if len(incoming.user) > LONGEST or len(incoming.anonymous) > LONGEST:
        return Reason.ID_TOO_LONG
    who = _who(incoming.workspace, incoming.user, incoming.anonymous)
    if isinstance(who, Reason):
        if incoming.event == "Account Identified" and incoming.account and who is not Reason.ID_TOO_LONG:
            incoming.user = incoming.anonymous = ""
            return None
        return who
    incoming.user, incoming.anonymous, incoming.distinct_id, incoming.person = who
    return Reason.JUNK_ID if incoming.previous and is_junk(incoming.previous) else None


def bound_ids(incoming: Incoming) -> Reason | None:
    """Other ids too are at most 255 characters and none of them a control character."""
    return (
        Reason.ID_TOO_LONG
        if _unfit(incoming.message_id) or _unfit(incoming.account) or _unfit(incoming.previous)
        else None
    )


def bound_depth(incoming: Incoming) -> Reason | None:
    """Properties nest at most 64 deep."""
    # Counting brackets is quick and never too low; only what has many is looked at closely.
    if incoming.raw.count(b"{") + incoming.raw.count(b"[") <= DEEPEST:
        return None
    return Reason.TOO_DEEP if _deeper_than(incoming.properties, DEEPEST) else None


def read_time(incoming: Incoming) -> Reason | None:
    """The sender's time as a UTC datetime; without one it happened when it arrived."""
    if incoming.claimed is None or incoming.claimed == "":
        incoming.time = incoming.received
        incoming.sent = None
        return None
    incoming.time = as_time(incoming.claimed)
    return Reason.TIME_UNREADABLE if incoming.time is None else None


def correct_clock(incoming: Incoming) -> Reason | None:
    """time = received - (sent - claimed): a sender whose clock is wrong is wrong by the same at both moments."""
    if incoming.sent is None or incoming.time is None:
        return None
    wrong_by = incoming.received - incoming.sent
    if abs(wrong_by) < UNDER_WAY:
        return None
    claimed = incoming.time
    try:
        incoming.time = claimed + wrong_by
    except OverflowError:
        return Reason.TIME_IN_FUTURE
    incoming.properties["original_time"] = claimed
    return None


def bound_times(incoming: Incoming) -> Reason | None:
    """Times lie between 1990 and an hour from now."""
    if incoming.time is None or incoming.time < EARLIEST:
        return Reason.TIME_TOO_EARLY
    return Reason.TIME_IN_FUTURE if incoming.time > incoming.received + AHEAD else None


def note_device(incoming: Incoming) -> Reason | None:
    """An anonymous id beside the user's is noted, and `people` makes the two one person."""
    properties, anonymous = incoming.properties, incoming.anonymous
    if "anonymous_id" in properties:
        # The name is ours: what it says joins people. A sender's own property of that name must not.
        properties["sent_anonymous_id"] = properties.pop("anonymous_id")
    # Traits of a device alone carry it too: so the id is told from one that somebody signed in under.
    if anonymous and anonymous != incoming.user and (incoming.user or incoming.event == "Identified"):
        properties["anonymous_id"] = anonymous
    return None


def name_message(incoming: Incoming) -> Reason | None:
    """An event without a message id gets one, so it can never be told from a second one like it."""
    if not incoming.message_id:
        incoming.message_id = str(uuid7())
    return None


# Steps of `ruled` run only where the workspace's rules want them.
PIPELINE: Sequence[Step | Ruled] = (
    require_name,
    identify,
    bound_ids,
    bound_depth,
    read_time,
    correct_clock,
    bound_times,
    ruled.rename_event,
    ruled.refuse_blocked,
    ruled.refuse_unplanned,
    ruled.follow_plan,
    ruled.read_agent,
    ruled.read_campaign,
    ruled.drop_address,
    ruled.spare_personal_data,
    note_device,
    name_message,
    ruled.await_approval,
)


def chosen(rules: Rules, noted: Noted) -> list[Step]:
    """The steps that the rules need, in order: made once for a batch, so that what is not used costs nothing."""
    return [
        step.bound(rules, noted) if isinstance(step, Ruled) else step
        for step in PIPELINE
        if not isinstance(step, Ruled) or step.wanted(rules)
    ]


class Line(msgspec.Struct, omit_defaults=True, gc=False):
    """A line of the feed: those fields of `feed.api.Event` that something from outside can have."""

    org: str
    workspace: str
    event: str
    time: datetime
    received_at: datetime
    message_id: str
    source: str
    person: UUID
    distinct_id: str
    account: str = ""
    properties: dict[str, Any] = {}


class Passed(msgspec.Struct):
    """What came through: feed lines with their keys, what was refused by its place among all, and what rules noted."""

    lines: list[Line]
    keys: array[int]
    refused: dict[int, Refused]
    noted: Noted

    def refused_only(self) -> Passed:
        """What is left where nothing may be stored unless all of it is."""
        return Passed([], array("Q"), self.refused, Noted())

    @property
    def body(self) -> bytes:
        """The lines as a batch of the feed has them."""
        return _encode_lines(self.lines)[:-1]


def run(events: Iterable[Incoming | Refused], tenant: Tenant, source: str, rules: Rules = DEFAULT) -> Passed:
    """Takes decoded events through every step and writes the lines of those that pass."""
    lines: list[Line] = []
    keys = array("Q")
    passed = Passed(lines, keys, {}, Noted())
    steps = chosen(rules, passed.noted)
    org, workspace = tenant.org, tenant.workspace
    salt = workspace.encode()
    for place, incoming in enumerate(events):
        if isinstance(incoming, Refused):
            passed.refused[place] = incoming
            continue
        incoming.workspace = workspace
        for step in steps:
            reason = step(incoming)
            if reason is not None:
                if reason is Reason.WAITING_FOR_APPROVAL:
                    passed.noted.held.append(_held(incoming, tenant, source))
                else:
                    passed.refused[place] = reason if isinstance(reason, Refused) else Refused(reason, incoming.raw)
                break
        else:
            assert incoming.time is not None  # noqa: S101 - read_time is a step
            lines.append(
                Line(
                    org, workspace, incoming.event, incoming.time, incoming.received, incoming.message_id, source,
                    incoming.person, incoming.distinct_id, incoming.account, incoming.properties,
                )
            )  # fmt: skip
            keys.append(message_key(salt, incoming.message_id))
    return passed


def renamed(line: bytes, name: str) -> bytes:
    """A line of the feed with another name for its event."""
    read = _read_line(line)
    read.event = name
    return _encode(read)


def keys_of(workspace: str, lines: Iterable[bytes]) -> bytes:
    """The duplicate keys of lines of the feed, eight bytes for each."""
    salt = workspace.encode()
    return array("Q", (message_key(salt, _read_line(line).message_id) for line in lines)).tobytes()


def source_of(line: bytes) -> str:
    """Where a line of the feed came from."""
    return _read_line(line).source


def _held(incoming: Incoming, tenant: Tenant, source: str) -> Held:
    assert incoming.time is not None  # noqa: S101 - read_time is a step
    line = _encode(
        Line(
            tenant.org, tenant.workspace, incoming.event, incoming.time, incoming.received, incoming.message_id, source,
            incoming.person, incoming.distinct_id, incoming.account, incoming.properties,
        )
    )  # fmt: skip
    return Held(incoming.event, incoming.message_id, incoming.person, line, incoming.raw)


def as_time(value: str | float) -> datetime | None:
    """ISO 8601 text, or Unix seconds or milliseconds, as UTC; a text without a zone is UTC. None if unreadable."""
    try:
        if isinstance(value, str):
            if len(value) in (10, 13) and value.isdigit():  # Unix time written as text
                return as_time(int(value))
            read = datetime.fromisoformat(value)
            if read.tzinfo is UTC:
                return read
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        return datetime.fromtimestamp(value / 1000 if abs(value) > 100_000_000_000 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


@lru_cache(maxsize=1 << 16)
def _who(workspace: str, user: str, anonymous: str) -> tuple[str, str, str, UUID] | Reason:
    """What is left of two ids, the one that counts, and whose it is."""
    if not user and not anonymous:
        return Reason.NO_IDENTITY
    user, anonymous = "" if is_junk(user) else user, "" if is_junk(anonymous) else anonymous
    distinct_id = user or anonymous
    if not distinct_id:
        return Reason.JUNK_ID
    if _unfit(user) or _unfit(anonymous):
        return Reason.ID_TOO_LONG
    return user, anonymous, distinct_id, person_id(workspace, distinct_id)


def _unfit(id: str) -> bool:
    # What is printable holds no control character; asking that first spares the search.
    return len(id) > LONGEST or (not id.isprintable() and _CONTROL.search(id) is not None)


_encoder = msgspec.json.Encoder()
_encode, _encode_lines = _encoder.encode, _encoder.encode_lines
_read_line = msgspec.json.Decoder(Line).decode


def _deeper_than(value: object, levels: int) -> bool:
    layer: list[Any] = [value]
    while layer and levels > 0:
        layer = [
            item
            for outer in layer
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, dict | list)
        ]
        levels -= 1
    return bool(layer)
