"""Who needs a second factor, and who may come in by what. Decisions alone."""

from __future__ import annotations

from dure.governance.model import OrgRole, Role
from dure.governance.signin.model import Factors, Means, Owes, Way
from dure.kernel.errors import NotAllowed

_LOOK_AFTER = frozenset({OrgRole.OWNER, OrgRole.ADMIN})


def demanded(rule: str, role: Role, org_role: OrgRole) -> bool:
    """Whether `signin.second_factor` binds somebody."""
    if rule == "admins":
        return role in (Role.OWNER, Role.ADMIN) or org_role in _LOOK_AFTER
    return rule == "everybody"


def narrowed(rule: str, org_role: OrgRole, *, exempted: bool = False) -> str:
    """What `signin.methods` says to somebody. Whoever owns the organisation is never locked out by its provider, and
    who is exempted comes in as if nothing were said; a second factor is asked of them as of everybody."""
    return "any" if exempted or (rule == "provider" and org_role is OrgRole.OWNER) else rule


def require_means(rule: str, means: Means) -> None:
    """NotAllowed for a way in that the rules do not leave open."""
    if rule == "provider" and means != "provider":
        raise NotAllowed("This organisation's people sign in through its provider.", data={"policy": "signin.methods"})


def owed(methods: str, demand: bool, factors: Factors, means: Means) -> Owes:
    """What is still owed after a first proof. A passkey and a provider stand for both proofs."""
    if means in ("passkey", "provider"):
        return ""
    if methods == "passkey":
        return "second" if factors.passkeys else "setup"
    if demand:
        return "second" if factors.any else "setup"
    return "second" if factors.code else ""


def ways(methods: str, factors: Factors) -> tuple[Way, ...]:
    """With what somebody may give the second factor that they have."""
    found: list[Way] = []
    if factors.code and methods != "passkey":
        found.append("code")
    if factors.passkeys:
        found.append("passkey")
    if factors.recovery:
        found.append("recovery")
    return tuple(found)
