"""What people are asked, and who may answer: approvals and forms. Answered by POST from a page, never by a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dure.automation import catalogue, events, nodes, store
from dure.automation.model import Run
from dure.automation.runs import READ, WRITE, Runs
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import Tx

_LONGEST_NOTE = 4_000


class Asking(Runs):
    """The part of automation's entrance that is about questions to people, at which runs wait."""

    _governance: Governance

    async def questions(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """What people are asked by `approve` and `ask` and have not answered; `mine` says whether this one may."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            asked = await catalogue.questions(tx, principal.tenant.workspace)
            belongs = await self._belongs(tx, principal) if any(one["whom"] for one in asked) else frozenset()
        return [{**one, "mine": _may(principal, one, belongs)} for one in asked]

    async def decide(self, principal: Principal, run: str, decision: str, note: str = "") -> None:
        """Says yes or no to the question at which a run waits. Where several must say yes, the last of them decides."""
        if decision not in ("yes", "no"):
            raise Invalid("`decision` is yes or no.", field="decision")
        async with self._state.begin(principal.tenant) as tx:
            found, asked = await self._asked(tx, principal, run, "approve")
            decided = decision
            if decision == "yes" and asked["needed"] > 1:
                votes = await catalogue.vote(tx, principal.tenant.workspace, UUID(run), asked["visit"],
                                             principal.actor, note[:_LONGEST_NOTE], self._clock.now())  # fmt: skip
                if votes is None:
                    raise Invalid("You have said yes already; another person must.", field="run")
                decided = "yes" if votes >= asked["needed"] else ""
            properties = {"decision": decision, "note": note, "decided": decided}
            await self._answered(tx, principal, found, asked, decided, note, None, events.DECIDED, properties)
        self.engine.wake()

    async def answer(self, principal: Principal, run: str, values: Mapping[str, Any]) -> None:
        """Fills in the form at which a run waits. Invalid names the field, `values.budget`."""
        async with self._state.begin(principal.tenant) as tx:
            found, asked = await self._asked(tx, principal, run, "ask")
            filled = nodes.read_answer((asked["form"] or {}).get("fields", ()), values)
            properties = {"values": filled}
            await self._answered(tx, principal, found, asked, "answer", "", filled, events.FORM_ANSWERED, properties)
        self.engine.wake()

    async def _asked(self, tx: Tx, principal: Principal, run: str, kind: str) -> tuple[Run, dict[str, Any]]:
        access(principal, READ)
        found, _ = await self._found(tx, principal, run, lock=True)
        asked = await catalogue.question(tx, principal.tenant.workspace, UUID(run))
        if found.status != "waiting" or asked is None or asked["kind"] != kind:
            raise Invalid("Nothing is asked there, or it was decided before.", field="run")
        if not asked["whom"]:
            access(principal, WRITE)
        belongs = await self._belongs(tx, principal) if asked["whom"] else frozenset()
        if not _may(principal, asked, belongs):
            if asked["not_by"] and asked["not_by"] == principal.actor:
                raise NotAllowed("Whoever caused it may not decide it; another person must.", field="run")
            raise NotAllowed("Others are asked here: " + ", ".join(asked["whom"]) + ".", field="run")
        return found, asked

    async def _answered(
        self, tx: Tx, principal: Principal, run: Run, asked: Mapping[str, Any], decision: str, note: str,
        answer: Mapping[str, Any] | None, name: str, properties: dict[str, Any],
    ) -> None:  # fmt: skip
        now = self._clock.now()
        if decision:
            text = None if answer is None else store.as_json(answer)
            await catalogue.decide(
                tx, UUID(run.id), asked["visit"], decision, principal.actor, note[:_LONGEST_NOTE], text, now
            )
            await catalogue.make_due(tx, UUID(run.id), now, status="waiting")
        await append(tx, events.by(principal, now, name, run.automation,
                                   {**properties, "run": run.id, "node": run.node}))  # fmt: skip

    async def _belongs(self, tx: Tx, principal: Principal) -> frozenset[str]:
        """Everything by which a person may be asked for."""
        roles = {principal.role.value} | ({Role.ADMIN.value} if principal.role is Role.OWNER else set())
        user = next(
            (one for one in await self._governance.users_in(tx, principal.tenant) if one.id == principal.user), None
        )
        names = {f"role:{role}" for role in roles} | ({f"function:{user.function}"} if user else set())
        return frozenset({principal.user, *names} - {""})


def _may(principal: Principal, asked: Mapping[str, Any], belongs: frozenset[str]) -> bool:
    if asked["not_by"] and asked["not_by"] == principal.actor:
        return False
    return not asked["whom"] or not belongs.isdisjoint(asked["whom"])
