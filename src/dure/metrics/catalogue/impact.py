"""Who would be affected by a change of a metric, told before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dure.governance.api import User
from dure.metrics.catalogue import catalogue, revision
from dure.metrics.catalogue.uses import Use
from dure.metrics.model import Metric


def told(
    known: Metric, changed: Metric, places: Sequence[Use], users: Iterable[User], numbers: Mapping[str, Any]
) -> dict[str, Any]:
    """`{changed, same_meaning, verification_lost, uses, people, teams, version, before, after, ...}`."""
    same = catalogue.same_meaning(known, changed)
    return {
        "version": known.version,
        "changed": revision.differences(msgspec.to_builtins(known), msgspec.to_builtins(changed)),
        "same_meaning": same,
        "verification_lost": known.verified and not same,
        "uses": msgspec.to_builtins(places),
        "people": _people(known, places, users),
        "teams": _teams(known, places),
        **numbers,
    }


def _people(known: Metric, places: Sequence[Use], users: Iterable[User]) -> list[dict[str, Any]]:
    """Each person once, with every reason: owns the metric, verified it, owns a place, has subscribed to one."""
    reasons: dict[str, list[dict[str, str]]] = {}

    def add(user: str, why: str, place: Use | None = None) -> None:
        if user:
            name = {"name_ko": place.name_ko, "name_en": place.name_en} if place else {}
            reason = {"why": why, **name}
            if reason not in reasons.setdefault(user, []):
                reasons[user].append(reason)

    add(known.owner, "owns_metric")
    if known.verified:
        add(known.verified_by, "verified_metric")
    for place in places:
        add(place.person, "subscribed" if place.subscribed else f"owns_{place.kind}", place)
    by_id = {user.id: user for user in users if not user.deleted}
    return [
        {"id": user, "name": by_id[user].name, "email": by_id[user].email, "because": because}
        for user, because in reasons.items()
        if user in by_id
    ]


def _teams(known: Metric, places: Sequence[Use]) -> list[str]:
    return list(dict.fromkeys(name for name in (known.function, *(place.function for place in places)) if name))
