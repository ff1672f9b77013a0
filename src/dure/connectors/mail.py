"""Which mailer an installation has, from `smtp://user:password@host:port` (`smtps://` for TLS from the first byte)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from dure.campaigns.model import Letter
from dure.campaigns.plugs import Delivery, Refused
from dure.connectors.smtp import SmtpMailer
from dure.kernel.errors import Invalid

_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class NoMailer:
    """Where no mail server is set, no letter is lost: each is refused before it was handed over, and says why."""

    async def send(self, letter: Letter, key: str) -> Delivery:  # noqa: ARG002
        return Refused("No mail server is set; set DURE_SMTP_URL.", reached=False)

    async def close(self) -> None:
        """There is nothing to end."""


def mailer_from(url: str) -> SmtpMailer | NoMailer:
    """The mailer of an SMTP URL; Invalid names the setting where it cannot be read."""
    if not url:
        return NoMailer()
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise Invalid(f"{url!r} is not smtp://, smtps:// or smtp+starttls:// with a host.", field="smtp_url") from error
    if not parts.hostname:
        raise Invalid(f"{url!r} names no host.", field="smtp_url")
    tls = {"smtp": "", "smtps": "tls", "smtp+starttls": "starttls"}[parts.scheme]
    return SmtpMailer(
        parts.hostname, port, username=unquote(parts.username or ""), password=unquote(parts.password or ""), tls=tls
    )
