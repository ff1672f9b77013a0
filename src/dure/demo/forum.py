"""The listeners' own forum beside the company: it speaks that of Discourse's API which a source needs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

KEY = "sorimaru-forum"
"""Whose calls are the company's own."""
_PAGE = 50


@dataclass
class Forum:
    """Keeps what was written, and answers `GET` and `POST /posts.json`. Numbers begin after what an earlier start of
    the same company may have written."""

    now: Callable[[], datetime]
    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    first: int = 1

    def write(
        self, user: str, name: str, text: str, at: datetime, *, title: str = "", topic: int = 0
    ) -> dict[str, Any]:  # fmt: skip
        """A post: the first of its own topic, or an answer in `topic`."""
        number = self.first + len(self.posts)
        within = [one for one in self.posts if one["topic_id"] == topic]
        post = {
            "id": number, "topic_id": topic or number, "topic_slug": "talk", "topic_title": title or text[:60],
            "post_number": len(within) + 1, "username": user, "name": name, "raw": text, "version": 1,
            "created_at": at.isoformat(), "updated_at": at.isoformat(),
        }  # fmt: skip
        self.posts.append(post)
        return post

    def edit(self, post: dict[str, Any], text: str) -> None:
        post.update(raw=text, version=post["version"] + 1, updated_at=self.now().isoformat())

    def answers_in(self, topic: int) -> list[dict[str, Any]]:
        """What the company wrote in a topic."""
        return [one for one in self.posts if one["topic_id"] == topic and one["username"] == "sorimaru"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One call a connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            status, said = self._answer(method, urlsplit(target).path, headers, body)
            told = json.dumps(said, ensure_ascii=False).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(told)}\r\n"
                "connection: close\r\n\r\n".encode()
                + told
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever called went away
        finally:
            writer.close()

    def _answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[str, Any]:
        if path != "/posts.json":
            return "404 Not Found", {"errors": ["There is nothing here."]}
        if method == "GET":
            return "200 OK", {"latest_posts": self.posts[: -_PAGE - 1 : -1]}
        if headers.get("api-key") != KEY:
            return "403 Forbidden", {"errors": ["You are not permitted to do that."]}
        given = json.loads(body)
        topic, title = int(given.get("topic_id") or 0), given.get("title", "")
        made = self.write("sorimaru", "소리마루", given["raw"], self.now(), title=title, topic=topic)
        return "200 OK", made


@asynccontextmanager
async def forum(now: Callable[[], datetime]) -> AsyncIterator[Forum]:
    """A forum on a free port of this machine."""
    made = Forum(now, first=int(now().timestamp()))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield made
