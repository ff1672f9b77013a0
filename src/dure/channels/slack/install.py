"""The page on which a person lets an app in: `/slack/oauth/v2/authorize`."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dure.channels.api import Channels, Conversation
from dure.channels.apps.api import Apps, Asked, Denied
from dure.channels.apps.scopes import scopes_of
from dure.channels.slack.asking import buttons, go, hidden, mark, scopes_shown, shown_as, text
from dure.governance.api import Governance, Principal
from dure.governance.http import COOKIE, principal_of
from dure.kernel.errors import DureError, NotSignedIn
from dure.web.assets import Assets
from dure.web.routing import APIRouter
from dure.web.shell import Shell

_PATH = "/slack/oauth/v2/authorize"
_FIELDS = ("client_id", "scope", "user_scope", "redirect_uri", "state")

_WORDS = {
    "ko": {
        "title": "‘{app}’ 앱을 {workspace}에 들일까요?",
        "bot": "앱이 할 수 있게 됩니다",
        "user": "앱이 {name} 님을 대신해 할 수 있게 됩니다",
        "channel": "글을 올릴 채널",
        "choose": "채널 선택…",
        "back": "허용하면 {host} 주소로 돌아갑니다.",
        "allow": "허용",
        "deny": "취소",
        "denied": "이 앱을 들일 수 없습니다",
        "ask_admin": "이 앱은 관리자만 들일 수 있습니다. 관리자에게 이 주소를 전하세요.",
        "expired": "페이지가 오래되었습니다. 앱의 설치 화면에서 다시 시작하세요.",
        "no_channel": "글을 올릴 채널을 고르세요.",
        "made_by": "{name} 님이 만든 앱",
    },
    "en": {
        "title": "Let “{app}” into {workspace}?",
        "bot": "The app will be able to",
        "user": "On behalf of {name} the app will be able to",
        "channel": "Channel to post to",
        "choose": "Choose a channel…",
        "back": "If you allow this, you return to {host}.",
        "allow": "Allow",
        "deny": "Cancel",
        "denied": "This app cannot be let in",
        "ask_admin": "Only an administrator can let this app in. Send them this address.",
        "expired": "This page is too old. Start again where you install the app.",
        "no_channel": "Choose the channel to post to.",
        "made_by": "Made by {name}",
    },
}


def install_router(apps: Apps, channels: Channels, assets: Assets) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    page = _Page(apps, channels, Shell(assets, ()))

    @router.get(_PATH)
    async def ask(request: Request) -> Response:
        return await page.ask(request, dict(request.query_params))

    @router.post(_PATH)
    async def answer(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        return await page.answer(request, dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50)))

    return router


class _Page:
    def __init__(self, apps: Apps, channels: Channels, shell: Shell) -> None:
        self.apps = apps
        self.channels = channels
        self.shell = shell

    async def ask(self, request: Request, given: Mapping[str, str], wrong: str = "") -> Response:
        """The question, or why it cannot be asked; whoever is not signed in does that first and comes back."""
        shown = shown_as(request)
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return self.shell.sign_in(dict(shown))
        try:
            asked = await self._asked(principal, given)
        except Denied as denied:
            return self._refusal(shown, denied.code, denied.message)
        if not self.apps.may_allow(principal, asked):
            return self._refusal(shown, "", _WORDS[shown["lang"]]["ask_admin"])
        sign = _mark(request.cookies.get(COOKIE, ""), given)
        return await self._question(request, principal, asked, given, sign, wrong)

    async def answer(self, request: Request, given: Mapping[str, str]) -> Response:
        shown = shown_as(request)
        words, secret = _WORDS[shown["lang"]], request.cookies.get(COOKIE, "")
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return self._refusal(shown, "", words["expired"], 401)
        if not secret or not hmac.compare_digest(_mark(secret, given), given.get("mark", "")):
            return self._refusal(shown, "", words["expired"], 403)
        try:
            asked = await self._asked(principal, given)
            if given.get("decision") != "allow":
                return go(asked.back, given, error="access_denied")
            if asked.wants_channel and not given.get("channel"):
                return await self.ask(request, given, words["no_channel"])
            return go(asked.back, given, code=await self.apps.allow(principal, asked, given.get("channel", "")))
        except DureError as error:
            return self._refusal(shown, error.code, error.message)

    async def _asked(self, principal: Principal, given: Mapping[str, str]) -> Asked:
        return await self.apps.asked(
            principal, given.get("client_id", ""), scopes_of(given.get("scope", "")),
            scopes_of(given.get("user_scope", "")), given.get("redirect_uri", "").strip(),
        )  # fmt: skip

    async def _question(
        self, request: Request, principal: Principal, asked: Asked, given: Mapping[str, str], sign: str, wrong: str
    ) -> Response:
        shown, governance = shown_as(request), _governance(request)
        lang, words = shown["lang"], _WORDS[shown["lang"]]
        workspace = await governance.workspace(principal.tenant)
        people = {user.id: user for user in await governance.users(principal.tenant)}
        me, maker = people[principal.user], people.get(asked.app.created_by)
        parts = [f'<p class="mut">{text(asked.app.description)}</p>' if asked.app.description else ""]
        if maker is not None:
            parts.append(f'<p class="mut sm">{text(words["made_by"].format(name=maker.name))}</p>')
        parts.append(scopes_shown(words["bot"], asked.scopes, lang))
        parts.append(scopes_shown(words["user"].format(name=me.name), asked.user_scopes, lang))
        rooms = await self._rooms(principal) if asked.wants_channel else []
        parts.append(_form(asked, given, sign, rooms, words, wrong))
        back = urlsplit(asked.back)
        parts.append(f'<p class="mut sm">{text(words["back"].format(host=back.netloc))}</p>')
        title = words["title"].format(app=asked.app.name, workspace=workspace.name)
        origin = f"{back.scheme}://{back.netloc}"
        return self.shell.door(lang, title, "\n".join(parts), theme=shown["theme"], wide=True, form_to=origin)

    async def _rooms(self, principal: Principal) -> list[Conversation]:
        found = await self.channels.listed(principal, kinds=("public_channel", "private_channel"))
        return sorted((room for room in found if room.side.home), key=lambda room: room.name)

    def _refusal(self, shown: Mapping[str, str], code: str, message: str, status: int = 400) -> Response:
        named = f'<p class="mut sm mono">{text(code)}</p>' if code else ""
        inside = f"<p>{text(message)}</p>{named}"
        title = _WORDS[shown["lang"]]["denied"]
        return self.shell.door(shown["lang"], title, inside, theme=shown["theme"], wide=True, status=status)


def _form(
    asked: Asked, given: Mapping[str, str], sign: str, rooms: Sequence[Conversation], words: Mapping[str, str],
    wrong: str,
) -> str:  # fmt: skip
    choice = ""
    if asked.wants_channel:
        options = "".join(
            f'<option value="{room.id}">{"🔒 " if room.private else "#"}{text(room.name)}</option>' for room in rooms
        )
        error = f'<p class="wrong-text" role="alert">{text(wrong)}</p>' if wrong else ""
        choice = (
            f'<div class="field"><label for="channel">{words["channel"]}</label>'
            f'<select class="input" id="channel" name="channel" required><option value="">{words["choose"]}</option>'
            f"{options}</select>{error}</div>"
        )
    return f'<form method="post" action="{_PATH}">{hidden(given, _FIELDS, sign)}{choice}{buttons(words)}</form>'


def _mark(session: str, given: Mapping[str, str]) -> str:
    return mark(session, given, _FIELDS, "consent")


def _governance(request: Request) -> Governance:
    found: Governance = request.app.state.governance
    return found
