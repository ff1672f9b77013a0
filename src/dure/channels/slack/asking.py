"""A page on which a person lets an app do something: what is asked, the answer, and the way back to the app.

Nothing happens by opening one. The answer is a form's, which only this session's own page can send: with it comes a
mark made from the session's secret and what was asked.
"""

from __future__ import annotations

import hashlib
import hmac
import html
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dure.channels.apps.api import Denied
from dure.channels.apps.scopes import in_words
from dure.governance.api import Governance, Principal
from dure.governance.http import COOKIE, principal_of
from dure.kernel.errors import DureError, NotSignedIn
from dure.web.routing import APIRouter
from dure.web.shell import Shell, preferences


class Asked(Protocol):
    """What an app asks for, and the address that it wants the answer at."""

    @property
    def back(self) -> str: ...


A = TypeVar("A", bound=Asked)


class Page(ABC, Generic[A]):
    """At `path`; `fields` are what an app sends along, `purpose` keeps one page's marks from being another's, and
    `words` (language → name → text) has denied, expired, back, allow and deny."""

    path: ClassVar[str]
    fields: ClassVar[Sequence[str]]
    purpose: ClassVar[str]
    words: ClassVar[Mapping[str, Mapping[str, str]]]

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)

        @router.get(self.path)
        async def ask(request: Request) -> Response:
            return await self.ask(request, dict(request.query_params))

        @router.post(self.path)
        async def answer(request: Request) -> Response:
            body = (await request.body()).decode("utf-8", "replace")
            return await self._answer(request, dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50)))

        return router

    async def ask(self, request: Request, given: Mapping[str, str], wrong: str = "") -> Response:
        """The question (with what was wrong with the answer before), or why it cannot be asked; whoever is not signed
        in does that first and comes back."""
        shown = shown_as(request)
        lang, words = shown["lang"], self.words[shown["lang"]]
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return self._shell.sign_in(dict(shown))
        try:
            asked = await self.asked(principal, given)
        except Denied as denied:
            return self._refusal(shown, denied.code, denied.message)
        if why := self.barred(principal, asked, words):
            return self._refusal(shown, "", why)
        governance: Governance = request.app.state.governance
        title, parts = await self.question(governance, principal, asked, lang, self._form(request, given), wrong)
        back = urlsplit(asked.back)
        parts.append(f'<p class="mut sm">{text(words["back"].format(host=back.netloc))}</p>')
        return self._shell.door(
            lang, title, "\n".join(parts), theme=shown["theme"], wide=True, form_to=f"{back.scheme}://{back.netloc}"
        )

    async def _answer(self, request: Request, given: Mapping[str, str]) -> Response:
        shown = shown_as(request)
        expired = self.words[shown["lang"]]["expired"]
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return self._refusal(shown, "", expired, 401)
        mark = self._mark(request, given)
        if not mark or not hmac.compare_digest(mark, given.get("mark", "")):
            return self._refusal(shown, "", expired, 403)
        try:
            asked = await self.asked(principal, given)
            if given.get("decision") != "allow":
                return go(asked.back, given, error="access_denied")
            return await self.allowed(request, principal, asked, given)
        except DureError as error:
            return self._refusal(shown, error.code, error.message)

    def _mark(self, request: Request, given: Mapping[str, str]) -> str:
        """What only a page that was made for this session and this request can hold; empty without a session."""
        session = request.cookies.get(COOKIE, "")
        said = "\0".join((self.purpose, *(given.get(name, "") for name in self.fields)))
        signed = hmac.new(session.encode(), said.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return signed.hexdigest() if session else ""

    def _form(self, request: Request, given: Mapping[str, str]) -> str:
        """What begins the form and says again what was asked; the page adds its own fields, the buttons and its end."""
        return f'<form method="post" action="{self.path}">{hidden(given, self.fields, self._mark(request, given))}'

    def _refusal(self, shown: Mapping[str, str], code: str, message: str, status: int = 400) -> Response:
        named = f'<p class="mut sm mono">{text(code)}</p>' if code else ""
        title, inside = self.words[shown["lang"]]["denied"], f"<p>{text(message)}</p>{named}"
        return self._shell.door(shown["lang"], title, inside, theme=shown["theme"], wide=True, status=status)

    @abstractmethod
    async def asked(self, principal: Principal, given: Mapping[str, str]) -> A:
        """What the app asks for; Denied where it may not."""

    @abstractmethod
    def barred(self, principal: Principal, asked: A, words: Mapping[str, str]) -> str:
        """Why this person cannot answer; empty where they can."""

    @abstractmethod
    async def question(
        self, governance: Governance, principal: Principal, asked: A, lang: str, form: str, wrong: str
    ) -> tuple[str, list[str]]:
        """The title and the parts of the page, as HTML."""

    @abstractmethod
    async def allowed(self, request: Request, principal: Principal, asked: A, given: Mapping[str, str]) -> Response:
        """What follows from *allow*."""


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
