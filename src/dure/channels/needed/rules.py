"""Who might be left out of a channel, and why: pure decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from dure.channels.needed.model import Doing, Kept, Member, Why
from dure.governance.model import Role, User

# As many others of a function must write before one who only reads is thought dispensable.
ENOUGH = 2
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


def judge(
    doings: Sequence[Doing], users: Mapping[str, User], *, workspace: str, creator: str, owners: Collection[str],
    reasons: Mapping[str, str], last_ts: int, now: datetime, days: int,
) -> list[Member]:  # fmt: skip
    """Every member with a suggestion or none, those suggested first, then who is quietest.

    `owners` look after the customer. `reasons` are the charter's: whom it names is suggested only when silent.
    """
    ours = [one for one in doings if _inside(one, users, workspace)]
    here = Counter(users[one.user].function for one in ours if users[one.user].function)
    writing = Counter(users[one.user].function for one in ours if one.messages and users[one.user].function)
    found = []
    for one in doings:
        user = users.get(one.user)
        if user is None:
            continue
        inside = _inside(one, users, workspace)
        kept = _kept(one, user, inside=inside, creator=creator, owners=owners, now=now, days=days)
        function = user.function if inside else ""
        others = max(here[function] - 1, 0) if function else 0
        active = writing[function] - (1 if one.messages else 0) if function else 0
        reason = reasons.get(one.user, "")
        why: Why = "" if kept else _why(one, reason, active, last_ts, now, days)
        found.append(
            Member(
                one, user.display or user.name, user.title, user.function, reason, not inside, kept, why,
                _quiet(one, last_ts, now), others, active,
            )
        )  # fmt: skip
    order = {"silent": 0, "reads_only": 1, "": 2}
    return sorted(found, key=lambda m: (order[m.why], m.outside, -m.quiet_days, m.name))


def _inside(one: Doing, users: Mapping[str, User], workspace: str) -> bool:
    user = users.get(one.user)
    return user is not None and one.workspace == workspace and user.role is not Role.GUEST and not user.is_bot


def _kept(
    one: Doing, user: User, *, inside: bool, creator: str, owners: Collection[str], now: datetime, days: int
) -> Kept:
    if user.is_bot:
        return "bot"
    if not inside:
        return "outside"
    if one.user == creator:
        return "creator"
    if one.user in owners:
        return "owner"
    return "new" if now - one.joined_at < timedelta(days=days) else ""


def _why(one: Doing, reason: str, active: int, last_ts: int, now: datetime, days: int) -> Why:
    if one.messages or one.reactions or one.mentions:
        return ""
    since = _micros(now - timedelta(days=days))
    # Who has read everything is not behind, however long ago the last word was said.
    if one.read < last_ts and one.read <= since:
        return "silent"
    return "reads_only" if active >= ENOUGH and not reason else ""


def _quiet(one: Doing, last_ts: int, now: datetime) -> int:
    """Days since they last wrote or read; what they have read to its end counts as read now."""
    read = _micros(now) if one.read >= last_ts else one.read
    latest = max(one.last, read, _micros(one.joined_at))
    return max(0, (_micros(now) - latest) // (86_400 * 1_000_000))


def _micros(at: datetime) -> int:
    since = at - _BEGAN
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
