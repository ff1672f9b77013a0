"""Handing a segment over: on which terms, who goes into which list, and who into none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.feed.api import append
from dure.governance.api import Principal
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.lots import lot
from dure.segments import events
from dure.segments import store as segment_store
from dure.segments.handover import store
from dure.segments.handover.store import Listing
from dure.segments.model import Handover, Segment, Selector
from dure.segments.plugs import Consents
from dure.segments.reading import check_selector
from dure.segments.rules import duration
from dure.segments.scores import store as score_store
from dure.segments.stages.store import filled
from dure.state import Tx

_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Terms:
    """On which a segment is handed over, read and checked."""

    to: str
    purpose: str
    expires: datetime | None
    control_share: float
    from_: str
    goal: Selector | None
    window: str
    score: str


def read_terms(
    now: datetime, to_function: str, purpose: str, expires: datetime | None, control_share: float, from_function: str,
    goal: object | None, window: str, score: str,
) -> Terms:  # fmt: skip
    """Invalid names the field that makes no sense."""
    for field, team in (("to_function", to_function), ("from_function", from_function)):
        if team not in FUNCTIONS:
            raise Invalid(f"`{field}` is one of {', '.join(FUNCTIONS)}.", field=field)
    if not purpose.strip() or len(purpose) > 500:
        raise Invalid("Say in a sentence what the people are handed over for.", field="purpose")
    if not 0 <= control_share < 1:
        raise Invalid("`control_share` is 0 or more and less than 1.", field="control_share")
    if expires is not None and expires <= now:
        raise Invalid("A handover cannot end before it begins.", field="expires")
    duration(window or "14d", "window")
    return Terms(
        to_function, purpose.strip(), expires, control_share, from_function, _goal(goal), window or "14d", score
    )


async def hand_over(
    tx: Tx, principal: Principal, now: datetime, segment: Segment, terms: Terms, consents: Consents | None
) -> Handover:
    """Writes both lists as they are now. Consent is asked before the lots are drawn, so that both halves are alike."""
    workspace = principal.tenant.workspace
    people = await segment_store.all_people(tx, workspace, segment.id)
    if not people:
        raise Conflict("Nobody is in this segment now; there is nothing to hand over.")
    unwilling = await asked(tx, principal, people, consents)
    willing = [person for person in people if person not in unwilling]
    if not willing:
        raise Conflict("Nobody in this segment wants to hear from the company; there is nothing to hand over.")
    score_id, model, scored = await _scored(tx, workspace, segment, terms, willing)
    listed = [
        Listing(
            person, lot(f"segment:{segment.id}:", str(person)) < terms.control_share, *scored.get(person, (None, ()))
        )
        for person in willing
    ]
    control = sum(one.control for one in listed)
    goal: Mapping[str, Any] | None = msgspec.to_builtins(terms.goal) if terms.goal is not None else None
    handover = Handover(
        str(uuid7()), segment.id, terms.to, "#" + terms.to.replace("_", "-"), terms.purpose, terms.control_share,
        len(listed), control, len(listed) - control, terms.expires, principal.actor, now, terms.from_, goal,
        terms.window, score_id, model, len(unwilling),
    )  # fmt: skip
    await store.add(tx, workspace, handover, listed)
    await append(tx, events.handed_over(principal, now, segment, handover))
    return handover


async def asked(tx: Tx, principal: Principal, people: Sequence[UUID], consents: Consents | None) -> set[UUID]:
    """Those of these people who do not want to hear from the company; nobody where no one keeps such words."""
    if consents is None:
        return set()
    found: set[UUID] = set()
    for at in range(0, len(people), _AT_A_TIME):
        found |= await consents.unwilling(tx, principal.tenant, people[at : at + _AT_A_TIME])
    return found


async def _scored(
    tx: Tx, workspace: str, segment: Segment, terms: Terms, people: Sequence[UUID]
) -> tuple[str, str, dict[UUID, tuple[int, Sequence[Mapping[str, Any]]]]]:
    """The score that goes along: the one named, else the one that the segment is made of."""
    named = terms.score
    if not named:
        by = await filled(tx, workspace, segment.id)
        named = by.split(":")[1] if by.startswith("score:") else ""
    if not named:
        return "", "", {}
    score = await score_store.score(tx, workspace, named)
    if score is None:
        raise NotFound("There is no such score.", field="score")
    found = await score_store.of_people(tx, workspace, named, people)
    return named, score.model, {person: (one.decile, one.reasons) for person, one in found.items()}


def _goal(raw: object | None) -> Selector | None:
    if raw is None:
        return None
    try:
        goal = msgspec.convert(raw, Selector)
    except msgspec.ValidationError as error:
        raise Invalid(str(error), field="goal") from error
    check_selector(goal, "goal")
    return goal
