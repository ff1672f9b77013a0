"""Letters of channels over the installation's mailer: fills `dure.channels.notice.plugs.Postman`."""

from __future__ import annotations

from collections.abc import Mapping

from dure.campaigns.model import Letter
from dure.campaigns.plugs import Accepted, Mailer, Refused
from dure.channels.notice.plugs import Fate


class MailerPostman:
    """`sender` is the From of every letter."""

    def __init__(self, mailer: Mailer, sender: str) -> None:
        self._mailer = mailer
        self._sender = sender

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Fate:
        answer = await self._mailer.send(Letter(self._sender, to, subject, text, html, headers), key)
        if isinstance(answer, Accepted):
            return "sent"
        # What was handed over without an answer is not sent again: one letter too few is better than two.
        return "again" if isinstance(answer, Refused) and not answer.permanent else "lost"
