"""Automation's room: runs, their calls out of the house, and hooks that come in. What it can do, `offers` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.automation import routes
from dure.automation.allowed import Allowed
from dure.automation.api import Automation
from dure.automation.hook_door import HookDoor
from dure.governance.hosts import fits
from dure.people.api import People
from dure.wiring.ground import Ground
from dure.wiring.lookups import accounts, person_traits
from dure.work import Loop


class AutomationRoom:
    def __init__(self, ground: Ground, people: People) -> None:
        governance = ground.governance
        self._bell = ground.bell
        self.automation = Automation(
            ground.state, ground.clock, governance, log=ground.log, signing_key=ground.key, site=ground.settings.url,
            outgoing=Allowed(ground.outgoing(), governance.hosts.allowed, fits),
            lookups={"person": person_traits(people), "account": accounts(people)},
        )  # fmt: skip

    def hook_door(self) -> HookDoor:
        return HookDoor(self.automation.hooks)

    def routers(self) -> Sequence[APIRouter]:
        return (routes.router(self.automation),)

    def loops(self) -> Mapping[str, Loop]:
        return {"triggers": lambda: self.automation.run_followers(self._bell), "automation": self.automation.work}
