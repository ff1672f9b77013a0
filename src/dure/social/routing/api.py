"""Routing's entrance: the queue of those that wait for a person, what they decide, what is learned of it, and what a
change would have done."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.social import rules
from dure.social import store as mentions
from dure.social.conflicts import conflict
from dure.social.model import Mention, Rule
from dure.social.routing import digest, figures, queue, store
from dure.social.routing import events as routing_events
from dure.social.routing.learning import LEAST, Model, learn, quality
from dure.social.routing.model import NOBODY, Decided, Moved, Replay, Settings, Setup
from dure.social.routing.router import Router
from dure.social.routing.verdicts import judged
from dure.state import State, Tx

_EXAMPLES, _REPLAYED, _SHOWN = 20_000, 20_000, 5
_ENOUGH = 20
"""Answers since the last try from which another is worth it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mention in the queue, with what the router thought of it."""

    mention: Mention
    decided: Decided | None


class Shelf:
    """Models by workspace and version. A version never changes, so that any process may keep it."""

    def __init__(self) -> None:
        self._models: dict[str, Model] = {}

    async def router(self, tx: Tx, workspace: str) -> Router:
        """The workspace's router as it is set up now."""
        setup = await store.setup(tx, workspace)
        return Router(setup, await self.model(tx, workspace, setup.model))

    async def model(self, tx: Tx, workspace: str, version: int) -> Model:
        if version == 0:
            return Model()
        kept = self._models.get(workspace)
        if kept is None or kept.version != version:
            found = await store.model(tx, workspace, version)
            if found is None:
                raise NotFound("There is no such version.", field="model")
            kept = self._models[workspace] = found
        return kept


