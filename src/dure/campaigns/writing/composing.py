"""Writing one message: the language, the values, the form of its channel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dure.campaigns.design import Messaging, Text
from dure.campaigns.model import Campaign, Item, Recipient
from dure.campaigns.plugs import Content
from dure.campaigns.writing.language import Missing, render
from dure.campaigns.writing.letter import as_html, as_text, with_preheader, with_way_out
from dure.campaigns.writing.mjml import laid_out
from dure.campaigns.writing.naming import named_in
from dure.campaigns.writing.scope import LANGUAGES, scope_of, spoken_in
from dure.kernel.clock import Clock
from dure.segments.api import duration

# The web, a path on the site that shows it, or an app's own address; never a script.
_LEADS = re.compile(r"(https?://|/(?!/)|(?!javascript:|data:|vbscript:|file:)[a-z][a-z0-9+.-]*://)\S+", re.IGNORECASE)
_CARD_STAYS = "14d"
_ALWAYS = frozenset({"unsubscribe_url"})
TRANSACTIONAL = "transactional"


class Writer:
    """Fills `plugs.Writing`: every channel's messages, in Liquid."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def compose(
        self, campaign: Campaign, node: Messaging, to: Recipient, items: Sequence[Item], *, language: str, out_url: str
    ) -> Content:  # fmt: skip
        """One person's message."""
        marketing = campaign.design.topic != TRANSACTIONAL
        scope = _scope(campaign, to, self._clock.now(), items, out_url if marketing else "")
        return compose(node, to, scope, language)


def values_of(campaign: Campaign, to: Recipient, language: str, now: datetime) -> dict[str, Any]:
    """What texts that are no messages can name: of updates, calls and hand-overs."""
    return spoken_in(_scope(campaign, to, now), language)


def compose(node: Messaging, to: Recipient, scope: Mapping[str, Any], language: str) -> Content:
    """What `node` says to one person; Missing where it cannot be said to them.

    `language` is the workspace's, for those whose own the message is not written in. `scope` is what `scope_of` made.
    """
    spoken = next(
        (one for one in (to.language, language, *LANGUAGES) if one in node.texts), next(iter(node.texts))
    )  # fmt: skip
    text = node.texts[spoken]
    values = spoken_in(scope, spoken, named_in(text) | _ALWAYS)

    def said(words: str) -> str:
        return render(words, values)

    match node.channel:
        case "email":
            return _letter(text, values, spoken)
        case "web_push" | "push":
            return Content(
                node.channel, spoken, _line(said(text.title)), said(text.body).strip(),
                url=_address(said(text.url), "url"), image=_address(said(text.image), "image"),
            )  # fmt: skip
        case "in_app":
            until = (scope.get("now") or datetime.now(UTC)) + duration(text.expires or _CARD_STAYS)
            more = {"form": text.form or "card", "expires": until.astimezone(UTC).isoformat()}
            if text.button:
                more["button"] = _line(said(text.button))
            return Content(
                node.channel, spoken, _line(said(text.title)), said(text.body).strip(),
                url=_address(said(text.url), "url"), image=_address(said(text.image), "image"), more=more,
            )  # fmt: skip
        case "post":
            return Content(node.channel, spoken, text=said(text.text), more={"to": _line(said(text.to))})
        case _:
            return Content(node.channel, spoken, text=said(text.body))


def _letter(text: Text, values: Mapping[str, Any], spoken: str) -> Content:
    subject, plain = _line(render(text.subject, values)), render(text.body, values)
    if text.mjml:
        page = laid_out(render(text.mjml, values, as_html=True))
        plain = plain if plain.strip() else re.sub(r"\n{3,}", "\n\n", render(as_text(text.mjml), values))
    else:
        page = as_html(plain, spoken)
    if text.preheader:
        page = with_preheader(page, _line(render(text.preheader, values)))
    out = str(values.get("unsubscribe_url") or "")
    if out:
        plain, page = with_way_out(plain, page, out, spoken)
    return Content("email", spoken, subject, plain, page, more={"out": out} if out else {})


def _scope(
    campaign: Campaign, to: Recipient, now: datetime, items: Sequence[Item] = (), out_url: str = ""
) -> dict[str, Any]:  # fmt: skip
    return scope_of(
        to, campaign=campaign.id, name=campaign.design.name, now=now.astimezone(_zone(to)), items=items,
        unsubscribe_url=out_url,
    )  # fmt: skip


def _line(text: str) -> str:
    return " ".join(text.split())


def _address(url: str, field: str) -> str:
    """An address that may be followed; Missing for a script and for what is none."""
    url = url.strip()
    if url and not _LEADS.fullmatch(url):
        raise Missing(f"`{field}` is no address: {url[:100]!r}.", data={"path": field})
    return url


def _zone(to: Recipient) -> tzinfo:
    try:
        return ZoneInfo(str(to.traits.get("timezone") or "UTC"))
    except (KeyError, ValueError, OSError):
        return UTC
