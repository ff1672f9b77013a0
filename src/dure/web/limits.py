"""How large a request may be. A larger one is refused before it is read, or at the byte that is one too many."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dure.kernel.errors import Malformed, TooLarge
from dure.web import problems

MAX_BODY = 4 * 1024 * 1024


class BodyLimit:
    """Answers 413 to bodies over `limit` bytes; `larger` = {path prefix: bytes} for doors that take more."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.larger = sorted((larger or {}).items(), key=lambda item: -len(item[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = next((size for prefix, size in self.larger if scope["path"].startswith(prefix)), self.limit)
        error = TooLarge(f"The body is larger than {limit} bytes.", data={"limit": limit})
        refusal = problems.response(error, headers={"connection": "close"})
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit():
            await problems.response(Malformed("Content-Length is not a number."))(scope, receive, send)
            return
        if int(length) > limit:
            await refusal(scope, receive, send)
            return

        size = 0
        over = answered = started = False

        async def counted() -> Message:
            nonlocal size, over
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > limit:
                    over = True
                    raise error
            return message

        async def guarded(message: Message) -> None:
            # Frameworks turn an error while reading into their own 400; the truth is 413.
            nonlocal answered, started
            if over and not started:
                if not answered:
                    answered = True
                    await refusal(scope, receive, send)
                return
            started = True
            await send(message)

        try:
            await self.app(scope, counted, guarded)
        except TooLarge:
            if not over or started:
                raise
            if not answered:
                await refusal(scope, receive, send)
