"""What every act of segments stands on, and what several of them ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments import store
from dure.segments.asking import Asking
from dure.segments.model import Rule, Segment
from dure.segments.moves import Moves
from dure.segments.plugs import Consents
from dure.segments.reading import read_rule
from dure.segments.recomputing import Recomputing
from dure.segments.rules import as_json
from dure.segments.stages import store as stage_store
from dure.segments.standing import Known
from dure.state import State, Tx


class Desk:
    """Held by `Segments`; the acts themselves are in `definitions`, `looking`, `computing`, `lists`, `membership` and
    `handover.giving`."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, *, people: People | None = None,
        metrics: Metrics | None = None, every: timedelta = timedelta(seconds=20),
        alone: timedelta = timedelta(minutes=5), whole: timedelta = timedelta(days=1),
        kept: timedelta = timedelta(hours=1),
    ) -> None:  # fmt: skip
        """Members follow what happened `every` so often; questions of metrics are asked anew as often as `alone` says,
        and as often as `whole` says everybody is looked at, for what the feed does not tell (erasures, old data). One
        that was not computed within `kept` is computed wholly: longer the feed need not keep what came."""
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._people = people
        self._every, self._alone, self._whole, self._kept = every, alone, whole, kept
        self._asking = Asking(state, log, clock, governance, metrics)
        self._recomputing = Recomputing(state, log, kept)
        self._moves = Moves(log)
        self.consents: Consents | None = None  # who must not be handed over; main fills it, as campaigns stand above

    def _moment(self, at: datetime | None) -> datetime:
        now = self._clock.now()
        if at is None:
            return now
        if at.tzinfo is None:
            raise Invalid("`at` is a moment with its zone, such as 2026-11-01T00:00:00+09:00.", field="at")
        if at > now:
            raise Invalid("`at` is a moment of the past.", field="at")
        return at

    async def _unfold(self, tx: Tx, tenant: Tenant, rule: Rule, known: Known, inside: tuple[str, ...] = ()) -> Rule:
        """The rule in what the log answers, by the segments as they are in this transaction."""
        rules = {segment.id: segment for segment in await store.segments(tx, tenant.workspace)}
        named = {segment.built_in: segment.rule for segment in rules.values() if segment.built_in}
        return replace(known, rules={**{one.id: one.rule for one in rules.values()}, **named}).unfold(rule, inside)


async def find(tx: Tx, principal: Principal, id: str) -> Segment:
    found = await store.segment(tx, principal.tenant.workspace, id)
    if found is None:
        built_in = [each for each in await store.segments(tx, principal.tenant.workspace) if each.built_in == id != ""]
        if not built_in:
            raise NotFound("There is no such segment.", field="segment")
        return built_in[0]
    return found


async def require_by_hand(tx: Tx, principal: Principal, segment: Segment) -> None:
    if not segment.by_hand:
        raise Conflict("A rule says who is in this segment; only a hand-made list takes people.", field="segment")
    if await stage_store.filled(tx, principal.tenant.workspace, segment.id):
        raise Conflict("A stage or a score says who is in this segment.", field="segment")


def rule_of(rule: object) -> Rule:
    return read_rule(as_json(rule) if hasattr(rule, "__struct_fields__") else rule)  # type: ignore[arg-type]
