"""What every room stands on: the databases, the feed's bell, who may do what, and the ways out of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fastapi import APIRouter

from dure import screens
from dure.automation.outgoing import HttpOutgoing
from dure.connectors.mail import mailer_from
from dure.connectors.postman import MailerPostman
from dure.feed.api import Bell, Whispers, drop_passed
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.log.api import Log, LogWriter
from dure.people.ledger import Ledger
from dure.proof import prove
from dure.settings import Settings
from dure.state import State
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.push import Sender
from dure.work import Loop, every

PACKAGE = Path(__file__).resolve().parents[1]


class Ground:
    """Made once, before any room. `key` signs what the house gives out and knows again."""

    def __init__(
        self, settings: Settings, clock: Clock, state: State, log: Log, *, key: bytes, ledger: Ledger
    ) -> None:  # fmt: skip
        self.settings, self.clock, self.state, self.log = settings, clock, state, log
        self.key, self.ledger = key, ledger
        self.bell, self.hub = Bell(state), Hub()
        self.log_writer = LogWriter(state, log)
        self.governance = Governance(state, clock)
        prove(self.governance)
        self.mailer = mailer_from(settings.smtp_url)
        self.push_sender = Sender(key, f"mailto:{settings.mail_from}")
        self.assets = Assets(gather(PACKAGE))

    def outgoing(self) -> HttpOutgoing:
        """A way out of the house, which a playground's work never takes."""
        return HttpOutgoing(self.settings.reachable, refuse=self.governance.playgrounds.refuse)

    def postman(self) -> MailerPostman:
        """Who carries the house's own letters."""
        return MailerPostman(self.mailer, self.settings.mail_from)

    def routers(self) -> Sequence[APIRouter]:
        return ()

    def loops(self) -> Mapping[str, Loop]:
        return {
            "bell": self.bell.run,
            "log": lambda: self.log_writer.run(self.bell),
            "live": screens.broadcasting(self.state, self.bell, self.hub),
            "whispers": Whispers(self.state, self.hub.whisper).run,
            "feed-drop": every(600, lambda: drop_passed(self.state)),
        }
