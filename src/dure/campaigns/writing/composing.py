"""Writing one message: the language, the values, the form of its channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Content
from dure.campaigns.writing.fields import LANGUAGES, Written
from dure.campaigns.writing.language import Missing, filled, render
from dure.campaigns.writing.letter import as_html, as_text, with_preheader, with_way_out
from dure.campaigns.writing.mjml import laid_out
from dure.segments.api import duration

# The web, a path on the site that shows it, or an app's own address; never a script.
_LEADS = re.compile(r"(https?://|/(?!/)|(?!javascript:|data:|vbscript:|file:)[a-z][a-z0-9+.-]*://)\S+", re.IGNORECASE)
_CARD_STAYS = "14d"


def compose(node: Written, to: Recipient, scope: Mapping[str, Any], language: str) -> Content:
    """What `node` says to one person; Missing where it cannot be said to them.

    `language` is the workspace's, for those whose own the message is not written in. `scope` is what `scope_of` made.
    """
    spoken = spoken_to(node.texts, to.language, language)
    text = node.texts[spoken]
    values = {name: filled(value) for name, value in localised(scope, spoken).items()}

    def said(part: str) -> str:
        return render(text.get(part) or "", values)

    match node.channel:
        case "email":
            return _letter(text, values, spoken)
        case "web_push" | "push":
            return Content(
                node.channel, spoken, line(said("title")), said("body").strip(), url=leads(said("url"), "url"),
                image=leads(said("image"), "image"),
            )  # fmt: skip
        case "in_app":
            until = (scope.get("now") or datetime.now(UTC)) + duration(text.get("expires") or _CARD_STAYS)
            more = {"form": text.get("form") or "card", "expires": until.astimezone(UTC).isoformat()}
            if button := line(said("button")):
                more["button"] = button
            return Content(
                node.channel, spoken, line(said("title")), said("body").strip(), url=leads(said("url"), "url"),
                image=leads(said("image"), "image"), more=more,
            )  # fmt: skip
        case "post":
            return Content(node.channel, spoken, text=said("text"), more={"to": line(said("to"))})
        case _:
            return Content(node.channel, spoken, text=said("body"))


def spoken_to(texts: Mapping[str, Any], *wanted: str) -> str:
    """The first of the languages that it is written in."""
    return next((one for one in (*wanted, *LANGUAGES) if one in texts), next(iter(texts)))


def localised(value: Any, language: str) -> Any:
    """Without the other languages: `{ko, en}` becomes the words of one."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES):
            return value.get(language) or next(iter(value.values()))
        return {key: localised(one, language) for key, one in value.items()}
    return [localised(one, language) for one in value] if isinstance(value, list) else value


def line(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def leads(url: str, field: str) -> str:
    """An address that may be followed; Missing for a script and for what is none."""
    url = url.strip()
    if url and not _LEADS.fullmatch(url):
        raise Missing(f"`{field}` is no address: {url[:100]!r}.", data={"path": field})
    return url


def _letter(text: Mapping[str, str], values: Mapping[str, Any], spoken: str) -> Content:
    subject = line(render(text["subject"], values))
    plain = render(text.get("body") or "", values)
    if text.get("mjml"):
        page = laid_out(render(text["mjml"], values, as_html=True))
        plain = plain if plain.strip() else as_text(page)
    else:
        page = as_html(plain, spoken)
    if preheader := line(render(text.get("preheader") or "", values)):
        page = with_preheader(page, preheader)
    out = str(values.get("unsubscribe_url") or "")
    if out:
        plain, page = with_way_out(plain, page, out, spoken)
    return Content("email", spoken, subject, plain, page, more={"out": out} if out else {})
