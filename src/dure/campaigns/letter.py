"""Making the letter: language, holes, the way out of the list (RFC 8058)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dure.campaigns.model import Design, Item, Letter, Recipient, Text
from dure.campaigns.template import render

_URL = re.compile(r"https?://[^\s<>\"]+")
_OUT = {"ko": "수신거부", "en": "Unsubscribe"}


def compose(
    design: Design, to: Recipient, items: Sequence[Item], *, sender: str, out_url: str, language: str
) -> Letter:
    """The letter for one person; Missing where a text names what they do not have.

    `language` is the workspace's, for those whose own the campaign is not written in. `out_url` leaves the list with
    one click of the mail program or of the reader.
    """
    written = next((one for one in (to.language, language, "ko", "en") if one in design.texts), "")
    text = design.texts[written] if written else next(iter(design.texts.values()))
    written = written or "ko"
    subject, body = filled(text, scope_of(design, to, items, written, out_url))
    if "unsubscribe_url" not in text.body:
        body = f"{body.rstrip()}\n\n--\n{_OUT.get(written, _OUT['en'])}: {out_url}\n"
    return Letter(
        sender, to.address, subject, body, _as_html(body, written),
        {"List-Unsubscribe": f"<{out_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )  # fmt: skip


def filled(text: Text, scope: Mapping[str, Any]) -> tuple[str, str]:
    """Subject (one line) and body."""
    return " ".join(render(text.subject, scope).split()), render(text.body, scope)


def scope_of(design: Design, to: Recipient, items: Sequence[Item], language: str, out_url: str) -> dict[str, Any]:
    """What holes can name."""
    return {
        "person": {**to.traits, "id": str(to.person), "distinct_id": to.distinct_id},
        "items": [_item(item, language) for item in items],
        "campaign": {"name": design.name.get(language) or next(iter(design.name.values()))},
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
