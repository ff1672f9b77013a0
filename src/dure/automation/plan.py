"""A version made ready to run: nodes by id, what its templates look at, inputs that need no filling made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dure.automation import nodes, template
from dure.automation.model import Definition, Node
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant

Key = tuple[str, str, int]
"""Workspace, automation, version."""


@dataclass(frozen=True)
class Plan:
    """One version of one automation."""

    tenant: Tenant
    automation: str
    name: str
    version: int
    zone: str
    definition: Definition
    nodes: Mapping[str, Node]
    roots: frozenset[str]
    paths: frozenset[str]
    calendar: bool = False
    _constant: dict[str, msgspec.Struct] = field(default_factory=dict)

    @classmethod
    def of(
        cls, tenant: Tenant, automation: str, name: str, version: int, definition: Definition, zone: str = "Asia/Seoul"
    ) -> Plan:
        paths = _paths(definition)
        return cls(
            tenant, automation, name, version, definition.trigger.zone or zone, definition,
            {node.id: node for node in definition.nodes}, frozenset(path.split(".", 1)[0] for path in paths), paths,
            any(nodes.asks_calendar(node) for node in definition.nodes),
        )  # fmt: skip

    @property
    def first(self) -> str:
        return self.definition.nodes[0].id

    @property
    def watched(self) -> bool:
        """Whether its runs are counted: by limits, or by conditions over `runs`."""
        return self.definition.limits is not None or "runs" in self.roots

    @property
    def alone(self) -> bool:
        """Whether a run may begin without the database being asked anything: no limits, lines, counts or calendars."""
        text = self.definition
        return not (self.watched or self.calendar or text.trigger.crosses or text.lane != "interactive")

    def named(self, root: str) -> list[str]:
        """What comes after a root in all paths: `weekly` of `metric.weekly.value`."""
        return sorted({path.split(".")[1] for path in self.paths if path.startswith(f"{root}.")})

    def inputs(self, node: Node, kind: type[msgspec.Struct], scope: Mapping[str, Any]) -> msgspec.Struct:
        """A node's settings, holes filled, as the kind's inputs. Missing or Invalid says what does not fit."""
        ready = self._constant.get(node.id)
        if ready is not None:
            return ready
        if not template.has_holes(node.with_):
            made = fit(node.with_, kind)
            self._constant[node.id] = made
            return made
        if node.kind == "each":
            once = {key: value for key, value in node.with_.items() if key not in nodes.PER_ITEM}
            return fit({**node.with_, **template.render(once, scope)}, kind)
        return fit(template.render(node.with_, scope), kind)


def fit(given: Any, kind: type[msgspec.Struct]) -> msgspec.Struct:
    """Values as a struct. A number where the struct wants text becomes its text."""
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError:
        texts = {field.encode_name for field in msgspec.structs.fields(kind) if field.type is str}
        loose = {
            name: template._text(value) if name in texts and isinstance(value, int | float) else value
            for name, value in given.items()
        }
        try:
            return msgspec.convert(loose, kind, strict=False)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$.")
            raise Invalid(f"{path.rstrip('`')}: {message}" if path else message) from error


def _paths(definition: Definition) -> frozenset[str]:
    """All paths that conditions and templates look at."""
    trigger = definition.trigger
    found = {_path(condition.prop) for condition in (*trigger.where, *definition.conditions)}
    of = trigger.crosses.of if trigger.crosses else ""
    for text in (trigger.key, trigger.subject, of):
        found |= {hole.path for _, hole in template.holes(text)}
    for node in definition.nodes:
        found |= {hole.path for _, hole in template.holes(node.with_)}
        if node.kind in ("branch", "wait_event"):
            given = msgspec.convert(node.with_, nodes.CONTROL[node.kind])
            assert isinstance(given, nodes.Branch | nodes.WaitEvent)  # noqa: S101
            found |= {_path(condition.prop) for condition in given.where}
    return frozenset(found)


def _path(prop: str) -> str:
    """What a filter looks at: one word alone is a property of the event, also where things go by the same name."""
    return prop if "." in prop else f"event.properties.{prop}"
