"""Reading a definition: every mistake is found when it is saved, and the message names the field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from dure.automation import nodes, template, timing, workdays
from dure.automation.model import Definition, Limits, Node, Trigger
from dure.automation.plugs import StepKind, TriggerKind
from dure.kernel.errors import Invalid

_ID = re.compile(r"[A-Za-z][\w-]{0,59}")
_MOST_NODES = 200
_HEADER = re.compile(r"[A-Za-z0-9-]{0,80}")


def read(
    doc: object, kinds: Mapping[str, StepKind], things: frozenset[str] = frozenset(),
    triggers: Mapping[str, TriggerKind] | None = None,
) -> Definition:  # fmt: skip
    """A definition out of decoded JSON, checked against the kinds of steps and triggers there are.

    `things` are the names beside event, run and steps that templates may begin with. Nodes without an id get `n1`,
    `n2`, …. A run begins at the first node and ends at a node without `next`.
    """
    definition = _shape(doc)
    if definition.trigger.kind is not None:
        trigger = _meant(definition.trigger, triggers or {})
        definition = msgspec.structs.replace(definition, trigger=trigger)
    _check_trigger(definition)
    _check_limits(definition.limits)
    known = {node.id: node for node in definition.nodes}
    things |= {"item"} if any(node.kind == "each" for node in definition.nodes) else frozenset()
    for index, node in enumerate(definition.nodes):
        place = f"nodes[{index}]"
        if node.kind not in kinds and node.kind not in nodes.CONTROL:
            raise Invalid(f"There is no kind of step named {node.kind!r}.", field=f"{place}.kind")
        _check_next(node, known.keys(), place)
        inputs = nodes.CONTROL[node.kind] if node.kind in nodes.CONTROL else kinds[node.kind].inputs
        check_inputs(inputs, node.with_, f"{place}.with", node.kind)
        nodes.check(node, f"{place}.with")
        _check_chain(node, known, place)
        _check_holes(node, definition, kinds, things, f"{place}.with")
    return definition


def check_inputs(inputs: type[msgspec.Struct], given: Mapping[str, Any], place: str, kind: str) -> None:
    """Names and types of what is given to a step; a value with holes is checked when it is filled."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(inputs)}
    for name in given:
        if name not in fields:
            takes = ", ".join(fields) or "nothing"
            raise Invalid(f"{kind} does not take `{name}`; it takes {takes}.", field=f"{place}.{name}")
    for name, field in fields.items():
        if name not in given:
            if field.required:
                raise Invalid(f"{kind} needs `{name}`.", field=f"{place}.{name}")
        elif not template.has_holes(given[name]):
            try:
                msgspec.convert(given[name], field.type, strict=False)
            except msgspec.ValidationError as error:
                message, path = _split(error)
                raise Invalid(message, field=f"{place}.{name}{path}") from error


def _shape(doc: object) -> Definition:
    if isinstance(doc, Mapping) and isinstance(doc.get("nodes"), list):
        nodes_ = [
            {"id": f"n{index + 1}", **node} if isinstance(node, Mapping) else node
            for index, node in enumerate(doc["nodes"])
        ]
        doc = {**doc, "nodes": nodes_}
    try:
        definition = msgspec.convert(doc, Definition)
    except msgspec.ValidationError as error:
        message, path = _split(error)
        raise Invalid(message, field=path.lstrip(".") or "definition") from error
    if not definition.nodes:
        raise Invalid("An automation has at least one node.", field="nodes")
    if len(definition.nodes) > _MOST_NODES:
        raise Invalid(f"An automation has at most {_MOST_NODES} nodes.", field="nodes")
    seen: set[str] = set()
    for index, node in enumerate(definition.nodes):
        if not _ID.fullmatch(node.id):
            raise Invalid(f"{node.id!r} is not an id: letters, digits, - and _.", field=f"nodes[{index}].id")
        if node.id in seen:
            raise Invalid(f"Two nodes have the id {node.id!r}.", field=f"nodes[{index}].id")
        seen.add(node.id)
        if node.retries is not None and not 1 <= node.retries <= 20:
            raise Invalid("`retries` is between 1 and 20.", field=f"nodes[{index}].retries")
    return definition


def _meant(trigger: Trigger, triggers: Mapping[str, TriggerKind]) -> Trigger:
    """A trigger of a slice's kind with the event and the filters that its settings stand for."""
    kind = triggers.get(trigger.kind or "")
    if kind is None:
        known = ", ".join(sorted(triggers)) or "none"
        raise Invalid(f"There is no kind of trigger named {trigger.kind!r}; there are: {known}.", field="trigger.kind")
    check_inputs(kind.inputs, trigger.with_, "trigger.with", kind.name)
    given = msgspec.convert(trigger.with_, kind.inputs, strict=False)
    try:
        where = tuple(kind.where(given))
    except Invalid as error:
        raise Invalid(error.message, field=f"trigger.with.{error.field}") from error
    return msgspec.structs.replace(
        trigger, event=kind.event_of(given) if kind.event_of else kind.event, where=where,
        key=kind.key(given) if kind.key else trigger.key, subject=trigger.subject or kind.subject,
    )  # fmt: skip


