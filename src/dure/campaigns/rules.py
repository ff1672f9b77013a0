"""Decisions: whether a design makes sense, what it is as an automation, who may get something."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.campaigns import template
from dure.campaigns.model import Campaign, Design, Reason, Recipient
from dure.kernel.errors import Invalid
from dure.segments.api import duration, read_rule

CAP_HOURS = 24
"""At most one marketing message a person in so many hours, counted back from now, over all campaigns."""


def read_design(raw: object) -> Design:
    """A design out of decoded JSON; Invalid names the field."""
    try:
        design = msgspec.convert(raw, Design)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise Invalid(message, field=path.rstrip("`") or "design") from error
    check(design)
    return design


def check(design: Design) -> None:
    """Invalid for a design that could not be carried out."""
    if not any(name.strip() for name in design.name.values()) or any(len(name) > 200 for name in design.name.values()):
        raise Invalid("A campaign has a name of at most 200 characters.", field="name")
    if not design.texts or not set(design.texts) <= {"ko", "en"}:
        raise Invalid("A campaign is written in ko, en or both.", field="texts")
    for language, text in design.texts.items():
        for part in ("subject", "body"):
            field = f"texts.{language}.{part}"
            if not getattr(text, part).strip() or len(getattr(text, part)) > 20_000:
                raise Invalid("A message has a subject and a body.", field=field)
            template.check(getattr(text, part), field)
    if not 0 <= design.holdout < 1:
        raise Invalid("`holdout` is 0 or more and less than 1.", field="holdout")
    if not design.trigger.event.strip() or not design.goal.strip():
        raise Invalid("A campaign has a trigger event and a goal event.", field="trigger.event")
    duration(design.wait, "wait")
    duration(design.window, "window")
    if design.audience is not None:
        read_rule(design.audience)


def as_automation(campaign: Campaign) -> dict[str, Any]:
    """The automation that moves people through a campaign: trigger, wait for a return, enter, send."""
    design = campaign.design
    where = [{"prop": each.prop, "op": each.op, "value": each.value} for each in design.trigger.where]
    return {
        "trigger": {"event": design.trigger.event, "where": where, "key": "subject", "subject": "person"},
        "lane": "bulk",
        "nodes": [
            {
                "id": "return",
                "kind": "wait_event",
                "with": {"event": design.goal, "timeout": design.wait},
                "next": {"timeout": "enter"},
                "title": {"ko": "돌아오는지 기다림", "en": "Wait for a return"},
            },
            {"id": "enter", "kind": "campaigns.enter", "with": {"campaign": campaign.id}, "next": "may"},
            {
                "id": "may",
                "kind": "branch",
                "with": {"where": [{"prop": "steps.enter.send", "op": "=", "value": True}]},
                "next": {"yes": "send"},
            },
            {"id": "send", "kind": "campaigns.send", "with": {"message": "{{ steps.enter.message }}"}},
        ],
    }


def may_get(to: Recipient | None, *, consent: bool | None, suppressed: bool, capped: bool) -> Reason | None:
    """Why somebody may not be written to, None where they may.

    E-mail is allowed to people who gave an address and have not left: an explicit no counts, no word is no objection.
    """
    if to is None or not to.address:
        return Reason.NO_ADDRESS
    if consent is False:
        return Reason.NO_CONSENT
    if suppressed:
        return Reason.SUPPRESSED
    return Reason.CAPPED if capped else None