class Routing:
    """`shelf` is shared with whoever decides at arrival."""

    def __init__(self, state: State, clock: Clock, shelf: Shelf) -> None:
        self._state = state
        self._clock = clock
        self._shelf = shelf

    # -- how it is set up -------------------------------------------------------------------------------------------

    async def setup(self, principal: Principal) -> Setup:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.setup(tx, principal.tenant.workspace)

    async def set_settings(self, principal: Principal, given: Settings) -> Settings:
        """Gate, share of the sample and the functions' channels, in the place of what there is."""
        access(principal, "social:write")
        if not 0.2 <= given.gate <= 0.99:
            raise Invalid("`gate` is 0.2 to 0.99.", field="gate")
        if not 0 <= given.audit <= 1:
            raise Invalid("`audit` is 0 to 1.", field="audit")
        for function in given.channels:
            rules.check_function(function)
        async with self._state.begin(principal.tenant) as tx:
            await store.set_settings(tx, principal.tenant.workspace, given)
            await append(tx, routing_events.settings_changed(principal, self._clock.now(), given))
        return given

    # -- the queue --------------------------------------------------------------------------------------------------

    async def waiting(self, principal: Principal, *, sample: bool = False, limit: int = 50) -> list[Waiting]:
        """Those that wait for a person, the newest first; with `sample` those routed that are asked about at random."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await queue.waiting(tx, workspace, sample, min(max(limit, 1), 200))
            told = await store.decisions(tx, workspace, [one.id for one in found])
        return [Waiting(one, told.get(one.id)) for one in found]

    async def decided(self, principal: Principal, mention: uuid.UUID) -> tuple[Decided | None, list[dict[str, Any]]]:
        """What was decided of a mention, and what speaks for where it is, or for what is likeliest."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await _mention(tx, workspace, mention)
            told = await store.decided(tx, workspace, mention)
            router = await self._shelf.router(tx, workspace)
        ranking = told.ranking if told else ()
        function = found.function or (ranking[0][0] if ranking else NOBODY)
        return told, router.model.why(found, function)

    async def decide(
        self, principal: Principal, mention: uuid.UUID, verdict: str, *, function: str = "", channel: str = "",
        version: int | None = None,
    ) -> Mention:  # fmt: skip
        """A person's verdict: accepted, moved (names the function), refused, nobody. With `version`, a mention that
        changed since it was read is a Conflict."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.decide_in(
                tx, principal, mention, verdict, function=function, channel=channel, version=version
            )

    async def decide_in(
        self, tx: Tx, principal: Principal, mention: uuid.UUID, verdict: str, *, function: str = "",
        channel: str = "", version: int | None = None, by: str = "",
    ) -> Mention:  # fmt: skip
        """`decide` within a transaction. `by` is the person who said it on a card, for whom an automation says it."""
        access(principal, "social:write")
        workspace, now = principal.tenant.workspace, self._clock.now()
        found = await _mention(tx, workspace, mention, lock=True)
        if version is not None and version != found.version:
            raise conflict(
                "그 사이 다른 사람이 이 언급을 바꾸었습니다.", "Somebody changed this mention meanwhile.", "version"
            )
        if verdict == "moved":
            rules.check_function(function)
        settings = (await store.setup(tx, workspace)).settings
        before = await store.decided(tx, workspace, mention, lock=True)
        said = judged(found, before, verdict, function, channel, settings, now)
        if not said.changed:
            return found
        who = by or principal.actor or "system"
        await mentions.keep(tx, workspace, said.mention)
        await store.judge(
            tx, workspace, mention, now, said.verdict, said.answer, who, said.refused, said.moves, said.owned_at
        )
        await append(tx, *routing_events.judged(principal, now, found, said, who, on_card=bool(by)))
        return said.mention

    # -- what a change would have done ------------------------------------------------------------------------------

    async def replay(
        self, principal: Principal, *, days: int = 7, rules_: Sequence[Rule] | None = None, gate: float | None = None,
        model: int | None = None,
    ) -> Replay:  # fmt: skip
        """Decides the mentions of the last days anew, by other rules, another gate or another model, and changes
        nothing. Compared is with where they are."""
        access(principal, "social:read")
        workspace, now = principal.tenant.workspace, self._clock.now()
        if rules_ is not None:
            rules.check_rules(rules_)
        async with self._state.begin(principal.tenant) as tx:
            setup = await store.setup(tx, workspace)
            version = setup.model if model is None else model
            learned = await self._shelf.model(tx, workspace, version)
            past = await queue.past(tx, workspace, now - timedelta(days=min(max(days, 1), 90)), _REPLAYED)
            told = await store.decisions(tx, workspace, [one.id for one in past])
        settings = setup.settings if gate is None else replace_gate(setup.settings, gate)
        tried = Setup(setup.rules if rules_ is None else tuple(rules_), settings, setup.revision, version)
        decisions = await asyncio.to_thread(Router(tried, learned).decide, past)
        return _compared(past, [one.function for one in decisions], told)

    # -- what it is worth -------------------------------------------------------------------------------------------

    async def figures(self, principal: Principal, days: int = 30) -> dict[str, Any]:
        """How the last days went, as a whole and by function; see `figures`."""
        access(principal, "social:read")
        workspace, since = principal.tenant.workspace, self._clock.now() - timedelta(days=min(max(days, 1), 365))
        async with self._state.begin(principal.tenant) as tx:
            settings = (await store.setup(tx, workspace)).settings
            whole = await figures.whole(tx, workspace, since)
            rows = await figures.by_function(tx, workspace, since, settings.audit)
        return {"days": days, **whole, "functions": [_rates(row) for row in rows]}

    async def models(self, principal: Principal) -> list[dict[str, Any]]:
        """Every version with the card that says what it was worth when it was made."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.models(tx, principal.tenant.workspace)

    async def activate(self, principal: Principal, version: int) -> None:
        """Lets a version decide from now on; 0 is the built-in beginning."""
        access(principal, "social:write")
        async with self._state.begin(principal.tenant) as tx:
            if not await store.activate(tx, principal.tenant.workspace, version):
                raise NotFound("There is no such version.", field="version")
            await append(tx, routing_events.model_changed(principal, self._clock.now(), version, {}))

    async def digest_in(self, tx: Tx, principal: Principal, function: str, days: int) -> digest.Digest:
        """A function's last days: what came, what was done, what is open, themes, the best quote."""
        access(principal, "social:read")
        rules.check_function(function)
        now = self._clock.now()
        return await digest.of(tx, principal.tenant.workspace, function, now - timedelta(days=days), now)

    # -- learning ---------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Learns anew where people said enough since; returns how many models were made. Any process may call it."""
        async with self._state.begin_system() as tx:
            eager = await store.eager(tx, _ENOUGH)
        return sum([bool(await self.learn(tenant)) for tenant, _ in eager])

    async def learn_now(self, principal: Principal) -> int:
        """`learn` by a person's hand."""
        access(principal, "social:write")
        return await self.learn(principal.tenant)

    async def learn(self, tenant: Tenant) -> int:
        """Makes the next version of what people decided; 0 where there is too little. It becomes active unless it is
        worse, on answers neither had seen, than the one before is on them."""
        workspace = tenant.workspace
        async with self._state.begin(tenant) as tx:
            setup = await store.setup(tx, workspace)
            known = await store.models(tx, workspace)
            examples = await store.examples(tx, workspace, _EXAMPLES)
        if len(examples) < LEAST:
            return 0
        version = (known[0]["version"] if known else 0) + 1
        made, held_out = await asyncio.to_thread(learn, version, examples)
        gate = setup.settings.gate
        card = dict(quality(examples, held_out, gate))
        card["prior"] = dict(quality(examples, await asyncio.to_thread(Model().probabilities, examples), gate))
        sampled = [number for number, one in enumerate(examples) if one.sampled or one.by == "nobody"]
        card["sample"] = dict(quality([examples[at] for at in sampled], held_out[sampled], gate)) if sampled else {}
        better = card.get("accuracy", 0) >= card["prior"].get("accuracy", 0)
        now, acting = self._clock.now(), Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social")
        async with self._state.begin(tenant) as tx:
            if not await store.take_turn(tx, workspace):
                return 0
            if not await store.add_model(tx, workspace, made, now, len(examples), better, card):
                return 0
            told: dict[str, Any] = {
                name: card[name] for name in ("examples", "accuracy", "coverage", "precision") if name in card
            }
            await append(tx, routing_events.model_changed(acting, now, version if better else setup.model, told))
        return version