def _check_trigger(definition: Definition) -> None:
    trigger = definition.trigger
    kinds = [name for name in ("event", "every", "at", "hook", "record") if getattr(trigger, name) is not None]
    if len(kinds) > 1:
        raise Invalid(f"A trigger has one of event, every, at, hook and record, not {' and '.join(kinds)}.",
                      field="trigger")  # fmt: skip
    if trigger.event is not None and not trigger.event.strip():
        raise Invalid("`event` is the name of an event.", field="trigger.event")
    if trigger.every is not None and timing.duration(trigger.every, "trigger.every").total_seconds() < 10:
        raise Invalid("A schedule runs at most every 10 seconds.", field="trigger.every")
    if trigger.at is not None:
        timing.time_of_day(trigger.at, "trigger.at")
    elif trigger.monthday is not None:
        raise Invalid("`monthday` needs the time of day as `at`.", field="trigger.monthday")
    if trigger.zone is not None:
        timing.zone(trigger.zone, "trigger.zone")
    nodes.check_days(trigger.days, "trigger.days")
    if trigger.monthday is not None:
        workdays.monthday(trigger.monthday, "trigger.monthday")
    if trigger.crosses is not None:
        _check_crossing(trigger)
    if trigger.hook is not None and not _HEADER.fullmatch(trigger.hook.signature):
        raise Invalid("`signature` is the name of a header.", field="trigger.hook.signature")
    if trigger.record is not None and not _ID.fullmatch(trigger.record.type):
        raise Invalid("`type` is a type of record such as deal.", field="trigger.record.type")
    for field in ("key", "subject"):
        list(template.holes(getattr(trigger, field), f"trigger.{field}"))


def _check_crossing(trigger: Trigger) -> None:
    crosses = trigger.crosses
    assert crosses is not None  # noqa: S101
    if trigger.event is None and trigger.hook is None:
        raise Invalid("`crosses` needs an `event` that carries the value.", field="trigger.crosses")
    if not crosses.prop.strip():
        raise Invalid("`prop` is the property that crosses the line.", field="trigger.crosses.prop")
    if (crosses.above is None) == (crosses.below is None):
        raise Invalid("Give one of `above` and `below`.", field="trigger.crosses")
    list(template.holes(crosses.of, "trigger.crosses.of"))


def _check_limits(limits: Limits | None) -> None:
    if limits is None:
        return
    given = [name for name in ("runs_per_hour", "at_once", "per_subject_per") if getattr(limits, name) is not None]
    if not given:
        raise Invalid("Give one of runs_per_hour, at_once and per_subject_per.", field="limits")
    for name in ("runs_per_hour", "at_once"):
        most = getattr(limits, name)
        if most is not None and not 1 <= most <= 1_000_000:
            raise Invalid(f"`{name}` is between 1 and 1,000,000.", field=f"limits.{name}")
    if limits.per_subject_per is not None and timing.duration(
        limits.per_subject_per, "limits.per_subject_per"
    ) > timedelta(days=366):
        raise Invalid("`per_subject_per` is a year at most.", field="limits.per_subject_per")


def _check_chain(node: Node, by_id: Mapping[str, Node], place: str) -> None:
    """The chain of an `each` is there and does not lead back into it."""
    do = node.with_.get("do")
    if node.kind != "each" or not do:
        return
    if do not in by_id:
        raise Invalid(f"There is no node {do!r}.", field=f"{place}.with.do")
    seen: set[str] = set()
    coming = [str(do)]
    while coming:
        name = coming.pop()
        if name == node.id:
            raise Invalid("The chain of an `each` leads back into it.", field=f"{place}.with.do")
        if name in seen or name not in by_id:
            continue
        seen.add(name)
        one = by_id[name]
        coming += [one.next] if isinstance(one.next, str) else list((one.next or {}).values())
        coming += [one.on_error] if one.on_error else []
        coming += [str(one.with_["do"])] if one.kind == "each" and one.with_.get("do") else []


def _check_next(node: Node, known: Collection[str], place: str) -> None:
    targets = {"": node.next} if isinstance(node.next, str) else dict(node.next or {})
    for outcome, target in targets.items():
        field = f"{place}.next.{outcome}" if outcome else f"{place}.next"
        if target not in known:
            raise Invalid(f"There is no node {target!r}.", field=field)
    outcomes = nodes.outcomes(node)
    if isinstance(node.next, Mapping):
        for outcome in node.next:
            if outcome not in outcomes:
                expected = ", ".join(outcomes) or "one next only"
                raise Invalid(f"{node.kind} has no outcome {outcome!r}: {expected}.", field=f"{place}.next.{outcome}")
    if node.on_error is not None and node.on_error not in known:
        raise Invalid(f"There is no node {node.on_error!r}.", field=f"{place}.on_error")


def _check_holes(
    node: Node, definition: Definition, kinds: Mapping[str, StepKind], things: frozenset[str], place: str
) -> None:
    by_id = {other.id: other for other in definition.nodes}
    for where, hole in template.holes(node.with_, place):
        root, _, rest = hole.path.partition(".")
        if root == "steps":
            name, _, path = rest.partition(".")
            if name not in by_id:
                raise Invalid(f"`{hole.path}`: there is no node {name!r}.", field=where)
            kind = kinds.get(by_id[name].kind)
            answers = {field.encode_name for field in msgspec.structs.fields(kind.outputs)} if kind else set()
            if by_id[name].on_error is not None:
                answers.add("error")
            if kind and path and path.split(".")[0] not in answers:
                has = ", ".join(sorted(answers)) or "nothing"
                raise Invalid(f"`{hole.path}`: {kind.name} answers {has}.", field=where)
        elif root not in ("event", "run", "runs") and root not in things:
            begins = ", ".join(("event", "run", "runs", "steps", *sorted(things)))
            raise Invalid(f"`{hole.path}`: a path begins with {begins}.", field=where)


def _split(error: msgspec.ValidationError) -> tuple[str, str]:
    message, _, path = str(error).partition(" - at `$")
    return message, path.rstrip("`")
