"""What can be ruled, from the loosest to the strictest, and which of two answers is the stricter.

A policy is set for the whole organisation, for one workspace, or for neither. What holds in a workspace is the
stricter of the two: a workspace tightens what the whole allows and never loosens it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.governance.model import OrgRole, Principal, Role
from dure.kernel.errors import Invalid

Value = str | int

FOREVER = "forever"

WHO = ("guests", "members", "admins", "owners", "nobody")
"""Who may: these and everybody above them. The later, the stricter."""
_RANK = {Role.GUEST: "guests", Role.MEMBER: "members", Role.ADMIN: "admins", Role.OWNER: "owners"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words, the loosest first."""

    name: str
    values: tuple[str, ...]
    default: str

    def read(self, value: object) -> Value:
        if not isinstance(value, str) or value not in self.values:
            raise Invalid(f"`{self.name}` is one of {', '.join(self.values)}.", field="value")
        return value

    def stricter(self, one: Value, other: Value) -> Value:
        return max(one, other, key=lambda value: self.values.index(str(value)))


@dataclass(frozen=True, slots=True)
class Most:
    """A number that may be at most so much: the smaller, the stricter."""

    name: str
    least: int
    most: int
    default: int
    unit: str

    def read(self, value: object) -> Value:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise Invalid(
                f"`{self.name}` is a number of {self.unit} from {self.least} to {self.most:,}.", field="value"
            )
        return value

    def stricter(self, one: Value, other: Value) -> Value:
        return min(int(one), int(other))


@dataclass(frozen=True, slots=True)
class Least:
    """A number that must be at least so much: the larger, the stricter."""

    name: str
    least: int
    most: int
    default: int
    unit: str

    def read(self, value: object) -> Value:
        return Most(self.name, self.least, self.most, self.default, self.unit).read(value)

    def stricter(self, one: Value, other: Value) -> Value:
        return max(int(one), int(other))


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days something is kept, or `forever`: the shorter, the stricter."""

    name: str
    default: str = FOREVER
    least: int = 1
    most: int = 36_499
    unit: str = "days"

    def read(self, value: object) -> Value:
        days = isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most
        if not days and value != FOREVER:
            raise Invalid(f"`{self.name}` is {self.least} to {self.most:,} days, or {FOREVER!r}.", field="value")
        return FOREVER if value == FOREVER else int(str(value))

    def stricter(self, one: Value, other: Value) -> Value:
        return min(one, other, key=lambda value: self.most + 1 if value == FOREVER else int(value))


Kind = Choice | Most | Least | Kept


def _who(name: str, default: str, *, loosest: str = "members") -> Choice:
    return Choice(name, WHO[WHO.index(loosest) :], default)


KINDS: Mapping[str, Kind] = {
    one.name: one
    for one in (
        _who("people.invite", "admins"),
        _who("people.ask", "members"),  # asking that somebody be invited
        _who("channels.create_public", "members"),
        _who("channels.create_private", "members"),
        _who("channels.connect", "members"),  # sharing a channel with another organisation, or taking one
        # When sharing waits for an administrator: before it is sent, after they accepted, after we accepted.
        Choice("connect.gate", ("none", "admins"), "none"),
        Choice("connect.approval_out", ("none", "admins"), "admins"),
        Choice("connect.approval_in", ("none", "admins"), "admins"),
        _who("apps.install", "admins", loosest="admins"),
        Choice("apps.approval", ("unasked", "needed"), "unasked"),  # whether an app is approved before it comes
        Most("session.hours", 1, 8_760, 720, "hours"),
        Choice("signin.second_factor", ("off", "admins", "everybody"), "off"),  # who needs one
        Choice("signin.methods", ("any", "passkey", "provider"), "any"),  # by which ways people come in
        Least("signin.password_length", 8, 64, 8, "characters"),
        Kept("retention.public"),
        Kept("retention.private"),
        Kept("retention.dm"),
        Kept("retention.files"),
        Choice("retention.edits", ("kept", "dropped"), "kept"),  # what a message said before it was changed
        Choice("retention.override", ("allowed", "refused"), "refused"),  # a length of a channel's own
        Choice("messages.delete", ("allowed", "refused"), "allowed"),  # `compliance_exports_prevent_deletion`
        _who("exports.make", "owners", loosest="admins"),
    )
}


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it stands: what the whole says, what the workspace says, and what holds. None where unsaid."""

    name: str
    whole: Value | None
    here: Value | None
    holds: Value


def standing(rows: Sequence[Mapping[str, Any]]) -> dict[str, Policy]:
    """Every policy out of what was set (`name`, `workspace`, "" for the whole, and `value`)."""
    said = {(row["name"], bool(row["workspace"])): row["value"] for row in rows}
    made = {}
    for name, kind in KINDS.items():
        whole, here = said.get((name, False)), said.get((name, True))
        holds = kind.default if whole is None else whole
        if here is not None:
            holds = here if whole is None else kind.stricter(whole, here)
        made[name] = Policy(name, whole, here, holds)
    return made


def may(principal: Principal, who: Value) -> bool:
    """Whether somebody is of those who may, by their role in the workspace. The server's own hand always is."""
    if principal.kind == "system":
        return True
    if principal.org_role in (OrgRole.OWNER, OrgRole.ADMIN) and who != "nobody":
        return True
    return WHO.index(_RANK[principal.role]) >= WHO.index(str(who)) and who != "nobody"
