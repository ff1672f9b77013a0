"""E-mail: a letter with its links led by here, the one-click way out (RFC 8058), and where bounces go.

The signature of the domain (DKIM) is the relay's to add: it is the one that holds the domain's key.
"""

from __future__ import annotations

from uuid import UUID

from dure.campaigns.carriers.providers import Providers
from dure.campaigns.model import Letter, Recipient
from dure.campaigns.plugs import Delivery, Mailer, Parcel
from dure.campaigns.responses.tickets import Tickets
from dure.campaigns.responses.tracking import with_links, with_pixel
from dure.kernel.tenant import Tenant


class EmailCarrier:
    """`sender` and `envelope` are the installation's, for workspaces that set none of their own."""

    channel = "email"
    at_once = 8  # as many conversations as the mailer has at once

    def __init__(
        self, mailer: Mailer, providers: Providers, tickets: Tickets, *, sender: str, envelope: str = ""
    ) -> None:
        self._mailer = mailer
        self._providers = providers
        self._tickets = tickets
        self._sender = sender
        self._envelope = envelope

    def address(self, recipient: Recipient) -> str:
        return recipient.address

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        own = await self._providers.of(tenant, "email")
        settings = own.settings if own else {}
        content, message, page = parcel.content, UUID(parcel.key), parcel.content.html
        out = content.more.get("out", "")
        if settings.get("clicks") != "no":
            page = with_links(page, self._tickets, tenant, message, {out})
        if settings.get("opens") != "no":
            page = with_pixel(page, self._tickets, tenant, message)
        headers = {
            "Feedback-ID": f"{parcel.campaign or 'none'}:{tenant.workspace}:{'campaign' if out else 'notice'}:dure"
        }
        if out:
            headers |= {"List-Unsubscribe": f"<{out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        envelope = settings.get("envelope") or self._envelope
        letter = Letter(
            settings.get("sender") or self._sender, parcel.address, content.title, content.text, page,
            headers | dict(parcel.headers), envelope.replace("*", parcel.key),
        )  # fmt: skip
        return await self._mailer.send(letter, parcel.key)
