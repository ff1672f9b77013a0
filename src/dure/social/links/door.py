"""`/l/CODE`: where people come by a link that was shared. It stands before the web framework, and signs nobody in."""

from __future__ import annotations

import html
from http.cookies import CookieError, SimpleCookie

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from dure.governance.api import Governance
from dure.governance.http import COOKIE
from dure.kernel.errors import NotSignedIn
from dure.social.links.api import Links
from dure.social.links.model import Link, Seen
from dure.web.assets import Assets
from dure.web.shell import Shell, preferences

PATH = "/l/{code}"
_WORDS = {
    "ko": {
        "over": ("이 링크는 끝났습니다", "공유가 끝났거나 지워진 링크입니다. 보낸 사람에게 새 주소를 물어보세요."),
        "nowhere": ("이 링크는 쓸 수 없습니다", "주소 전체가 맞는지 확인해 주세요."),
    },
    "en": {
        "over": ("This link has ended", "What was shared is over, or was taken down. Ask whoever sent it for another."),
        "nowhere": ("This link leads nowhere", "Check that you have the whole address."),
    },
}  # fmt: skip
_HEADERS = {
    "cache-control": "private, no-store", "x-robots-tag": "noindex",
    # The site that was shared to is told to the target, as if no link of ours lay between; the page is not.
    "referrer-policy": "strict-origin-when-cross-origin",
}  # fmt: skip


class LinkDoor:
    """GET and HEAD: on to the stored target and nowhere else; whatever else the address carries is passed over."""

    path = PATH

    def __init__(self, links: Links, governance: Governance, assets: Assets) -> None:
        self._links = links
        self._governance = governance
        self._assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # the access log names a request by its route's path
        told = _told(scope)
        link = await self._links.leads_to(scope["path_params"]["code"])
        if scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("GET only.", 405, {"allow": "GET, HEAD"})(scope, receive, send)
        elif link is None or not self._links.leads_on(link):
            await self._page(told, "over" if link else "nowhere", 410 if link else 404)(scope, receive, send)
        else:
            # Nobody waits for the disk: they are led on first, and the click is kept in the same breath.
            await RedirectResponse(link.target, 302, _HEADERS)(scope, receive, send)
            await self._links.clicked(link, await self._seen(scope, told, link))

    async def _seen(self, scope: Scope, told: dict[str, str], link: Link) -> Seen:
        purpose = f"{told.get('sec-purpose', '')} {told.get('purpose', '')} {told.get('x-moz', '')}".lower()
        client = scope.get("client")
        return Seen(
            client[0] if client else "", told.get("user-agent", "")[:500], scope["method"] == "HEAD",
            "prefetch" in purpose or "prerender" in purpose or "preview" in purpose,
            await self._is_colleague(told, link), told.get("referer", "")[:500],
        )  # fmt: skip

    async def _is_colleague(self, told: dict[str, str], link: Link) -> bool:
        """Whoever is signed in at the house that made the link looks at their own."""
        secret = _cookies(told).get(COOKIE, "")
        if not secret:
            return False
        try:
            return (await self._governance.session(secret)).tenant.org == link.tenant.org
        except NotSignedIn:
            return False

    def _page(self, told: dict[str, str], word: str, status: int) -> Response:
        shown = preferences(_cookies(told), told.get("accept-language", ""))
        title, text = _WORDS[shown["lang"]][word]
        inside = f'<p class="mut">{html.escape(text)}</p>'
        page = Shell(self._assets, []).door(shown["lang"], title, inside, theme=shown["theme"], status=status)
        page.headers.update(_HEADERS)
        return page


def _told(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _cookies(told: dict[str, str]) -> dict[str, str]:
    try:
        return {name: one.value for name, one in SimpleCookie(told.get("cookie", "")).items()}
    except CookieError:
        return {}
