"""The router: rules of policy first, then the model behind its gate; both decide whole sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any
from zlib import crc32

import numpy as np

from dure.kernel.filters import Filter, all_hold
from dure.social.model import Mention, Rule
from dure.social.routing.learning import Model
from dure.social.routing.model import CLASSES, NOBODY, Decision, Setup
from dure.social.rules import SURE

SPAM = 0.9
_READ = frozenset({"intent", "topic", "sentiment"})
# Facts of few values: what a rule says of them is asked once.
_FEW = frozenset({"network", "language", "intent", "topic", "sentiment", "kind", "rating", "direct"})
_ASKED = 10_000


def _intent(*intents: str) -> tuple[Filter, ...]:
    return (Filter("intent", "in", list(intents)),)


# What every workspace begins with: policy, not guesses of what a text is about. The first that holds wins.
FIRST_RULES: tuple[Rule, ...] = (
    Rule(where=_intent("crisis"), function="executives", also=("press",)),
    Rule(
        words=("개인정보 유출", "정보 유출", "해킹", "감전", "불이 났", "다쳤", "data breach", "leaked my data",
               "got hacked", "caught fire", "injured"),
        function="executives", also=("press",),
    ),
    Rule(
        words=("소송", "고소하", "고발", "법적 대응", "내용증명", "변호사", "공정위", "소비자원", "lawsuit",
               "legal action", "my lawyer", "attorney", "sue you"),
        function="press", also=("executives",),
    ),
    Rule(where=_intent("press"), function="press"),
    Rule(where=_intent("hiring"), function="people"),
    Rule(where=(Filter("network", "in", ["jobplanet", "glassdoor", "blind"]),), function="people"),
)  # fmt: skip


class Router:
    """Decides for one workspace by what it is set up to, with the model of that version."""

    def __init__(self, setup: Setup, model: Model) -> None:
        self.setup = setup
        self.model = model
        self._rules = [
            (number, rule, any(condition.prop in _READ for condition in rule.where),
             [(word, word.lower()) for word in rule.words], _test(rule))
            for number, rule in enumerate(setup.rules, 1)
        ]  # fmt: skip

    def decide(self, mentions: Sequence[Mention]) -> list[Decision]:
        """One decision a mention, in their order."""
        made: list[Decision | None] = [self._by_rule(one) for one in mentions]
        rest = [number for number, one in enumerate(made) if one is None]
        if rest:
            for number, decision in zip(rest, self._by_model([mentions[at] for at in rest]), strict=True):
                made[number] = decision
        return [one for one in made if one is not None]

    def assign(self, mentions: Sequence[Mention]) -> tuple[list[Mention], list[Decision]]:
        """The mentions as they are once decided: those that somebody is sure about are routed."""
        decisions = self.decide(mentions)
        return [
            replace(one, state="routed", function=decision.function, channel=decision.channel)
            if decision.function else one
            for one, decision in zip(mentions, decisions, strict=True)
        ], decisions  # fmt: skip

    def _by_rule(self, one: Mention) -> Decision | None:
        version = self.setup.version
        if one.spam >= SPAM:
            return Decision(NOBODY, "", "nobody", one.spam, version, ({"code": "spam"},))
        text = f"{one.title} {one.text}".lower()
        for number, rule, reads, words, holds in self._rules:
            # A rule about how a text was read wants the reading to be sure; one about its words does not.
            if reads and one.confidence < SURE:
                continue
            word = next((word for word, lowered in words if lowered in text), None)
            if (words and word is None) or not holds(one):
                continue
            reason: dict[str, Any] = {"code": "rule", "number": number} | ({"word": word} if word else {})
            channel = rule.channel or self.setup.settings.channel_of(rule.function)
            return Decision(rule.function, channel, "rule", 1.0, version, (reason,), (), rule.also)
        return None

    def _by_model(self, mentions: Sequence[Mention]) -> list[Decision]:
        chances = self.model.probabilities(mentions)
        order = np.argsort(-chances, axis=1)[:, :3]
        top = np.take_along_axis(chances, order, axis=1).round(4).tolist()
        settings, version, found = self.setup.settings, self.setup.version, []
        for one, best, sure in zip(mentions, order.tolist(), top, strict=True):
            function = CLASSES[best[0]]
            ranking = tuple((CLASSES[at], chance) for at, chance in zip(best, sure, strict=True))
            reasons: Sequence[Mapping[str, Any]] = ({"code": "read", "intent": one.intent, "topic": one.topic},)
            if function == NOBODY or sure[0] < settings.gate:
                found.append(Decision(NOBODY, "", "nobody", sure[0], version, reasons, ranking))
                continue
            audit = sampled(one.network, one.external, settings.audit)
            channel = settings.channel_of(function)
            found.append(Decision(function, channel, "model", sure[0], version, reasons, ranking, (), audit))
        return found


def _test(rule: Rule) -> Callable[[Mention], bool]:
    """Whether the conditions of a rule hold for a mention."""
    if not rule.where:
        return lambda _: True
    names = sorted({condition.prop for condition in rule.where})
    if not _FEW.issuperset(names):
        return lambda one: all_hold(rule.where, lambda prop: getattr(one, prop, None))
    facts = attrgetter(*names)

    @lru_cache(maxsize=_ASKED)
    def known(found: Any) -> bool:
        values = dict(zip(names, found if len(names) > 1 else (found,), strict=True))
        return all_hold(rule.where, values.get)

    return lambda one: known(facts(one))


def sampled(network: str, external: str, share: float) -> bool:
    """Whether this one is among those that are asked about although the router was sure; always the same."""
    return crc32(f"{network}:{external}".encode()) % 10_000 < share * 10_000
