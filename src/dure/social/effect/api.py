"""Effect's entrance. What it tells is what events say; nothing is estimated but intervals."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.social import expectation
from dure.social.effect import lag, log_sql
from dure.social.listening import events, store
from dure.social.listening.api import Listening
from dure.social.spiking import COOLDOWN
from dure.state import State

MINUTES = 3.0  # that a person takes to read a mention and hand it on, where nobody says otherwise
NETWORKS = (
    "x", "twitter", "t.co", "instagram", "facebook", "threads", "tiktok", "youtube", "linkedin", "reddit", "mastodon",
    "bluesky", "naver_blog", "naver_cafe", "kakao", "kakaotalk", "discord", "community",
)  # fmt: skip


class Effect:
    def __init__(self, state: State, log: Log, clock: Clock, metrics: Metrics, listening: Listening) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._metrics = metrics
        self._listening = listening

    async def funnel(self, principal: Principal, days: int = 30, window: int = 30) -> dict[str, Any]:
        """Mentions, clicks on tracked links, people touched (by a linked mention or a social link, whichever was
        first), those who came by a social link, those who signed up within `window` days and had not before; by first
        touch and network."""
        access(principal, "social:read")
        bound = {**self._range(days), "networks": list(NETWORKS), "window": min(max(window, 1), 365)}
        rows, mentions, clicks, sign_ups = await asyncio.gather(*(
            self._rows(principal, sql, bound)
            for sql in (log_sql.FUNNEL, log_sql.MENTIONS, log_sql.CLICKS, log_sql.SIGN_UPS)
        ))  # fmt: skip
        touches = [
            {"kind": kind, "network": network or "", "people": int(people), "clicked": int(clicked),
             "signed": int(signed)}
            for kind, network, people, clicked, signed in rows
        ]  # fmt: skip
        totals = {name: sum(one[name] for one in touches) for name in ("people", "clicked", "signed")}
        return {
            "mentions": int(mentions[0][0]), "linked": int(mentions[0][1]), "clicks": int(clicks[0][0]),
            "clicks_employees": int(clicks[0][1]), **totals, "sign_ups": int(sign_ups[0][0]), "touches": touches,
            "window": bound["window"], "days": days,
        }  # fmt: skip

    async def deals(self, principal: Principal, days: int = 90) -> dict[str, Any]:
        """Deals open in the range whose account had linked mentions while they were open or in the ninety days before,
        beside those without, by outcome."""
        access(principal, "social:read")
        access(principal, "deals:read")
        rows = await self._rows(principal, log_sql.DEALS, self._range(days))
        names = ("deal", "name", "amount", "currency", "account", "outcome", "during", "before", "negative")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        touched = [one for one in found if one["during"] + one["before"]]
        sides = {
            side: {outcome: sum(one["outcome"] == outcome for one in some) for outcome in ("won", "lost", "open")}
            for side, some in (("touched", touched), ("untouched", [one for one in found if one not in touched]))
        }
        return {"deals": touched[:100], "total": len(found), **sides, "days": days}

    async def hours(self, principal: Principal, days: int = 30) -> dict[str, Any]:
        """Hours saved: mentions that a rule, the model or an automation handed on, less those that somebody corrected,
        times the minutes that a person takes."""
        access(principal, "social:read")
        [(automatic, corrected)] = await self._rows(principal, log_sql.ROUTED, self._range(days))
        minutes = (await self.setting(principal))["minutes"]
        kept = int(automatic) - int(corrected)
        return {"automatic": int(automatic), "corrected": int(corrected), "minutes": minutes,
                "hours": round(kept * minutes / 60, 1), "days": days}  # fmt: skip

    async def lagged(self, principal: Principal, first: str, second: str, days: int = 120) -> dict[str, Any]:
        """Whether a social series goes before a metric. `first` and `second` are metrics of the catalogue, or
        `query:<id>` for the mentions of a saved query."""
        access(principal, "social:read")
        access(principal, "metrics:read")
        days = min(max(days, 28), 730)
        grain: Literal["day", "week"] = "day"
        try:
            one, two = [await self._series(principal, name, days, grain) for name in (first, second)]
        except Invalid as refused:
            if refused.field != "metric":
                raise
            grain = "week"  # one of them has no value for a day
            one, two = [await self._series(principal, name, days, grain) for name in (first, second)]
        times = sorted(one.keys() & two.keys())
        found = await asyncio.to_thread(
            lag.correlate, [one[at] for at in times], [two[at] for at in times], weekly=grain == "day"
        )
        return {**asdict(found), "grain": grain, "times": times, "first": [one[at] for at in times],
                "second": [two[at] for at in times]}  # fmt: skip

    async def setting(self, principal: Principal) -> dict[str, Any]:
        """False alarms a week allowed a topic, hours of rest after a spike, minutes that handing on takes."""
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            known = await store.setting(tx, principal.tenant.workspace)
        first = {"allowed": expectation.ALLOWED, "cooldown": COOLDOWN, "minutes": MINUTES}
        return {name: round(value, 4) for name, value in (known or first).items()}

    async def set_setting(self, principal: Principal, allowed: float, cooldown: int, minutes: float) -> dict[str, Any]:
        access(principal, "social:write")
        for name, value, low, high in (
            ("allowed", allowed, 0.01, 10), ("cooldown", cooldown, 0, 168), ("minutes", minutes, 0, 240)
        ):  # fmt: skip
            if not low <= value <= high:
                raise Invalid(f"`{name}` is {low} to {high}.", field=name)
        async with self._state.begin(principal.tenant) as tx:
            await store.set_setting(tx, principal.tenant.workspace, allowed, cooldown, minutes)
            await append(tx, events.setting_changed(principal, self._clock.now(), allowed, cooldown, minutes))
        return await self.setting(principal)

    # -- within -----------------------------------------------------------------------------------------------------

    def _range(self, days: int) -> dict[str, Any]:
        until = self._clock.now()
        since = until - timedelta(days=min(max(days, 1), 3650))
        return {"since": _said(since), "until": _said(until + timedelta(seconds=1))}

    async def _rows(self, principal: Principal, sql: str, bound: Mapping[str, Any]) -> Any:
        return (await self._log.query(principal.tenant, sql, bound)).rows

    async def _series(
        self, principal: Principal, name: str, days: int, grain: Literal["day", "week"]
    ) -> dict[str, float | None]:
        now = self._clock.now()
        if name.startswith("query:"):
            return dict(await self._listening.daily(principal, name.removeprefix("query:"), days, grain))
        since = (now - timedelta(days=days)).date().isoformat()
        series = await self._metrics.series(
            principal, name, since, now.date().isoformat(), interval=grain, timezone="UTC"
        )
        return {at[:10]: value for at, value in series.items()}


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
