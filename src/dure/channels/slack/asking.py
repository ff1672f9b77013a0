"""What pages on which a person lets an app do something have in common.

Nothing happens by opening one. The answer is a form's, which only this session's own page can send: with it comes a
mark made from the session's secret and what was asked.
"""

from __future__ import annotations

import hashlib
import hmac
import html
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dure.channels.apps.scopes import in_words
from dure.web.shell import preferences


def mark(session: str, given: Mapping[str, str], fields: Sequence[str], purpose: str) -> str:
    """What only a page that was made for this session and this request can hold."""
    said = "\0".join(given.get(name, "") for name in fields)
    return hmac.new(session.encode(), f"{purpose}\0{said}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def hidden(given: Mapping[str, str], fields: Sequence[str], sign: str) -> str:
    """The fields of a form that say again what was asked."""
    kept = {**{name: given.get(name, "") for name in fields}, "mark": sign}
    return "".join(f'<input type="hidden" name="{name}" value="{text(value)}">' for name, value in kept.items())


def buttons(words: Mapping[str, str]) -> str:
    return (
        '<div class="actions">'
        f'<button type="submit" class="btn" name="decision" value="deny" formnovalidate>{words["deny"]}</button>'
        f'<button type="submit" class="btn pri" name="decision" value="allow">{words["allow"]}</button></div>'
    )


def scopes_shown(title: str, scopes: Sequence[str], lang: str) -> str:
    if not scopes:
        return ""
    items = "".join(f'<li title="{text(scope)}">{text(in_words(scope, lang))}</li>' for scope in scopes)
    return f'<section><h2>{text(title)}</h2><ul class="door-list">{items}</ul></section>'


def go(back: str, given: Mapping[str, str], **answer: str) -> Response:
    """Back to the app with an answer."""
    said = urlencode({**answer, **({"state": given["state"]} if given.get("state") else {})})
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{said}", status_code=303)


def shown_as(request: Request) -> dict[str, str]:
    return preferences(request.cookies, request.headers.get("accept-language", ""))


def text(value: str) -> str:
    return html.escape(value, quote=True)
