"""Putting into a message what tells of it: links that come by here first, and a picture fetched when it opens."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from uuid import UUID

from dure.campaigns.responses.tickets import Tickets
from dure.kernel.tenant import Tenant

_LINK = re.compile(r"""(<a\b[^>]*?\bhref=)(["'])(https?://.*?)\2""", re.IGNORECASE | re.DOTALL)
_LONGEST = 4_000


def with_links(page: str, tickets: Tickets, tenant: Tenant, message: UUID, but: Collection[str]) -> str:
    """The page with its links led by here, but those given (the ways out of the list)."""

    def led(found: re.Match[str]) -> str:
        url = html.unescape(found[3])
        if url in but or len(url) > _LONGEST:
            return found[0]
        return f"{found[1]}{found[2]}{html.escape(tickets.address('click', tenant, message, url))}{found[2]}"

    return _LINK.sub(led, page)


def with_pixel(page: str, tickets: Tickets, tenant: Tenant, message: UUID) -> str:
    """The page with a picture of one dot at its end."""
    source = html.escape(tickets.address("open", tenant, message))
    pixel = f'<img src="{source}" width="1" height="1" alt="" style="display:block;border:0">'
    return page.replace("</body>", pixel + "</body>", 1) if "</body>" in page else page + pixel


def led(url: str, tickets: Tickets, tenant: Tenant, message: UUID) -> str:
    """An address of the web led by here; any other, such as an app's own, as it is."""
    web = url.startswith(("https://", "http://")) and len(url) <= _LONGEST
    return tickets.address("click", tenant, message, url) if web else url
