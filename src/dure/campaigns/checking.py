"""Whether a design makes sense: every problem with the field it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time

import msgspec

from dure.campaigns.design import (
    Branch,
    Delay,
    Design,
    HandOver,
    Messaging,
    Node,
    Split,
    Until,
    Update,
    Wait,
    Webhook,
    ways_on,
)
from dure.campaigns.model import Problem
from dure.campaigns.writing import check, fields
from dure.experiments.api import Measure, check_measures
from dure.kernel.errors import DureError
from dure.segments.api import duration, read_rule

MOST_NODES = 100
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TIME = re.compile(r"\d\d:\d\d")
_SCHEDULED = "A campaign that begins by the clock has an audience."


def problems_of(design: Design) -> Iterator[Problem]:
    """All of them, in the order in which a person would put them right."""
    if not any(name.strip() for name in design.name.values()) or any(len(name) > 200 for name in design.name.values()):
        yield Problem("name", "A campaign has a name of at most 200 characters.")
    yield from _entry(design)
    yield from _nodes(design)
    for number, leaving in enumerate(design.exits):
        field = f"exits[{number}]"
        if (leaving.event is None) == (leaving.rule is None):
            yield Problem(field, "An exit is an event or a rule.")
        elif leaving.rule is not None:
            yield from _tried(f"{field}.rule", read_rule, leaving.rule, root="rule")
        elif not str(leaving.event).strip():
            yield Problem(f"{field}.event", "An exit names an event.")
    if design.goal is not None and not design.goal.event.strip():
        yield Problem("goal.event", "A campaign has a trigger event and a goal event.")
    yield from _tried("window", duration, design.window)
    if not 0 <= design.holdout < 1:
        yield Problem("holdout", "`holdout` is 0 or more and less than 1.")
    for number, guard in enumerate(design.guardrails):
        yield from _guarded(guard, f"guardrails[{number}]")
    if not 1 <= design.priority <= 5:
        yield Problem("priority", "`priority` is 1 (first) to 5.")
    if not design.topic.strip() or len(design.topic) > 60:
        yield Problem("topic", "A campaign has a topic, such as marketing.")


def _guarded(guard: Measure, field: str) -> Iterator[Problem]:
    try:
        check_measures((msgspec.structs.replace(guard, role="guardrail"),), field)
    except DureError as error:
        yield Problem(error.field or field, error.message)


def _entry(design: Design) -> Iterator[Problem]:
    entry, kind = design.entry, design.kind
    by_clock = entry.at is not None or entry.every is not None
    if kind == "triggered" and entry.trigger is None:
        yield Problem("entry.trigger", "A triggered campaign has a trigger event.")
    if kind in ("once", "recurring") and entry.trigger is not None:
        yield Problem("entry.trigger", "A campaign that begins by the clock has no trigger.")
    if kind == "recurring" and entry.every is None:
        yield Problem("entry.every", "A recurring campaign says when it comes again.")
    if kind != "recurring" and entry.every is not None and kind != "journey":
        yield Problem("entry.every", "Only a recurring campaign or a journey comes again.")
    if entry.at is not None and entry.every is not None:
        yield Problem("entry.at", "Either at a time or every so often.")
    if entry.trigger is not None and by_clock:
        yield Problem("entry.at", "A campaign begins at an event or by the clock.")
    if (kind in ("once", "recurring") or (kind == "journey" and entry.trigger is None)) and entry.audience is None:
        yield Problem("entry.audience", _SCHEDULED)
    if entry.trigger is not None and not entry.trigger.event.strip():
        yield Problem("entry.trigger.event", "A campaign has a trigger event and a goal event.")
    if entry.audience is not None:
        yield from _tried("entry.audience", read_rule, entry.audience, root="rule")
    if entry.at is not None and not _is_local(entry.at):
        yield Problem("entry.at", "`at` is a local date and time such as 2026-12-01T09:00.")
    if (every := entry.every) is not None:
        if (every.days is None) == (every.day is None):
            yield Problem("entry.every.days", "Either weekdays or a day of the month.")
        if every.days is not None and not every.days:
            yield Problem("entry.every.days", "Name at least one weekday.")
        if every.day is not None and not 1 <= every.day <= 28:
            yield Problem("entry.every.day", "`day` is 1 to 28, which every month has.")
        yield from _clock(every.time, "entry.every.time")
        if every.until is not None and not _is_date(every.until):
            yield Problem("entry.every.until", "`until` is a date such as 2026-12-31.")
    if (again := entry.again) is not None:
        yield from _tried("entry.again.after", duration, again.after)
        if again.most is not None and again.most < 1:
            yield Problem("entry.again.most", "`most` is 1 or more, or left out.")


def _nodes(design: Design) -> Iterator[Problem]:
    nodes = design.nodes
    if not 1 <= len(nodes) <= MOST_NODES:
        yield Problem("nodes", f"A campaign has 1 to {MOST_NODES} nodes.")
        return
    ids = [node.id for node in nodes]
    for number, node in enumerate(nodes):
        if not _ID.fullmatch(node.id):
            yield Problem(f"nodes[{number}].id", "An id is letters, digits, - and _, at most 64.")
        elif ids.index(node.id) != number:
            yield Problem(f"nodes[{number}].id", f"There are two nodes {node.id}.")
    known = design.by_id
    if design.start not in known:
        yield Problem("start", f"There is no node {design.start!r}.")
    for number, node in enumerate(nodes):
        for name, to in ways_on(node):
            if to is not None and to not in known:
                yield Problem(f"nodes[{number}].{name}", f"There is no node {to!r}.", "missing_node")
        yield from _node(node, f"nodes[{number}]")
    reached = _reached(design)
    for number, node in enumerate(nodes):
        if design.start in known and node.id not in reached:
            yield Problem(f"nodes[{number}].id", f"Nothing leads to the node {node.id}.", "unreachable")
    circle = _circle(nodes)
    if circle:
        yield Problem(
            f"nodes[{ids.index(circle[0])}].id",
            f"{' → '.join(circle)}: a circle needs a delay, or it would never end.", "circle",
        )  # fmt: skip


def _node(node: Node, field: str) -> Iterator[Problem]:
    if isinstance(node, Delay):
        if node.for_ is None and node.until is None:
            yield Problem(f"{field}.for", "A delay lasts for a while, or until a time.")
        if node.for_ is not None:
            yield from _tried(f"{field}.for", duration, node.for_)
        yield from _until(node.until, f"{field}.until")
    elif isinstance(node, Wait):
        if not node.event.event.strip():
            yield Problem(f"{field}.event.event", "Say which event is waited for.")
        if node.within is None and node.until is None:
            yield Problem(f"{field}.within", "A wait ends at some time: within a while, or until a time.")
        if node.within is not None:
            yield from _tried(f"{field}.within", duration, node.within)
        yield from _until(node.until, f"{field}.until")
    elif isinstance(node, Branch):
        if not node.when:
            yield Problem(f"{field}.when", "A branch has at least one case.")
        for number, case in enumerate(node.when):
            yield from _tried(f"{field}.when[{number}].rule", read_rule, case.rule, root="rule")
    elif isinstance(node, Split):
        names = [arm.name for arm in node.arms]
        if len(names) < 2 or len(set(names)) < len(names) or not all(name.strip() for name in names):
            yield Problem(f"{field}.arms", "A split has two arms or more, each with a name of its own.")
        for number, arm in enumerate(node.arms):
            if not arm.share > 0:
                yield Problem(f"{field}.arms[{number}].share", "A share is more than 0.")
    elif isinstance(node, Messaging):
        yield from _message(node, field)
    elif isinstance(node, Update):
        if not 1 <= len(node.traits) <= 50:
            yield Problem(f"{field}.traits", "Say which traits become what; at most 50.")
        for name, value in node.traits.items():
            if isinstance(value, str):
                yield from _tried(f"{field}.traits.{name}", check, value, name)
    elif isinstance(node, Webhook):
        if not re.match(r"https?://[^\s/]+", node.url):
            yield Problem(f"{field}.url", "`url` begins with https:// or http://.")
        for name, value in node.headers.items():
            if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", name) or re.search(r"[\r\n]", value):
                yield Problem(f"{field}.headers.{name}", "That is no header.")
        yield from _tried(f"{field}.body", check, node.body, field)
        yield from _tried(f"{field}.url", check, node.url, field)
    elif isinstance(node, HandOver):
        if node.to == "channel" and not node.channel.strip():
            yield Problem(f"{field}.channel", "Say which channel it is handed to.")
        if not node.text.strip():
            yield Problem(f"{field}.text", "Say what they are handed over for.")
        yield from _tried(f"{field}.text", check, node.text, field)


def _message(node: Messaging, field: str) -> Iterator[Problem]:
    yield from fields.problems(node, f"{field}.texts")
    if node.items is not None and not 1 <= node.items.count <= 20:
        yield Problem(f"{field}.items.count", "`count` is 1 to 20.")


def _until(until: Until | None, field: str) -> Iterator[Problem]:
    if until is not None:
        yield from _clock(until.time, f"{field}.time")
        if until.days is not None and not until.days:
            yield Problem(f"{field}.days", "Name at least one weekday, or leave them out.")


def _clock(text: str, field: str) -> Iterator[Problem]:
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        time.fromisoformat(text)
    except ValueError:
        yield Problem(field, f"{text!r} is not a time such as 09:00.")


def _is_local(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _tried(field: str, act: Callable[..., object], *given: object, root: str = "") -> Iterator[Problem]:
    """What an act refuses, as a problem of this field; a place below `root` that it names is kept."""
    try:
        act(*given)
    except DureError as error:
        below = (error.field or "").removeprefix(root) if root and (error.field or "").startswith(root) else ""
        yield Problem(field + below, error.message)


def _reached(design: Design) -> set[str]:
    known, seen, open_ = design.by_id, set[str](), [design.start]
    while open_:
        here = open_.pop()
        if here in known and here not in seen:
            seen.add(here)
            open_ += [to for _, to in ways_on(known[here]) if to is not None]
    return seen


def _circle(nodes: Sequence[Node]) -> list[str]:
    """A circle of nodes of which none takes time, [] where there is none."""
    quick = {node.id: node for node in nodes if not isinstance(node, Delay | Wait)}
    done: set[str] = set()

    def walk(id: str, path: list[str]) -> list[str]:
        if id in path:
            return [*path[path.index(id) :], id]
        if id in done or id not in quick:
            return []
        for _, to in ways_on(quick[id]):
            if to is not None and (found := walk(to, [*path, id])):
                return found
        done.add(id)
        return []

    return next(filter(None, (walk(start, []) for start in quick)), [])
