"""A channel's rules for those who are in it, in the words that Slack's `admin.conversations.setConversationPrefs` has.

{"who_can_post": {"type": ["admin"], "user": ["U1"]}, "can_thread": {"type": ["ra"]},
 "enable_at_here": {"enabled": "true"}, "enable_at_channel": {"enabled": "true"}, "membership_limit": 50}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dure.channels.prefs.refusals import InvalidPrefs, MentionsGoTogether
from dure.governance.api import OrgRole, Principal, Role

Why = Literal["", "post", "thread", "mention"]

# `ra` is everybody but guests, as Slack calls it.
KINDS = ("everyone", "ra", "admin", "owner", "org_admin", "org_owner")
MOST_PEOPLE = 1_000
MOST_MEMBERS = 100_000


@dataclass(frozen=True, slots=True)
class Who:
    """Some of those who are in a channel: kinds of people, and people by id."""

    kinds: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def has(self, principal: Principal, user: str) -> bool:
        if user in self.users or "everyone" in self.kinds:
            return True
        return any(_is(principal, kind) for kind in self.kinds)

    @property
    def everybody(self) -> bool:
        return "everyone" in self.kinds


@dataclass(frozen=True, slots=True)
class Prefs:
    """None where nothing is set: everybody may."""

    post: Who | None = None
    thread: Who | None = None
    at_here: bool = True
    at_channel: bool = True
    limit: int | None = None

    def against(self, principal: Principal, user: str, *, threaded: bool, everybody: bool) -> Why:
        """What keeps somebody from saying something here; "" for nothing. `everybody`: it calls the whole channel."""
        rule = self.thread if threaded else self.post
        if rule is not None and not rule.has(principal, user):
            return "thread" if threaded else "post"
        if everybody and not (self.at_here and self.at_channel):
            return "mention"
        return ""


def read(given: object, before: Prefs | None = None) -> Prefs:
    """Prefs as sent, over those of before: what is not named stays. Raises InvalidPrefs, MentionsGoTogether."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError as error:
            raise InvalidPrefs("`prefs` is JSON.", field="prefs") from error
    if not isinstance(given, Mapping):
        raise InvalidPrefs(field="prefs")
    now = before or Prefs()
    here, channel = _flag(given, "enable_at_here"), _flag(given, "enable_at_channel")
    if (here is None) != (channel is None) or here != channel:
        raise MentionsGoTogether(field="prefs")
    return Prefs(
        _who(given, "who_can_post", now.post),
        _who(given, "can_thread", now.thread),
        now.at_here if here is None else here,
        now.at_channel if channel is None else channel,
        _limit(given, now.limit),
    )


def prefs_of(kept: Mapping[str, Any] | None) -> Prefs | None:
    """From what the database holds."""
    if kept is None:
        return None
    return Prefs(
        _kept_who(kept.get("post")), _kept_who(kept.get("thread")), kept.get("at_here", True),
        kept.get("at_channel", True), kept.get("limit"),
    )  # fmt: skip


def kept_of(prefs: Prefs) -> dict[str, Any] | None:
    """As the database holds it; None for what forbids nothing."""
    if prefs == Prefs():
        return None
    return {
        "post": _kept(prefs.post), "thread": _kept(prefs.thread), "at_here": prefs.at_here,
        "at_channel": prefs.at_channel, "limit": prefs.limit,
    }  # fmt: skip


def shape(prefs: Prefs) -> dict[str, Any]:
    """As Slack's clients are told."""
    told: dict[str, Any] = {
        "who_can_post": _shown(prefs.post), "can_thread": _shown(prefs.thread),
        "can_huddle": {"enabled": False}, "enable_at_here": {"enabled": prefs.at_here},
        "enable_at_channel": {"enabled": prefs.at_channel},
    }  # fmt: skip
    return told if prefs.limit is None else {**told, "membership_limit": {"value": prefs.limit}}


def _is(principal: Principal, kind: str) -> bool:
    if kind == "ra":
        return principal.role is not Role.GUEST
    if kind == "org_owner":
        return principal.org_role is OrgRole.OWNER
    if kind == "org_admin":
        return principal.org_role in (OrgRole.OWNER, OrgRole.ADMIN)
    if kind == "owner":
        return principal.role is Role.OWNER and principal.kind != "system"
    return principal.role in (Role.OWNER, Role.ADMIN) and principal.kind == "user"


def _who(given: Mapping[str, Any], name: str, before: Who | None) -> Who | None:
    """One of `{"type": [...], "user": [...]}` and Slack's text `type:admin,user:U1`."""
    if name not in given:
        return before
    value = given[name]
    if value is None:
        return None
    if isinstance(value, str):
        parts = [part.strip().partition(":") for part in value.split(",") if part.strip()]
        value = {kind: [one for head, _, one in parts if head == kind] for kind, _, _ in parts}
    if not isinstance(value, Mapping) or not set(value) <= {"type", "user"}:
        raise InvalidPrefs(f"`{name}` has `type` and `user`.", field="prefs")
    kinds, users = value.get("type") or [], value.get("user") or []
    if not isinstance(kinds, list) or not isinstance(users, list) or not set(map(str, kinds)) <= set(KINDS):
        raise InvalidPrefs(f"`{name}.type` is some of {', '.join(KINDS)}; `user` a list of ids.", field="prefs")
    if len(users) > MOST_PEOPLE or not all(isinstance(one, str) and 2 <= len(one) <= 40 for one in users):
        raise InvalidPrefs(f"`{name}.user` is at most {MOST_PEOPLE:,} ids.", field="prefs")
    made = Who(tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(users)))
    return None if made.everybody else made


def _flag(given: Mapping[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if isinstance(value, Mapping):
        value = value.get("enabled")
    if value is None or isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise InvalidPrefs(f"`{name}` is true or false.", field="prefs")


def _limit(given: Mapping[str, Any], before: int | None) -> int | None:
    if "membership_limit" not in given:
        return before
    value = given["membership_limit"]
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if value in (None, 0, ""):
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_MEMBERS:
        raise InvalidPrefs(f"`membership_limit` is a number up to {MOST_MEMBERS:,}; 0 is none.", field="prefs")
    return value


def _kept_who(kept: Mapping[str, Any] | None) -> Who | None:
    return None if kept is None else Who(tuple(kept["kinds"]), tuple(kept["users"]))


def _kept(who: Who | None) -> dict[str, Any] | None:
    return None if who is None else {"kinds": list(who.kinds), "users": list(who.users)}


def _shown(who: Who | None) -> dict[str, list[str]]:
    return {"type": ["everyone"], "user": []} if who is None else {"type": list(who.kinds), "user": list(who.users)}