def replace_gate(settings: Settings, gate: float) -> Settings:
    if not 0.2 <= gate <= 0.99:
        raise Invalid("`gate` is 0.2 to 0.99.", field="gate")
    return Settings(gate=gate, audit=settings.audit, channels=settings.channels)


def _compared(past: Sequence[Mention], now: Sequence[str], told: dict[uuid.UUID, Decided]) -> Replay:
    counts: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    judged_, right, right_now = 0, 0, 0
    for one, function in zip(past, now, strict=True):
        decided = told.get(one.id)
        was = decided.function if decided else one.function
        if was != function:
            counts[was, function] += 1
            if len(shown[was, function]) < _SHOWN:
                shown[was, function].append({"mention": str(one.id), "text": one.text[:200], "network": one.network})
        if decided and decided.verdict and decided.answer not in decided.refused:
            judged_ += 1
            right += was == decided.answer
            right_now += function == decided.answer
    moved = [Moved(was, to, count, tuple(shown[was, to])) for (was, to), count in counts.most_common()]
    before = sum(not (told[one.id].function if one.id in told else one.function) for one in past)
    return Replay(
        len(past), len(past) - sum(counts.values()), moved, judged_, right, right_now, before,
        sum(not function for function in now),
    )  # fmt: skip


def _rates(row: dict[str, Any]) -> dict[str, Any]:
    found, there = row.pop("found") or 0, row.pop("there") or 0
    return {
        **row, "precision": row["right"] / row["answered"] if row["answered"] else None,
        "recall": float(found / there) if there else None,
    }  # fmt: skip


async def _mention(tx: Tx, workspace: str, mention: uuid.UUID, *, lock: bool = False) -> Mention:
    found = await mentions.mention(tx, workspace, mention, lock=lock)
    if found is None:
        raise NotFound("There is no such mention.")
    return found


__all__ = ["Routing", "Shelf", "Waiting"]
