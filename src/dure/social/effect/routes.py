"""Effect over HTTP."""

from __future__ import annotations

from typing import Any

from dure.governance.http import Caller
from dure.social.effect.api import Effect
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Setting:
    allowed: float
    cooldown: int
    minutes: float


def router(api: Effect) -> APIRouter:
    """/api/v1/social-effect."""
    routes = APIRouter(prefix="/api/v1/social-effect", tags=["social"])

    @routes.get("/funnel")
    async def funnel(caller: Caller, days: int = 30, window: int = 30) -> dict[str, Any]:
        """Mentions, people touched, visits by social links and sign-ups."""
        return await api.funnel(caller, days, window)

    @routes.get("/deals")
    async def deals(caller: Caller, days: int = 90) -> dict[str, Any]:
        """Deals whose accounts had linked mentions before or while they were open."""
        return await api.deals(caller, days)

    @routes.get("/hours")
    async def hours(caller: Caller, days: int = 30) -> dict[str, Any]:
        """Hours saved by routing, with the numbers of the formula."""
        return await api.hours(caller, days)

    @routes.get("/lagged")
    async def lagged(caller: Caller, first: str, second: str, days: int = 120) -> dict[str, Any]:
        """Whether one series goes before another, with its interval; corrected for the lags looked at."""
        return await api.lagged(caller, first, second, days)

    @routes.get("/setting")
    async def setting(caller: Caller) -> dict[str, Any]:
        """False alarms a week that a topic may raise, the rest after a spike, minutes that handing on takes."""
        return await api.setting(caller)

    @routes.put("/setting")
    async def set_setting(caller: Caller, body: Setting) -> dict[str, Any]:
        """Changes the setting."""
        return await api.set_setting(caller, body.allowed, body.cooldown, body.minutes)

    return routes
