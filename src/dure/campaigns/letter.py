"""The simple way by e-mail: language, holes, the way out of the list (RFC 8058), and the installation's mailer."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dure.campaigns.design import Channel, Messaging
from dure.campaigns.model import Campaign, Item, Letter, Recipient
from dure.campaigns.plugs import Content, Delivery, Mailer, Parcel
from dure.campaigns.template import render
from dure.kernel.tenant import Tenant

_URL = re.compile(r"https?://[^\s<>\"]+")
_OUT = {"ko": "수신거부", "en": "Unsubscribe"}


class Letters:
    """Fills `plugs.Writing` and `plugs.Carrier` for e-mail of plain text."""

    channel: Channel = "email"

    def __init__(self, mailer: Mailer, sender: str) -> None:
        self._mailer = mailer
        self._sender = sender

    def address(self, recipient: Recipient) -> str:
        return recipient.address

    def compose(
        self, campaign: Campaign, node: Messaging, to: Recipient, items: Sequence[Item], *, language: str, out_url: str
    ) -> Content:  # fmt: skip
        """The letter for one person; Missing where a text names what they do not have."""
        written = next((one for one in (to.language, language, "ko", "en") if one in node.texts), "")
        text = node.texts[written] if written else next(iter(node.texts.values()))
        written = written or "ko"
        scope = scope_of(campaign, to, items, written, out_url)
        subject, body = " ".join(render(text.subject, scope).split()), render(text.body, scope)
        if "unsubscribe_url" not in text.body:
            body = f"{body.rstrip()}\n\n--\n{_OUT.get(written, _OUT['en'])}: {out_url}\n"
        return Content(node.channel, written, subject, body, _as_html(body, written))

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        content = parcel.content
        letter = Letter(self._sender, parcel.address, content.title, content.text, content.html, parcel.headers)
        return await self._mailer.send(letter, f"{tenant.workspace}:{parcel.key}")


def scope_of(campaign: Campaign, to: Recipient, items: Sequence[Item], language: str, out_url: str) -> dict[str, Any]:
    """What holes can name."""
    name: Mapping[str, str] = campaign.design.name
    return {
        "person": {**to.traits, "id": str(to.person), "distinct_id": to.distinct_id},
        "items": [_item(item, language) for item in items],
        "campaign": {"id": campaign.id, "name": name.get(language) or next(iter(name.values()))},
        "unsubscribe_url": out_url,
    }


def _item(item: Item, language: str) -> dict[str, str]:
    title = item.title.get(language) or next(iter(item.title.values()), "")
    return {"id": item.id, "title": title, "creator": item.creator, "genre": item.genre, "url": item.url}


def _as_html(text: str, language: str) -> str:
    parts = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        escaped, at = "", 0
        for match in _URL.finditer(paragraph):
            url = html.escape(match[0])
            escaped += html.escape(paragraph[at : match.start()]) + f'<a href="{url}">{url}</a>'
            at = match.end()
        escaped += html.escape(paragraph[at:])
        parts.append("<p>" + escaped.replace("\n", "<br>\n") + "</p>")
    return f'<!doctype html>\n<html lang="{language}"><body>\n' + "\n".join(parts) + "\n</body></html>\n"
