"""Files of channels in S3-compatible storage, for many machines: AWS's own library signs, httpx sends.

The address is the server keeper's setting, as the databases' are, and may lie in a private network.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import anyio
import httpx
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from dure.kernel.errors import Invalid, Unavailable

_PART = 256 * 1024
_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no bytes


class S3Blobs:
    """Fills `channels.files.plugs.Blobs`: `s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX]?region=…&tls=no`."""

    def __init__(self, url: str, incoming: Path) -> None:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme != "s3" or not parts.hostname or not parts.path.strip("/") or not parts.username:
            raise Invalid("`files_url` is s3://KEY:SECRET@HOST/BUCKET/PREFIX?region=…", field="files_url")
        host = parts.netloc.rpartition("@")[2]
        self._root = f"{'http' if options.get('tls') == 'no' else 'https'}://{host}/{parts.path.strip('/')}"
        self._region = options.get("region", "us-east-1")
        self._credentials = Credentials(unquote(parts.username), unquote(parts.password or ""))
        self._incoming = incoming
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(120.0, connect=10.0), trust_env=False)

    @property
    def incoming(self) -> Path:
        return self._incoming

    async def put(self, sha256: str, source: Path) -> None:
        """One PUT, which S3 takes whole or not at all, and only if it is what its sum says."""
        size = (await anyio.Path(source).stat()).st_size
        headers = self._signed("PUT", sha256, sha256, {"Content-Length": str(size)})
        answer = await self._send("PUT", sha256, headers, _content(source))
        await self._expect(answer, 200)
        await anyio.Path(source).unlink()

    async def read(self, sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
        if length <= 0:
            return
        headers = self._signed("GET", sha256, _NOTHING, {"Range": f"bytes={start}-{start + length - 1}"})
        answer = await self._send("GET", sha256, headers, None)
        await self._expect(answer, 200, 206)
        try:
            async for part in answer.aiter_raw(_PART):
                yield part
        except httpx.HTTPError as error:
            raise Unavailable("The file's content ended before its end.") from error
        finally:
            await answer.aclose()

    async def remove(self, sha256: str) -> None:
        answer = await self._send("DELETE", sha256, self._signed("DELETE", sha256, _NOTHING, {}), None)
        await self._expect(answer, 200, 204, 404)

    async def close(self) -> None:
        await self._http.aclose()

    def _url(self, sha256: str) -> str:
        return f"{self._root}/{quote(sha256[:2])}/{quote(sha256)}"

    def _signed(self, method: str, sha256: str, body: str, headers: Mapping[str, str]) -> dict[str, str]:
        request = AWSRequest(method, self._url(sha256), headers=dict(headers))
        _Signer(self._credentials, "s3", self._region, body).add_auth(request)
        return {str(name): str(value) for name, value in request.headers.items()}

    async def _send(
        self, method: str, sha256: str, headers: dict[str, str], content: AsyncIterator[bytes] | None
    ) -> httpx.Response:
        request = self._http.build_request(method, self._url(sha256), headers=headers, content=content)
        try:
            return await self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            raise Unavailable("The storage of files does not answer.") from error

    async def _expect(self, answer: httpx.Response, *statuses: int) -> None:
        if answer.status_code not in statuses:
            await answer.aclose()
            raise Unavailable(f"The storage of files answered {answer.status_code}.")
        if answer.request.method != "GET":
            await answer.aclose()


class _Signer(S3SigV4Auth):  # type: ignore[misc]
    """Signs for a body whose SHA-256 is known, so that it need not be read twice."""

    def __init__(self, credentials: Credentials, service: str, region: str, body: str) -> None:
        super().__init__(credentials, service, region)
        self._body = body

    def payload(self, request: Any) -> str:  # noqa: ARG002 - botocore's name for the sum of the body
        return self._body


async def _content(source: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(source, "rb") as file:
        while part := await file.read(_PART):
            yield part
