"""The rules of every workspace: read from the database, remembered for seconds, changed in one place."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import structlog

from dure.governance.api import Principal, access
from dure.ingest import rules_store
from dure.ingest.personal import PersonalData, PersonalRule
from dure.ingest.plan import Planned, planned
from dure.ingest.rules import DEFAULT, Rules
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

log = structlog.get_logger("ingest")

# How long a change may go unnoticed by another process; this one notices its own at once.
_SECONDS = 5.0


class RuleBook:
    """`of` is asked for every request of a door and costs a look into a dict."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._known: dict[str, tuple[float, Rules]] = {}
        self._changes = 0

    async def of(self, tenant: Tenant) -> Rules:
        """The rules of a workspace; those of one that has none are the defaults."""
        known = self._known.get(tenant.workspace)
        now = time.monotonic()
        if known is not None and now < known[0]:
            return known[1]
        changes = self._changes
        async with self.state.begin(tenant) as tx:
            rules = await _read(tx, tenant.workspace, known[1] if known else DEFAULT)
        if changes == self._changes:  # else what was read may be from before the change
            self._known[tenant.workspace] = (now + _SECONDS, rules)
        return rules

    @asynccontextmanager
    async def changing(self, principal: Principal) -> AsyncIterator[tuple[Tx, dict[str, Any]]]:
        """A transaction that changes rules, with the rule set's row locked; what it did holds here from its end."""
        access(principal, "ingest:write")
        workspace = principal.tenant.workspace
        try:
            async with self.state.begin(principal.tenant) as tx:
                yield tx, await rules_store.changed(tx, workspace, secrets.token_bytes(32))
        finally:
            self._changes += 1
            self._known.pop(workspace, None)


def personal_of(row: dict[str, Any]) -> PersonalData:
    """The personal data rules out of a rule set's row."""
    return PersonalData(_read_personal(row["personal"]), row["keep_address"], bytes(row["secret"]))


async def _read(tx: Tx, workspace: str, known: Rules) -> Rules:
    row = await rules_store.rule_set(tx, workspace)
    if row is None:
        return DEFAULT
    if row["version"] == known.version:
        return known
    plan = await rules_store.plan(tx, workspace)
    names = await rules_store.decided_names(tx, workspace)
    approved = [name for name in names if name["state"] == "approved"]
    return Rules(
        version=row["version"],
        mode=row["mode"],
        plan=_ready(workspace, plan),
        approved=frozenset(name["name"] for name in approved) | {name["becomes"] for name in approved},
        blocked=frozenset(name["name"] for name in names if name["state"] == "refused"),
        renamed={name["name"]: name["becomes"] for name in approved if name["becomes"] != name["name"]},
        personal=personal_of(row),
        read_context=row["read_context"],
    )


def _ready(workspace: str, plan: list[dict[str, Any]]) -> dict[str, Planned]:
    ready: dict[str, Planned] = {}
    for one in plan:
        try:
            ready[one["event"]] = planned(one["event"], one["action"], one["schema"])
        except Invalid as error:
            # It was taken by another version of the validator. One schema must not close the door for every event.
            log.error("ingest.schema_unusable", workspace=workspace, planned=one["event"], error=error.message)
    return ready


_read_personal = msgspec.json.Decoder(tuple[PersonalRule, ...]).decode
