"""Who may agree to what."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dure.campaigns.approval.model import Request, Standing
from dure.campaigns.gate.model import Approving
from dure.governance.api import Principal


def needed(demand: Approving, reach: int) -> bool:
    """Whether a campaign that reaches so many people is launched only with somebody's word."""
    return demand.demanded == "always" or (demand.demanded == "above" and reach > demand.above)


def standing(demanded: bool, requests: Sequence[Request], hash: str) -> Standing:
    """Where approval stands for a campaign that is now `hash`; requests newest first.

    A word counts for exactly what it was given on. It is lost with any change, and the old content is what was
    approved if it comes back.
    """
    of_this = [request for request in requests if request.hash == hash]
    decided = next((request for request in of_this if request.decision), None)
    if decided is not None and decided.decision == "approved":
        return "approved"
    if any(not request.decision for request in of_this):
        return "asked"
    if decided is not None:
        return "refused"
    if any(request.decision != "refused" for request in requests):
        return "lost"
    return "missing" if demanded else "not_needed"


def why_not(demand: Approving, who: Principal, authors: Collection[str], reach: int) -> str:
    """Why somebody may not decide: a code, "" where they may.

    Only people decide, in their own name. `authors` asked for it or wrote it; theirs is their own.
    """
    if who.kind != "user" or not who.user:
        return "not_a_person"
    if who.user not in authors:
        return ""
    if demand.own == "never":
        return "own"
    return "own_and_large" if reach > demand.above else ""
