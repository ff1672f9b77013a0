"""What sharing brings: the brand's own links beside employees' shares, never added up; and a leaderboard for those who
want to be on one."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import Clock
from dure.social.advocacy import share_store, store
from dure.social.advocacy.model import Share, Story
from dure.social.links.api import Clicks, Link, Links
from dure.state import State

_SIDES = ("brand", "employees")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many may have seen shares, by who says so: their networks, the employees; and of how many shares nobody
    knows. The three are never one number."""

    measured: int = 0
    stated: int = 0
    measured_shares: int = 0
    stated_shares: int = 0
    unknown_shares: int = 0


class Report:
    def __init__(self, state: State, clock: Clock, governance: Governance, links: Links) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._links = links

    async def of(self, principal: Principal, days: int = 30) -> dict[str, Any]:
        """Clicks, people and sign-ups of brand and employees, shares and their reach, by story, network and team."""
        access(principal, "social:read")
        days, workspace, now = min(max(days, 1), 365), principal.tenant.workspace, self._clock.now()
        since = now - timedelta(days=days)
        followed = await self._links.followed(principal, since, now + timedelta(seconds=1))
        async with self._state.begin(principal.tenant) as tx:
            shared = await share_store.shared(tx, workspace, since)
            behind = {one.id: one for one in shared}
            missing = {uuid.UUID(link.belongs[1]) for link, _ in followed if link.belongs[0] == "share"} - set(behind)
            behind |= {one.id: one for one in await share_store.several(tx, workspace, sorted(missing))}
            stories = {one.id: one for one in await store.stories(tx, workspace, (), 1_000)}
            asked = await store.rules(tx, workspace)
            users = await self._governance.users_in(tx, principal.tenant)
        sides = {side: _sum(clicks for link, clicks in followed if link.side == side) for side in _SIDES}
        could = sum(not one.deleted and not one.is_bot and one.role is not Role.GUEST for one in users)
        worth = sides["employees"].clicks * asked.price if asked.price else None
        return {
            "days": days, **{side: asdict(clicks) for side, clicks in sides.items()},
            "shares": {**_shares(shared), "could": could}, "reach": asdict(reach_of(shared)),
            "worth": {"amount": worth, "price": asked.price, "currency": asked.currency} if worth is not None else None,
            "stories": _stories(followed, shared, behind, stories), "networks": _networks(followed, shared),
            "teams": _teams(followed, shared, behind),
        }  # fmt: skip

    async def leaderboard(self, principal: Principal, days: int = 30) -> dict[str, Any]:
        """Employees who want to be seen, by the people whom their shares brought. Off where the organisation says
        so."""
        access(principal, "social:read")
        days, workspace, now = min(max(days, 1), 365), principal.tenant.workspace, self._clock.now()
        since = now - timedelta(days=days)
        async with self._state.begin(principal.tenant) as tx:
            if not (await store.rules(tx, workspace)).leaderboard:
                return {"on": False, "days": days, "rows": [], "me": False}
            users = {one.id: one for one in await self._governance.users_in(tx, principal.tenant) if not one.deleted}
            known = await store.advocates(tx, workspace, list(users))
            shared = await share_store.shared(tx, workspace, since)
        seen = {one for one in users if known[one].named}
        followed = await self._links.followed(principal, since, now + timedelta(seconds=1))
        of_link = {one.link: one.employee for one in shared if one.employee in seen}
        clicks: defaultdict[str, Clicks] = defaultdict(Clicks)
        for link, counted in followed:
            if employee := of_link.get(link.id, ""):
                clicks[employee] += counted
        shares = Counter(one.employee for one in shared if one.employee in seen)
        rows: list[dict[str, Any]] = [
            {"user": one, "name": users[one].display or users[one].name, "team": users[one].function,
             "shares": shares[one], "clicks": clicks[one].clicks, "visitors": clicks[one].visitors}
            for one in shares
        ]  # fmt: skip
        rows.sort(key=lambda row: (-row["visitors"], -row["shares"], row["name"]))
        return {"on": True, "days": days, "rows": rows, "me": principal.user in seen}


def reach_of(shares: Iterable[Share]) -> Reach:
    by: defaultdict[str, list[int]] = defaultdict(list)
    for one in shares:
        by[one.reach_by].append(one.reach or 0)
    return Reach(
        sum(by["measured"]), sum(by["stated"]), len(by["measured"]), len(by["stated"]), len(by[""])
    )  # fmt: skip


def _sum(clicks: Iterable[Clicks]) -> Clicks:
    return sum(clicks, Clicks())


def _shares(shared: Sequence[Share]) -> dict[str, int]:
    """`said` are those that somebody confirmed; of `opened` ones only the composer is known to have been opened.
    `employees` counts those who left as one each share."""
    return {
        "all": len(shared), "said": sum(one.state == "said" for one in shared),
        "opened": sum(one.state == "opened" for one in shared),
        "employees": len({one.employee or one.id for one in shared}),
    }  # fmt: skip


def _stories(
    followed: Sequence[tuple[Link, Clicks]], shared: Sequence[Share], behind: dict[uuid.UUID, Share],
    stories: dict[uuid.UUID, Story],
) -> list[dict[str, Any]]:  # fmt: skip
    clicks: defaultdict[uuid.UUID, Clicks] = defaultdict(Clicks)
    for link, counted in followed:
        if link.belongs[0] == "share" and (share := behind.get(uuid.UUID(link.belongs[1]))):
            clicks[share.story] += counted
    of: defaultdict[uuid.UUID, list[Share]] = defaultdict(list)
    for one in shared:
        of[one.story].append(one)
    rows: list[dict[str, Any]] = [
        {"story": one.id, "title": one.content.title, "state": one.state, "shares": _shares(of[one.id]),
         "reach": asdict(reach_of(of[one.id])), **asdict(clicks[one.id])}
        for one in stories.values() if one.id in of or one.id in clicks
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["clicks"], -row["shares"]["all"], row["title"]))


def _networks(followed: Sequence[tuple[Link, Clicks]], shared: Sequence[Share]) -> list[dict[str, Any]]:
    names = {link.network for link, _ in followed} | {one.network for one in shared}
    rows = []
    for name in names:
        sides = {
            side: asdict(_sum(clicks for link, clicks in followed if (link.network, link.side) == (name, side)))
            for side in _SIDES
        }
        rows.append({"network": name, **sides, "shares": sum(one.network == name for one in shared)})
    return sorted(rows, key=lambda row: (-row["employees"]["clicks"] - row["brand"]["clicks"], row["network"]))


def _teams(
    followed: Sequence[tuple[Link, Clicks]], shared: Sequence[Share], behind: dict[uuid.UUID, Share]
) -> list[dict[str, Any]]:
    """By the team that somebody was in when they shared."""
    clicks: defaultdict[str, Clicks] = defaultdict(Clicks)
    for link, counted in followed:
        if link.belongs[0] == "share" and (share := behind.get(uuid.UUID(link.belongs[1]))):
            clicks[share.team] += counted
    shares = Counter(one.team for one in shared)
    rows = [{"team": team, "shares": shares[team], **asdict(clicks[team])} for team in {*shares, *clicks}]
    return sorted(rows, key=lambda row: (-row["shares"], row["team"]))
