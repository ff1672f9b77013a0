"""The versions that runs stand on, read once and kept: a version never changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import structlog

from dure.automation.model import Definition
from dure.automation.plan import Key, Plan
from dure.kernel.tenant import Tenant
from dure.state import Tx

_MOST = 5_000

log = structlog.get_logger("automation")


class Plans:
    """A cache of versions by workspace, automation and number."""

    def __init__(self) -> None:
        self._known: dict[Key, Plan] = {}

    async def get(self, tx: Tx, keys: Iterable[Key]) -> dict[Key, Plan]:
        """The plans of these versions; those that are not known yet are read in one statement. One that is gone or
        cannot be read is left out."""
        wanted = set(keys)
        missing = [key for key in wanted if key not in self._known]
        if missing:
            if len(self._known) > _MOST:
                self._known.clear()
                missing = list(wanted)
            rows = await tx.rows(
                """select v.workspace, v.automation, v.version, v.doc, a.org, a.name from automation.version v
                   join automation.automation a on a.workspace = v.workspace and a.id = v.automation
                   where v.workspace = any(%(workspaces)s) and v.automation = any(%(automations)s)
                     and v.version = any(%(versions)s)""",
                {
                    "workspaces": [key[0] for key in missing],
                    "automations": [key[1] for key in missing],
                    "versions": [key[2] for key in missing],
                },
            )
            for row in rows:
                try:
                    self._known[row["workspace"], row["automation"], row["version"]] = plan_of(row)
                except msgspec.ValidationError as error:
                    log.warning("automation.unreadable", automation=row["automation"], error=str(error))
        return {key: self._known[key] for key in wanted if key in self._known}


def plan_of(row: dict[str, Any]) -> Plan:
    """A row with workspace, org, automation, name, version and doc, as a plan."""
    return Plan.of(
        Tenant(row["org"], row["workspace"]), row["automation"], row["name"], row["version"],
        msgspec.convert(row["doc"], Definition),
    )  # fmt: skip
