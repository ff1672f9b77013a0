"""The pipeline's steps that a workspace's rules ask for; those that it does not use are left out of its run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from dure.ingest import agent, campaign
from dure.ingest.model import Held, Incoming, Reason, Refused
from dure.ingest.personal import without_addresses
from dure.ingest.plan import Violation
from dure.ingest.rules import ABOUT_SOMEBODY, CALLS, Rules


@dataclass(slots=True)
class Noted:
    """What the steps of one run saw beside what they changed: violations of the plan (event, violation, raw)."""

    violations: list[tuple[str, Violation, bytes]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


Act = Callable[[Rules, Noted, Incoming], "Reason | Refused | None"]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A step that needs the rules, and whether rules need it."""

    act: Act
    wanted: Callable[[Rules], bool]

    @property
    def __name__(self) -> str:  # the steps are named in one list with plain functions
        return self.act.__name__

    def bound(self, rules: Rules, noted: Noted) -> Callable[[Incoming], Reason | Refused | None]:
        return partial(self.act, rules, noted)


def when(wanted: Callable[[Rules], object]) -> Callable[[Act], Ruled]:
    """Marks a step as one that runs only for rules that want it."""
    return lambda act: Ruled(act, lambda rules: bool(wanted(rules)))


@when(lambda rules: rules.renamed)
def rename_event(rules: Rules, noted: Noted, incoming: Incoming) -> Reason | None:  # noqa: ARG001
    """A name that was approved as another one goes on under that."""
    incoming.event = rules.renamed.get(incoming.event, incoming.event)
    return None


@when(lambda rules: rules.blocked)
def refuse_blocked(rules: Rules, noted: Noted, incoming: Incoming) -> Reason | None:  # noqa: ARG001
    """Names that somebody refused are refused."""
    return Reason.BLOCKED_EVENT if incoming.event in rules.blocked and incoming.event not in CALLS else None


@when(lambda rules: rules.mode == "closed")
def refuse_unplanned(rules: Rules, noted: Noted, incoming: Incoming) -> Reason | None:  # noqa: ARG001
    """Where the plan is closed, a name is in it or was approved."""
    return None if rules.knows(incoming.event) else Reason.NOT_IN_PLAN


@when(lambda rules: rules.plan)
def follow_plan(rules: Rules, noted: Noted, incoming: Incoming) -> Refused | None:
    """Properties are as the event's plan says; where not, that is noted, or they are taken away, or it is refused."""
    planned = rules.plan.get(incoming.event)
    if planned is None:
        return None
    broken = planned.breaks(incoming.properties)
    if not broken:
        return None
    noted.violations += [(planned.event, violation, incoming.raw) for violation in broken]
    if planned.action == "block":
        return Refused(Reason.BREAKS_PLAN, incoming.raw, f"{planned.event}: {broken[0].message}")
    if planned.action == "strip":
        incoming.properties = planned.stripped(incoming.properties)
    return None


@when(lambda rules: rules.read_context)
def read_agent(rules: Rules, noted: Noted, incoming: Incoming) -> None:  # noqa: ARG001
    """A user agent is laid out as browser, os and device_type, each with its version, where they are not there."""
    if agent.TELLING.isdisjoint(incoming.properties) or incoming.event in ABOUT_SOMEBODY:
        return
    if text := agent.text_of(incoming.properties):
        for name, value in agent.read(text):
            incoming.properties.setdefault(name, value)


@when(lambda rules: rules.read_context)
def read_campaign(rules: Rules, noted: Noted, incoming: Incoming) -> None:  # noqa: ARG001
    """The page's address tells campaign and click ids, the referrer its domain, where they are not there."""
    properties = incoming.properties
    if campaign.TELLING.isdisjoint(properties) or incoming.event in ABOUT_SOMEBODY:
        return
    url = campaign.address_of(properties)
    if "?" in url:
        for name, value in campaign.parameters(url):
            properties.setdefault(name, value)
    if (referrer := campaign.referrer_of(properties)) and (domain := campaign.domain(referrer)):
        properties.setdefault("referring_domain", domain)


@when(lambda rules: not rules.personal.keep_address)
def drop_address(rules: Rules, noted: Noted, incoming: Incoming) -> None:  # noqa: ARG001
    """The client's network address is not kept, unless the workspace wants it."""
    incoming.properties = without_addresses(incoming.properties)


@when(lambda rules: rules.personal.rules)
def spare_personal_data(rules: Rules, noted: Noted, incoming: Incoming) -> None:  # noqa: ARG001
    """Properties and traits that the workspace named are dropped or hashed."""
    incoming.properties = rules.personal.clean(incoming.properties, traits=incoming.event in ABOUT_SOMEBODY)


@when(lambda rules: rules.mode == "approve")
def await_approval(rules: Rules, noted: Noted, incoming: Incoming) -> Reason | None:  # noqa: ARG001
    """An event whose name nobody has approved yet is held, whole and ready to go on."""
    return None if rules.knows(incoming.event) else Reason.WAITING_FOR_APPROVAL
