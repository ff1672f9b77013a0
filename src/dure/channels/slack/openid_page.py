"""The page on which a person signs in to an app with their account here, and what a provider publishes of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dure.channels.apps.api import Apps, AskedIdentity
from dure.channels.apps.scopes import scopes_of
from dure.channels.slack.asking import Page, buttons, go, scopes_shown, text
from dure.channels.slack.call import Services
from dure.channels.slack.openid import AUTHORIZE, DISCOVERY, KEYS, base_of, discovery
from dure.governance.api import Governance, Principal
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
    router = _Page(services.apps, Shell(assets, ())).router()

    @router.get(KEYS)
    async def keys() -> Response:
        return _public({"keys": await services.apps.public_keys()})

    @router.get(DISCOVERY)
    async def about(request: Request) -> Response:
        return _public(discovery(base_of(request, services)))

    return router


class _Page(Page[AskedIdentity]):
    path, fields, purpose, words = AUTHORIZE, _FIELDS, "identity", _WORDS

    def __init__(self, apps: Apps, shell: Shell) -> None:
        super().__init__(shell)
        self._apps = apps

    async def asked(self, principal: Principal, given: Mapping[str, str]) -> AskedIdentity:
        return await self._apps.asked_identity(
            principal, given.get("client_id", ""), scopes_of(given.get("scope", "")),
            given.get("redirect_uri", "").strip(), team=given.get("team", ""), nonce=given.get("nonce", ""),
            response_type=given.get("response_type", ""), challenge=given.get("code_challenge", ""),
            method=given.get("code_challenge_method", ""),
        )  # fmt: skip

    def barred(self, principal: Principal, asked: AskedIdentity, words: Mapping[str, str]) -> str:  # noqa: ARG002
        return "" if self._apps.may_sign_in(principal) else words["person"]

    async def question(
        self, governance: Governance, principal: Principal, asked: AskedIdentity, lang: str, form: str,
        wrong: str,  # noqa: ARG002
    ) -> tuple[str, list[str]]:  # fmt: skip
        words, workspace = _WORDS[lang], await governance.workspace(principal.tenant)
        me = await governance.user(principal.tenant, principal.user)
        described = f'<p class="mut">{text(asked.app.description)}</p>' if asked.app.description else ""
        return words["title"].format(app=asked.app.name, workspace=workspace.name), [
            described, f"<p>{text(words['as'].format(name=me.name, email=me.email))}</p>",
            scopes_shown(words["told"], asked.scopes, lang), f"{form}{buttons(words)}</form>",
        ]  # fmt: skip

    async def allowed(
        self, request: Request, principal: Principal, asked: AskedIdentity, given: Mapping[str, str]  # noqa: ARG002
    ) -> Response:  # fmt: skip
        return go(asked.back, given, code=await self._apps.allow_identity(principal, asked))


def _public(body: dict[str, Any]) -> Response:
    """What any program may read, from a browser too."""
    return JSONResponse(body, headers={"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"})
