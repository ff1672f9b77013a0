"""Mail over SMTP: fills `dure.campaigns.plugs.Mailer`. Conversations are kept for the next letter."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Literal
from uuid import UUID

import aiosmtplib

from dure.campaigns.model import Letter
from dure.campaigns.plugs import Accepted, Delivery, Refused, Unknown

_AT_ONCE = 8
_LETTERS_EACH = 100  # many relays hang up after as many
_IDLE_SECONDS = 10.0
_LATER = 10.0
# Enhanced status codes (RFC 3463) that say there is nobody: no such mailbox or domain, moved, disabled.
_NOBODY = re.compile(r"\b5\.(1\.\d{1,3}|2\.1)\b")
_ENHANCED = re.compile(r"\b5\.\d\.\d{1,3}\b")

Stage = Literal["connect", "from", "to", "text"]


@dataclass
class _Line:
    """One conversation with the server; `letters` is how many it has carried."""

    client: aiosmtplib.SMTP
    letters: int = 0
    since: float = 0.0


class SmtpMailer:
    """Until the text is handed over a failure is certainly none; after that, without a word, it is unknown.

    `tls` is `starttls`, `tls` (from the first byte) or "".
    """

    def __init__(
        self, host: str, port: int, *, username: str = "", password: str = "", tls: str = "", seconds: float = 30.0
    ) -> None:
        self.host = host
        self.port = port
        self._username = username
        self._password = password
        self._tls = tls
        self._seconds = seconds
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._idle: list[_Line] = []
        self._sweep: asyncio.TimerHandle | None = None

    async def send(self, letter: Letter, key: str) -> Delivery:
        """The Message-ID is made of the key, so that a repeat could be recognised anywhere on the way."""
        try:
            message = as_mime(letter, key)
        except ValueError as error:
            return Refused(f"The letter cannot be written: {error}"[:300], permanent=True)
        async with self._turns:
            kept = self._kept()
            if kept is not None:
                delivery = await self._say(kept, letter, message)
                if not isinstance(delivery, _Hung):
                    return delivery
            # A kept conversation that ended before the text was handed over: once more on a new one.
            delivery = await self._say(_Line(self._client()), letter, message)
            return (
                Refused(delivery.told, reached=False, retry_after=_LATER) if isinstance(delivery, _Hung) else delivery
            )

    async def close(self) -> None:
        """Ends what is kept; letters may still be sent afterwards."""
        for line in self._idle:
            line.client.close()
        self._idle.clear()
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    async def _say(self, line: _Line, letter: Letter, message: bytes) -> Delivery | _Hung:
        client, well = line.client, False
        at: Stage = "connect"
        try:
            if not client.is_connected:
                await client.connect()
            at = "from"
            await client.mail(letter.envelope or parseaddr(letter.sender)[1], encoding="utf-8")
            at = "to"
            await client.rcpt(letter.to, encoding="utf-8")
            at = "text"
            answer = await client.data(message)
            well = True
            return Accepted(answer.message[:200])
        except aiosmtplib.SMTPResponseException as error:
            # The server said no, also where it said so after the text. It may still be spoken with.
            well = at in ("from", "to") and error.code != 421 and await self._forgotten(client)
            return refusal(error.code, error.message, at)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            told = f"{type(error).__name__}: {error}"[:300]
            return Unknown(told) if at == "text" else _Hung(told)
        finally:
            if well:
                self._keep(line)
            else:
                client.close()

    async def _forgotten(self, client: aiosmtplib.SMTP) -> bool:
        """Whether the server is ready for another letter after it refused one."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return False
        return True

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host, port=self.port, timeout=self._seconds, use_tls=self._tls == "tls",
            start_tls=self._tls == "starttls", username=self._username or None, password=self._password or None,
        )  # fmt: skip

    def _kept(self) -> _Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected and time.monotonic() - line.since < _IDLE_SECONDS:
                return line
            line.client.close()
        return None

    def _keep(self, line: _Line) -> None:
        line.letters += 1
        if line.letters >= _LETTERS_EACH:
            line.client.close()
            return
        line.since = time.monotonic()
        self._idle.append(line)
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._swept)

    def _swept(self) -> None:
        self._sweep = None
        old = [line for line in self._idle if time.monotonic() - line.since >= _IDLE_SECONDS]
        self._idle = [line for line in self._idle if line not in old]
        for line in old:
            line.client.close()
        if self._idle:
            self._sweep = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._swept)


@dataclass(frozen=True, slots=True)
class _Hung:
    """The conversation ended before the text was handed over."""

    told: str


def refusal(code: int, message: str, at: Stage) -> Refused:
    """What a server's no means: only about the address itself may it say that nobody is there."""
    told = f"{code} {message}"[:300]
    if at == "connect":
        # Who may not even begin has a setting that is wrong; no address is to blame.
        return Refused(told, reached=False, retry_after=_LATER if code < 500 else None)
    if code < 500:
        return Refused(told, retry_after=_LATER)
    nobody = at == "to" and (
        _NOBODY.search(message) is not None or (code in (550, 551) and _ENHANCED.search(message) is None)
    )
    return Refused(told, permanent=True, gone=nobody)


def as_mime(letter: Letter, key: str) -> bytes:
    """The letter as bytes: text and HTML side by side; ValueError for a header with a line break in it."""
    message = EmailMessage()
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    domain = parseaddr(letter.sender)[1].partition("@")[2] or "dure.invalid"
    message["Message-ID"] = f"<{_name(key)}@{domain}>"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message.as_bytes()


def _name(key: str) -> str:
    """A key that is an id stays one, so that a provider's word about the letter finds it."""
    try:
        return str(UUID(key))
    except ValueError:
        return hashlib.sha256(key.encode()).hexdigest()[:32]
