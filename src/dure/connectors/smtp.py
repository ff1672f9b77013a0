"""Mail over SMTP: fills `dure.campaigns.plugs.Mailer`."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

import aiosmtplib

from dure.campaigns.model import Letter
from dure.campaigns.plugs import Accepted, Delivery, Refused, Unknown


class SmtpMailer:
    """One conversation a letter. Until the text is handed over a failure is certainly none; after that it is unknown.

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

    async def send(self, letter: Letter, key: str) -> Delivery:
        """The Message-ID is made of the key, so that a repeat could be recognised anywhere on the way."""
        client = aiosmtplib.SMTP(
            hostname=self.host, port=self.port, timeout=self._seconds, use_tls=self._tls == "tls",
            start_tls=self._tls == "starttls", username=self._username or None, password=self._password or None,
        )  # fmt: skip
        handed_over = False
        try:
            message = as_mime(letter, key)
            await client.connect()
            await client.mail(parseaddr(letter.sender)[1], encoding="utf-8")
            await client.rcpt(letter.to, encoding="utf-8")
            handed_over = True
            answer = await client.data(message)
            return Accepted(answer.message[:200])
        except aiosmtplib.SMTPResponseException as error:
            # The server said no, also where it said so after the text.
            return Refused(f"{error.code} {error.message}"[:300], permanent=500 <= error.code < 600)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            told = f"{type(error).__name__}: {error}"[:300]
            return Unknown(told) if handed_over else Refused(told, reached=False)
        except ValueError as error:
            return Refused(f"The letter cannot be written: {error}"[:300], permanent=False)
        finally:
            client.close()


def as_mime(letter: Letter, key: str) -> bytes:
    """The letter as bytes: text and HTML side by side; ValueError for a header with a line break in it."""
    message = EmailMessage()
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    domain = parseaddr(letter.sender)[1].partition("@")[2] or "dure.invalid"
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message.as_bytes()
