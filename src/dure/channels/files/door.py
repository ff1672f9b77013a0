"""Files' own addresses below `/slack/`: where bytes are sent to once, and where they are had from."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dure.channels.files.api import File, Files
from dure.channels.files.refusals import FileNotFound
from dure.channels.files.serving import small, whole_or_part
from dure.channels.model import ts_text
from dure.governance.http import principal_of
from dure.kernel.errors import DureError, Malformed, NotAllowed, NotSignedIn
from dure.web.routing import APIRouter

_SIZE = re.compile(r"_(\d{2,4})\.(?:png|jpg)")
_PART = 256 * 1024


def file_door(files: Files) -> APIRouter:
    """The routes below `/slack/` that files are sent to and had from."""
    routes = APIRouter(prefix="/slack", include_in_schema=False)

    @routes.post("/upload/v1/{secret}", response_model=None)
    async def receive(request: Request, secret: str) -> Response:
        # The content type is not looked at but for forms with files in them: urllib calls raw bytes a form.
        try:
            got = await files.receive(secret, _sent(request))
        except ClientDisconnect:
            return PlainTextResponse("The connection ended before the file did.", 400)
        except DureError as error:
            return PlainTextResponse(error.message, 400 if error.status == 422 else error.status)
        return PlainTextResponse(f"OK - {got.size}")

    async def private(request: Request) -> Response:
        file = await _allowed(request, files)
        return whole_or_part(request, files, file, download=request.path_params.get("way") == "download")

    async def thumb(request: Request) -> Response:
        file = await _allowed(request, files)
        asked = _SIZE.search(request.path_params["name"])
        found = file.thumb(int(asked[1])) if asked else None
        if found is None:
            raise FileNotFound
        return small(request, files, file, found)

    async def public(request: Request) -> Response:
        _, _, secret = request.path_params["place"].rpartition("-")
        return whole_or_part(request, files, await files.public(secret), download=False)

    @routes.get("/files/{user}/{file}/{name:path}", response_model=None)
    async def permalink(request: Request, file: str) -> Response:
        try:
            principal = await principal_of(request)
        except NotSignedIn:
            return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
        found = await files.info(principal, file)
        return RedirectResponse(_where(found), 303)

    for path, answer in (
        ("/files-pri/{place}/{name}", private),
        ("/files-pri/{place}/{way}/{name}", private),
        ("/files-tmb/{place}/{name}", thumb),
        ("/files-pub/{place}", public),
        ("/files-pub/{place}/{name}", public),
    ):
        routes.add_api_route(path, answer, methods=["GET", "HEAD"], response_model=None)
    return routes


async def _sent(request: Request) -> AsyncIterator[bytes]:
    """The bytes of a body, or of the one file in a multipart form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        async for part in request.stream():
            yield part
        return
    async with request.form(max_files=1, max_fields=20) as form:
        sent = next((value for value in form.values() if isinstance(value, UploadFile)), None)
        if sent is None:
            raise Malformed("The form holds no file.")
        while part := await sent.read(_PART):
            yield part


async def _allowed(request: Request, files: Files) -> File:
    """The file of an address, for whoever may have it: by token, by session, or by its public secret."""
    _, _, file = request.path_params["place"].partition("-")
    secret = request.query_params.get("pub_secret")
    if secret:
        found = await files.public(secret)
        if found.id != file:
            raise FileNotFound
        return found
    principal = await principal_of(request)
    if not principal.scopes & {"*", "files:read"}:
        raise NotAllowed("The token does not carry the scope files:read.")
    return await files.info(principal, file)


def _where(found: File) -> str:
    """Where somebody looks at a file: in the first message that they can see it in, else by itself."""
    if not found.shares:
        return found.external_url or f"/slack/files-pri/{found.workspace}-{found.id}/{quote(found.name, safe='')}"
    place = found.shares[0]
    thread = f"&thread={ts_text(place.thread)}" if place.thread else ""
    return f"/channels/{place.channel}?ts={ts_text(place.ts)}{thread}"
