"""`/u/SECRET`: a page with a button for each thing that can be left, and the one-click POST of mail programs.

Opening the page changes nothing: mail scanners open every link.
"""

from __future__ import annotations

import html
from urllib.parse import parse_qs

from fastapi.responses import HTMLResponse
from starlette.requests import Request

from dure.campaigns.responses.leaving import Leave, Leaving
from dure.kernel.errors import NotFound
from dure.web.routing import APIRouter

_CHANNELS = {
    "email": ("이메일", "e-mail"), "sms": ("문자", "text messages"), "push": ("앱 알림", "notifications"),
    "web_push": ("브라우저 알림", "notifications"), "in_app": ("앱 안 소식", "cards"),
}  # fmt: skip
_TOPICS = {"marketing": ("광고와 소식", "news and offers")}
_NOWHERE = ("이 링크는 쓸 수 없습니다. 메일의 주소 전체를 확인해 주세요.", "This link leads nowhere.")


def outside(api: Leaving) -> APIRouter:
    """/u/SECRET, for whoever got a message; nobody signs in."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/u/{secret}")
    async def ask(secret: str) -> HTMLResponse:
        """The page behind a message's way out."""
        found = await api.leads_to(secret)
        return _choice(found) if found is not None else _page(*_NOWHERE, status=404)

    @routes.post("/u/{secret}")
    async def leave(secret: str, request: Request) -> HTMLResponse:
        """Leaves a topic or all, from the page or with a mail program's one click."""
        body = await request.body()
        said = parse_qs(body.decode("utf-8", "replace"))
        topic_only = said.get("what") == ["topic"]
        try:
            found = await api.leave(secret, "one_click" if b"One-Click" in body else "page", topic_only=topic_only)
        except NotFound:
            return _page(*_NOWHERE, status=404)
        channel, topic = _channel(found), _topic(found)
        if topic_only:
            return _page(
                f"‘{topic[0]}’ {channel[0]}은(는) 더 보내지 않습니다.",
                f"You will get no more {channel[1]} on {topic[1]}.",
            )
        to = f"{found.address} 주소로 " if found.address else f"{channel[0]}로 "
        return _page(f"{to}더는 소식을 보내지 않습니다.", "You will get no more news at this address.")

    return routes


def _choice(found: Leave) -> HTMLResponse:
    channel, topic = _channel(found), _topic(found)
    buttons = (
        ("topic", f"‘{topic[0]}’만 그만 받기", f"Stop {topic[1]} only"),
        ("all", f"{channel[0]} 소식 모두 그만 받기", f"Stop all {channel[1]}"),
    )
    form = "".join(
        f'<p><button name="what" value="{what}">{html.escape(ko)} · {html.escape(en)}</button></p>'
        for what, ko, en in buttons
    )
    whom = f" ({found.address})" if found.address else ""
    return _page(
        f"더는 소식을 보내지 않을까요?{whom}", f"Stop sending news?{whom}", f'<form method="post">{form}</form>'
    )


def _channel(found: Leave) -> tuple[str, str]:
    return _CHANNELS.get(found.message.channel, ("메시지", "messages"))


def _topic(found: Leave) -> tuple[str, str]:
    return _TOPICS.get(found.topic, (found.topic, found.topic))


def _page(ko: str, en: str, more: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        '<!doctype html>\n<html lang="ko"><head><meta charset="utf-8"><title>Dure</title>'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"></head>'
        f'<body><p>{html.escape(ko)}</p><p lang="en">{html.escape(en)}</p>{more}</body></html>\n',
        status_code=status,
        headers={"cache-control": "no-store"},
    )
