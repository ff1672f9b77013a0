"""What apps show for the links in messages: which links they may know of, and what they have made of them."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from dure.channels import events
from dure.channels.apps.model import Installation
from dure.channels.interaction import store
from dure.channels.interaction.contact import of_app
from dure.channels.interaction.home import Homes
from dure.channels.interaction.refusals import CannotFindMessage, CannotUnfurlMessage, CannotUnfurlUrl
from dure.channels.model import Message, ts_text
from dure.channels.refusals import BlocksTooLong
from dure.channels.rules import clean
from dure.channels.store import messages
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid

_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>|(https?://[^\s<>|]+[^\s<>|.,;:!?'\")\]}])", re.I)
_LARGEST = 60_000
_MOST = 20


def links(said: Message) -> list[str]:
    """The web addresses in a message's text and blocks, each once."""
    text = f"{said.text}\n" + "\n".join(_texts(said.blocks or []))
    found = (html.unescape(one[1] or one[2]) for one in _LINK.finditer(text))
    return list(dict.fromkeys([*found, *_urls(said.blocks or [])]))


def meant_for(app: Installation, urls: Sequence[str]) -> list[dict[str, str]]:
    """The links whose domains an app unfurls, with the domain it named."""
    found = []
    for url in urls:
        host = (urlsplit(url).hostname or "").lower()
        for domain in app.unfurl_domains:
            if host == domain.lower() or host.endswith("." + domain.lower()):
                found.append({"url": url, "domain": domain})
                break
    return found


def unfurl_id(app: str, channel: str, ts: int) -> str:
    """Names a message to the app that was told of its links."""
    return f"{channel}.{ts_text(ts)}.{hashlib.sha256(f'{app} {channel} {ts}'.encode()).hexdigest()}"


class Unfurls(Homes):
    async def unfurl(self, principal: Principal, channel: str, ts: int, unfurls: Mapping[str, Any]) -> Message:
        """Shows what an app made of links in a message. An app with domains may do so wherever they were posted."""
        access(principal, "channels:write")
        unfurls = {html.unescape(url): shown for url, shown in unfurls.items()}
        shown = _attachments(unfurls)
        async with self._state.begin(principal.tenant) as tx:
            app = await self._installation(tx, principal.tenant, of_app(principal).app)
            hand = self._as_app(app) if app.unfurl_domains else principal
            found = await self._channels.see(tx, hand, channel, lock=True)
            said = await messages.find(tx, found.id, ts)
            if said is None or said.deleted:
                raise CannotFindMessage(field="ts")
            there = links(said)
            if not set(unfurls) <= set(there):
                raise CannotUnfurlMessage(field="unfurls")
            if app.unfurl_domains and len(meant_for(app, list(unfurls))) < len(unfurls):
                raise CannotUnfurlUrl(field="unfurls")
            shown = await self._channels.watch.shown(tx, principal, found, "unfurl", shown) or []
            others = [one for one in said.unfurls or () if one.get("from_url") not in unfurls]
            changed = replace(said, unfurls=[*others, *({**one, "app_id": app.app} for one in shown)] or None)
            await store.set_unfurls(tx, found.id, ts, changed.unfurls)
            told = self._channels.message_events(hand, found, events.MESSAGE_CHANGED, changed)
            await self._channels.tell_events(tx, told)
            return changed


def _attachments(unfurls: Mapping[str, Any]) -> list[dict[str, Any]]:
    if len(unfurls) > _MOST:
        raise Invalid(f"At most {_MOST} links are shown.", field="unfurls")
    if len(json.dumps(unfurls)) > _LARGEST:
        raise BlocksTooLong(field="unfurls")
    made = []
    for number, (url, shown) in enumerate(unfurls.items(), 1):
        if not isinstance(shown, Mapping):
            raise Invalid("An unfurl is an object.", field="unfurls")
        kept = {key: value for key, value in clean(dict(shown)).items() if key not in ("preview", "hide_color")}
        made.append({"id": number, "from_url": clean(url), "original_url": clean(url), **kept})
    return made


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str) and value.get("type") in ("mrkdwn", "markdown", "text"):
            yield value["text"]
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _urls(value: Any) -> Iterator[str]:
    """The addresses of rich text's links."""
    if isinstance(value, dict):
        url = value.get("url")
        if value.get("type") == "link" and isinstance(url, str) and url.startswith(("http://", "https://")):
            yield url
        for item in value.values():
            yield from _urls(item)
    elif isinstance(value, list):
        for item in value:
            yield from _urls(item)
