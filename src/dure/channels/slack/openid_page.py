"""The page on which a person signs in to an app with their account here, and what a provider publishes of itself."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dure.channels.apps.api import Apps, AskedIdentity, Denied
from dure.channels.apps.scopes import scopes_of
from dure.channels.slack.asking import buttons, go, hidden, mark, scopes_shown, shown_as, text
from dure.channels.slack.call import Services
from dure.channels.slack.openid import AUTHORIZE, DISCOVERY, KEYS, base_of, discovery
from dure.governance.api import Principal
from dure.governance.http import COOKIE, principal_of
from dure.kernel.errors import DureError, NotSignedIn
from dure.web.assets import Assets
from dure.web.routing import APIRouter
from dure.web.shell import Shell

_FIELDS = (
    "client_id", "scope", "redirect_uri", "state", "nonce", "team", "response_type", "code_challenge",
    "code_challenge_method",
)  # fmt: skip
_WORDS = {
    "ko": {
        "title": "‘{app}’에 {workspace} 계정으로 로그인할까요?",
        "as": "{name} 님({email})으로 로그인합니다.",
        "told": "앱이 알게 됩니다",
        "back": "계속하면 {host} 주소로 돌아갑니다.",
        "allow": "로그인",
        "deny": "취소",
        "denied": "이 앱에 로그인할 수 없습니다",
        "person": "사람만 로그인할 수 있습니다.",
        "expired": "페이지가 오래되었습니다. 앱의 로그인 화면에서 다시 시작하세요.",
    },
    "en": {
        "title": "Sign in to “{app}” with your account of {workspace}?",
        "as": "You sign in as {name} ({email}).",
        "told": "The app learns to",
        "back": "If you go on, you return to {host}.",
        "allow": "Sign in",
        "deny": "Cancel",
        "denied": "You cannot sign in to this app",
        "person": "Only a person signs in.",
        "expired": "This page is too old. Start again where you sign in to the app.",
    },
}


def openid_router(services: Services, assets: Assets) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    page = _Page(services.apps, Shell(assets, ()))

    @router.get(AUTHORIZE)
    async def ask(request: Request) -> Response:
        return await page.ask(request, dict(request.query_params))

    @router.post(AUTHORIZE)
    async def answer(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        return await page.answer(request, dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50)))

    @router.get(KEYS)
    async def keys() -> Response:
        return _public({"keys": await services.apps.public_keys()})

    @router.get(DISCOVERY)
    async def about(request: Request) -> Response:
        return _public(discovery(base_of(request, services)))

    return router


class _Page:
    def __init__(self, apps: Apps, shell: Shell) -> None:
        self.apps = apps
        self.shell = shell

    async def ask(self, request: Request, given: Mapping[str, str]) -> Response:
        """The question, or why it cannot be asked; whoever is not signed in here does that first and comes back."""
        shown = shown_as(request)
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return self.shell.sign_in(dict(shown))
        try:
            asked = await self._asked(principal, given)
        except Denied as denied:
            return self._refusal(shown, denied.code, denied.message)
        if not self.apps.may_sign_in(principal):
            return self._refusal(shown, "", _WORDS[shown["lang"]]["person"])
        return await self._question(request, principal, asked, given)

    async def answer(self, request: Request, given: Mapping[str, str]) -> Response:
        shown, secret = shown_as(request), request.cookies.get(COOKIE, "")
        expired = _WORDS[shown["lang"]]["expired"]
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return self._refusal(shown, "", expired, 401)
        if not secret or not hmac.compare_digest(_mark(secret, given), given.get("mark", "")):
            return self._refusal(shown, "", expired, 403)
        try:
            asked = await self._asked(principal, given)
            if given.get("decision") != "allow":
                return go(asked.back, given, error="access_denied")
            return go(asked.back, given, code=await self.apps.allow_identity(principal, asked))
        except DureError as error:
            return self._refusal(shown, error.code, error.message)

    async def _asked(self, principal: Principal, given: Mapping[str, str]) -> AskedIdentity:
        return await self.apps.asked_identity(
            principal, given.get("client_id", ""), scopes_of(given.get("scope", "")),
            given.get("redirect_uri", "").strip(), team=given.get("team", ""), nonce=given.get("nonce", ""),
            response_type=given.get("response_type", ""), challenge=given.get("code_challenge", ""),
            method=given.get("code_challenge_method", ""),
        )  # fmt: skip

    async def _question(
        self, request: Request, principal: Principal, asked: AskedIdentity, given: Mapping[str, str]
    ) -> Response:
        shown, governance = shown_as(request), request.app.state.governance
        lang, words = shown["lang"], _WORDS[shown["lang"]]
        workspace = await governance.workspace(principal.tenant)
        me = await governance.user(principal.tenant, principal.user)
        back, sign = urlsplit(asked.back), _mark(request.cookies.get(COOKIE, ""), given)
        described = f'<p class="mut">{text(asked.app.description)}</p>' if asked.app.description else ""
        inside = "\n".join((
            described, f"<p>{text(words['as'].format(name=me.name, email=me.email))}</p>",
            scopes_shown(words["told"], asked.scopes, lang),
            f'<form method="post" action="{AUTHORIZE}">{hidden(given, _FIELDS, sign)}{buttons(words)}</form>',
            f'<p class="mut sm">{text(words["back"].format(host=back.netloc))}</p>',
        ))  # fmt: skip
        title = words["title"].format(app=asked.app.name, workspace=workspace.name)
        return self.shell.door(
            lang, title, inside, theme=shown["theme"], wide=True, form_to=f"{back.scheme}://{back.netloc}"
        )

    def _refusal(self, shown: Mapping[str, str], code: str, message: str, status: int = 400) -> Response:
        named = f'<p class="mut sm mono">{text(code)}</p>' if code else ""
        title = _WORDS[shown["lang"]]["denied"]
        inside = f"<p>{text(message)}</p>{named}"
        return self.shell.door(shown["lang"], title, inside, theme=shown["theme"], wide=True, status=status)


def _mark(session: str, given: Mapping[str, str]) -> str:
    return mark(session, given, _FIELDS, "identity")


def _public(body: dict[str, Any]) -> Response:
    """What any program may read, from a browser too."""
    return JSONResponse(body, headers={"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"})
