"""How steps of a sign-in are answered: the secret in the cookie, what is owed in the body."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dure.governance.http import with_session
from dure.governance.signin.model import Step

CEREMONY = "dure_ceremony"
_PATH = "/api/v1/"
_SECONDS = 600


def stepped(request: Request, step: Step) -> Response:
    """204 for who is in; 200 and `{owes, ways}` for who is half in."""
    response: Response = Response(status_code=204)
    if step.owes:
        response = JSONResponse({"owes": step.owes, "ways": list(step.ways)})
    return with_session(response, request, step.secret) if step.secret else response


def began(request: Request, response: Response, ceremony: str) -> Response:
    """With the ceremony's secret in a cookie of its own, which only Dure's API is sent."""
    response.set_cookie(
        CEREMONY, ceremony, max_age=_SECONDS, httponly=True, samesite="lax", secure=request.url.scheme == "https",
        path=_PATH,
    )  # fmt: skip
    return response


def ceremony_of(request: Request) -> str:
    return request.cookies.get(CEREMONY, "")


def over(response: Response) -> Response:
    response.delete_cookie(CEREMONY, path=_PATH)
    return response
