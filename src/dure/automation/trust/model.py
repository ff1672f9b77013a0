"""Values of trust: a version as lists show it, an automation as a text that travels, its review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from dure.automation.model import Definition
from dure.automation.trust.diff import Change

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Version:
    """One published text. `under_way` counts the runs that still stand on it."""

    version: int
    name: str
    note: str
    published_by: str
    published_at: datetime
    live: bool
    nodes: int
    under_way: int = 0
    definition: Definition | None = None


class Travelling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An automation as a file holds it. `id` finds it again in the workspace that it came from."""

    name: str
    definition: dict[str, Any]
    id: str = ""
    recipe: str = ""
    enabled: bool = False
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Review:
    """What importing one text would do: `automation` is the one it means, "" where it would be new; `version` the
    live one that it was compared with; `error` and `field` say why it cannot be taken."""

    name: str
    automation: str
    version: int
    changes: Sequence[Change]
    error: str = ""
    field: str = ""
    published: int = 0


def as_text(id: str, name: str, recipe: str, enabled: bool, definition: Definition) -> Mapping[str, Any]:
    """What a file holds: the same for the same automation, so that two files may be compared."""
    return {
        "format": FORMAT, "id": id, "name": name, "recipe": recipe, "enabled": enabled,
        "definition": msgspec.to_builtins(definition),
    }  # fmt: skip
