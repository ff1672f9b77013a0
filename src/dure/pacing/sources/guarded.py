"""The way out for libraries that bring their own HTTP client: what `requests` would send goes through the guarded one.

The library runs in a thread; each of its requests is handed to the server's event loop and waited for there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter

from dure.automation.plugs import Outgoing
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant

_SECONDS = 60.0
_MOST_BYTES = 256 * 1024


class GuardedAdapter(BaseAdapter):
    """Mounted on a session of `requests`, it sends by `outgoing`; refused addresses are refused here too."""

    def __init__(self, outgoing: Outgoing, tenant: Tenant, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._outgoing = outgoing
        self._tenant = tenant
        self._loop = loop

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, verify: Any = True,
        cert: Any = None, proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:  # fmt: skip
        del stream, timeout, verify, cert, proxies
        body = request.body or b""
        if not isinstance(body, (bytes, str)):
            raise requests.exceptions.InvalidSchema("Streams are not sent by this way out.")
        headers = {
            name: str(value) for name, value in request.headers.items()
            if name.lower() not in ("content-length", "connection", "accept-encoding")
        }  # fmt: skip
        sending = self._outgoing.send(
            self._tenant, request.method or "GET", request.url or "", headers,
            body.encode() if isinstance(body, str) else body, _SECONDS,
        )  # fmt: skip
        try:
            answer = asyncio.run_coroutine_threadsafe(sending, self._loop).result(_SECONDS + 5)
        except NotAllowed:
            raise
        except OSError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        content = answer.text.encode()
        if len(content) >= _MOST_BYTES:
            raise requests.exceptions.ContentDecodingError(f"{request.url} answered more than {_MOST_BYTES} bytes.")
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        # What comes here is unpacked already.
        response.headers.pop("content-encoding", None)
        response._content = content
        response.encoding = "utf-8"
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held here."""
