"""A storage in memory, for tests that look at what lies in it and that make it fail."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyarrow import parquet

from dure.exports.model import Place
from dure.kernel.tenant import Tenant


@dataclass
class Shelf:
    """Fills `exports.plugs.Storage`. `before` may raise, with the object's name."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    puts: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    before: Callable[[str], None] | None = None

    async def put(self, tenant: Tenant, place: Place, secret: str, name: str, content: bytes) -> None:
        if self.before is not None:
            self.before(name)
        self.puts.append(name)
        self.secrets.add(secret)
        self.objects[tenant.workspace, f"{place.path}/{name}"] = content

    def rows(self, workspace: str) -> list[dict[str, Any]]:
        """Every row of every Parquet object of a workspace, in the order of their names."""
        return [
            row
            for (owner, name), content in sorted(self.objects.items())
            if owner == workspace and name.endswith(".parquet")
            for row in parquet.read_table(io.BytesIO(content)).to_pylist()
        ]

    def names(self) -> list[str]:
        return sorted(name for _, name in self.objects if name.endswith(".parquet"))
