"""The page on which a person lets an app in: `/slack/oauth/v2/authorize`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from dure.channels.api import Channels, Conversation
from dure.channels.apps.api import Apps, Asked
from dure.channels.apps.scopes import scopes_of
from dure.channels.slack.asking import Page, buttons, go, scopes_shown, shown_as, text
from dure.governance.api import Governance, Principal
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
    return _Page(apps, channels, Shell(assets, ())).router()


class _Page(Page[Asked]):
    path, fields, purpose, words = _PATH, _FIELDS, "consent", _WORDS

    def __init__(self, apps: Apps, channels: Channels, shell: Shell) -> None:
        super().__init__(shell)
        self._apps = apps
        self._channels = channels

    async def asked(self, principal: Principal, given: Mapping[str, str]) -> Asked:
        return await self._apps.asked(
            principal, given.get("client_id", ""), scopes_of(given.get("scope", "")),
            scopes_of(given.get("user_scope", "")), given.get("redirect_uri", "").strip(),
        )  # fmt: skip

    def barred(self, principal: Principal, asked: Asked, words: Mapping[str, str]) -> str:
        return "" if self._apps.may_allow(principal, asked) else words["ask_admin"]

    async def question(
        self, governance: Governance, principal: Principal, asked: Asked, lang: str, form: str, wrong: str
    ) -> tuple[str, list[str]]:
        words, workspace = _WORDS[lang], await governance.workspace(principal.tenant)
        people = {user.id: user for user in await governance.users(principal.tenant)}
        me, maker = people[principal.user], people.get(asked.app.created_by)
        parts = [f'<p class="mut">{text(asked.app.description)}</p>' if asked.app.description else ""]
        if maker is not None:
            parts.append(f'<p class="mut sm">{text(words["made_by"].format(name=maker.name))}</p>')
        parts.append(scopes_shown(words["bot"], asked.scopes, lang))
        parts.append(scopes_shown(words["user"].format(name=me.name), asked.user_scopes, lang))
        choice = _choice(await self._rooms(principal), words, wrong) if asked.wants_channel else ""
        parts.append(f"{form}{choice}{buttons(words)}</form>")
        return words["title"].format(app=asked.app.name, workspace=workspace.name), parts

    async def _rooms(self, principal: Principal) -> list[Conversation]:
        found = await self._channels.listed(principal, kinds=("public_channel", "private_channel"))
        return sorted((room for room in found if room.side.home), key=lambda room: room.name)

    async def allowed(self, request: Request, principal: Principal, asked: Asked, given: Mapping[str, str]) -> Response:
        if asked.wants_channel and not given.get("channel"):
            return await self.ask(request, given, _WORDS[shown_as(request)["lang"]]["no_channel"])
        return go(asked.back, given, code=await self._apps.allow(principal, asked, given.get("channel", "")))


def _choice(rooms: Sequence[Conversation], words: Mapping[str, str], wrong: str) -> str:
    """The channel that an incoming webhook speaks in."""
    options = "".join(
        f'<option value="{room.id}">{"🔒 " if room.private else "#"}{text(room.name)}</option>' for room in rooms
    )
    error = f'<p class="wrong-text" role="alert">{text(wrong)}</p>' if wrong else ""
    return (
        f'<div class="field"><label for="channel">{words["channel"]}</label>'
        f'<select class="input" id="channel" name="channel" required><option value="">{words["choose"]}</option>'
        f"{options}</select>{error}</div>"
    )
