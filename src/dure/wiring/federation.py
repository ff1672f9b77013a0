"""Conversations that are shared with other servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.channels.api import Channels
from dure.channels.federation import routes
from dure.channels.federation.api import Federation
from dure.channels.federation.door import door
from dure.channels.federation.keys import Keys
from dure.channels.files.api import Files
from dure.wiring.ground import Ground
from dure.work import Loop, every


class FederationRoom:
    def __init__(self, ground: Ground, channels: Channels, files: Files, keys: Keys) -> None:
        settings = ground.settings
        self._bell, self._files = ground.bell, files
        self.federation = Federation(
            ground.state, ground.clock, ground.governance, channels, ground.outgoing(), keys, settings.url,
            plain=settings.allow_private_networks or bool(settings.allowed_networks),
        )  # fmt: skip
        files.elsewhere = self.federation.content
        self.federation.links.postman = ground.postman() if settings.smtp_url else None

    def routers(self) -> Sequence[APIRouter]:
        return routes.router(self.federation), door(self.federation, self._files)

    def loops(self) -> Mapping[str, Loop]:
        return {
            "federation": lambda: self.federation.outward.run(self._bell),
            "federation-sending": self.federation.sending.run,
            "federation-answers": self.federation.asking.run,
            "federation-drop": every(600, self.federation.tick),
            "federation-letters": every(5, self.federation.links.tick),
        }
