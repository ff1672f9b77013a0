"""Whom a rule holds for, asked of the log; nothing is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.segments.breakdown import Breakdown, broken_down
from dure.segments.conditions_sql import Statement, on_event, selected
from dure.segments.desk import Desk, rule_of
from dure.segments.model import Preview, Selector, Size
from dure.segments.reading import check_prop
from dure.segments.stages import store as stage_store


class Looking(Desk):
    async def preview(
        self, principal: Principal, rule: object, examples: int = 10, *, at: datetime | None = None,
        sample: bool = False, query: str = "",
    ) -> Preview:  # fmt: skip
        """How many people a rule holds for now, or `at` a past moment, without keeping anything.

        With `sample` a large log answers by an estimate at once. A preview under the same name `query` that still runs
        is ended: somebody types on.
        """
        access(principal, "segments:read")
        return await self._asking.preview(
            principal, rule_of(rule), self._moment(at), examples, sample=sample, query=query
        )

    async def breakdown(self, principal: Principal, rule: object, trait: str = "") -> Breakdown:
        """Whom a rule holds for now by a trait's values, or by stage where none is named."""
        access(principal, "segments:read")
        if trait:
            check_prop(trait, "trait")
        return await broken_down(self._asking, principal, rule_of(rule), trait)

    async def course(self, principal: Principal, rule: object, days: int = 28, points: int = 8) -> list[Size]:
        """How many a rule would have held for on days of the past, oldest first; estimates where the log is large."""
        access(principal, "segments:read")
        if not (1 <= days <= 366 and 2 <= points <= 31):
            raise Invalid("`days` is 1 to 366 and `points` 2 to 31.", field="days")
        read, now = rule_of(rule), self._clock.now()
        found = []
        for back in range(points - 1, -1, -1):
            at = now - timedelta(days=days) * back / (points - 1)
            seen = await self._asking.preview(principal, read, at, 0, sample=True, query="")
            found.append(Size(at, seen.size, 0, 0))
        return found

    async def among(self, principal: Principal, rule: object, people: Collection[UUID]) -> set[UUID]:
        """Those of these people for whom a rule holds now; some thousands at a time."""
        access(principal, "segments:read")
        unfolded = await self._asking.unfolded(principal, rule_of(rule))
        return set(await self._asking.people(principal, unfolded, self._clock.now(), people)) if people else set()

    async def everybody(self, principal: Principal, rule: object) -> list[UUID]:
        """All for whom a rule holds now, by id; nothing is kept."""
        access(principal, "segments:read")
        unfolded = await self._asking.unfolded(principal, rule_of(rule))
        return await self._asking.people(principal, unfolded, self._clock.now())

    def condition(self, where: Sequence[Filter]) -> tuple[str, dict[str, object]]:
        """Filters over an event `e` as SQL that begins with ` and`, and the values bound in it."""
        return on_event(where)

    def meant(self, *selectors: Selector) -> tuple[list[str], dict[str, object]]:
        """Of each whether an event `e` is one of those meant, as SQL, and the values bound in all of them."""
        statement = Statement()
        return [f"({selected(one, statement)})" for one in selectors], statement.params

    async def activity(self, principal: Principal) -> Selector:
        """What being active means in this workspace, as its stages have it; `*` is anything people do themselves."""
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            return (await stage_store.settings(tx, principal.tenant.workspace))[0].activity
