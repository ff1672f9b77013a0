"""Demand tests over HTTP, and the page behind a message's link, which needs no sign-in."""

from __future__ import annotations

import base64
import html
from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import Body
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dure.campaigns.demand.api import PREVIEW, DemandTests, Page
from dure.campaigns.demand.model import Test
from dure.campaigns.model import Campaign, Counts
from dure.governance.http import Caller
from dure.kernel.errors import NotFound
from dure.web.assets import Assets
from dure.web.body import body
from dure.web.routing import APIRouter
from dure.web.shell import Shell, preferences

Json = Annotated[dict[str, Any], Body()]
_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_WORDS = {
    "ko": ("관심 있어요", "고맙습니다. 관심 있다고 적어 두었습니다.",
           "아직 준비하고 있는 것입니다. 누르면 관심이 있다고만 전해집니다.",
           "이 링크는 쓸 수 없습니다", "메시지의 주소 전체를 확인해 주세요."),
    "en": ("I’m interested", "Thank you. We have noted that you are interested.",
           "This is not there yet. Pressing the button only tells us that you would like it.",
           "This link leads nowhere", "Copy the whole address from the message."),
}  # fmt: skip


@body
class Preview:
    test: dict[str, Any]
    person: str


def router(api: DemandTests) -> APIRouter:
    """/api/v1/demand-tests."""
    routes = APIRouter(prefix="/api/v1", tags=["demand tests"])

    @routes.get("/demand-tests")
    async def tests(caller: Caller, limit: int = 100) -> dict[str, Any]:
        """Every demand test, newest first."""
        return {"tests": [_told(*each, api.counting(each[1])) for each in await api.tests(caller, limit)]}

    @routes.post("/demand-tests", status_code=201)
    async def create(caller: Caller, body: Json) -> dict[str, Any]:
        """A draft of a question, people (or a rule), channel, text and goal or door; with what it would do now."""
        test, run, unknown = await api.create(caller, body)
        found = _told(*await api.test(caller, test.id), False)
        return found | {
            "dry_run": {"looked_at": run.looked_at, "outcomes": run.outcomes, "reasons": run.reasons},
            "unknown": unknown,
        }  # fmt: skip

    @routes.post("/demand-tests/size")
    async def size(caller: Caller, body: Json) -> dict[str, Any]:
        """How many people a list or a rule means, and which lines nobody is known by."""
        return asdict(await api.size(caller, body))

    @routes.post("/demand-tests/preview")
    async def preview(caller: Caller, body: Preview) -> dict[str, Any]:
        """The message as one person would get it."""
        return (await api.preview(caller, body.test, body.person)).as_json()

    @routes.get("/demand-tests/{test}")
    async def one(caller: Caller, test: str) -> dict[str, Any]:
        """A test with its funnel, both arms' goal with intervals, and what may be said in a sentence."""
        result = await api.told(caller, test)
        return _told(*await api.test(caller, test), result.pending > 0) | {"result": asdict(result)}

    @routes.post("/demand-tests/{test}/launch")
    async def launch(caller: Caller, test: str) -> dict[str, Any]:
        """Sends it. Where campaigns need a second person's word, this one does too."""
        await api.launch(caller, test)
        return await one(caller, test)

    @routes.post("/demand-tests/{test}/stop")
    async def stop(caller: Caller, test: str) -> dict[str, Any]:
        """Ends it; nothing more goes out."""
        await api.stop(caller, test)
        return await one(caller, test)

    return routes


def door(api: DemandTests, assets: Assets) -> APIRouter:
    """/d/SECRET: an idea that does not exist yet, and one button. Opening the page changes nothing: mail scanners open
    every link. That somebody saw it is told by a picture in it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/d/{secret}")
    async def ask(secret: str, request: Request) -> Response:
        """The page behind a demand test's link."""
        shown = preferences(request.cookies, request.headers.get("accept-language", ""))
        try:
            page = await api.page(secret)
        except NotFound as error:
            title, text = _WORDS[shown["lang"]][3:]
            inside = f'<p class="mut">{html.escape(text)}</p>'
            return _private(Shell(assets, []).door(shown["lang"], title, inside, status=error.status))
        return _private(_page(assets, page, secret, shown["lang"], shown["theme"]))

    @routes.get("/d/{secret}/seen.gif")
    async def seen(secret: str) -> Response:
        """Notes that the page was shown."""
        if secret != PREVIEW:
            await api.seen(secret)
        return Response(_DOT, media_type="image/gif", headers={"cache-control": "no-store"})

    @routes.post("/d/{secret}")
    async def want(secret: str) -> Response:
        """Notes that they are interested, and shows the page again."""
        if secret != PREVIEW:
            await api.want(secret)
        return _private(RedirectResponse(f"/d/{secret}", status_code=303))

    return routes


def _page(assets: Assets, page: Page, secret: str, language: str, theme: str) -> Response:
    spoken = language if language in page.words else page.language if page.language in page.words else ""
    text = page.words.get(spoken) or next(iter(page.words.values()))
    title, _, rest = text.strip().partition("\n")
    press, thanks, about, *_ = _WORDS[language]
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in rest.split("\n") if line.strip())
    end = (
        f'<p class="notice" role="status">{html.escape(thanks)}</p>'
        if page.wanted
        else f'<form method="post" action="/d/{html.escape(secret)}" class="actions">'
        f'<button type="submit" class="btn pri">{html.escape(press)}</button></form>'
        f'<p class="mut sm">{html.escape(about)}</p>'
    )
    seen = f'<img src="/d/{html.escape(secret)}/seen.gif" alt="" width="1" height="1">'
    return Shell(assets, [], name=page.house).door(language, title, lines + end + seen, theme=theme)


def _private(response: Response) -> Response:
    # The address is the person's own: it goes to no other site, and no search engine keeps it.
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["x-robots-tag"] = "noindex"
    return response


def _told(test: Test, campaign: Campaign, counts: Counts, counting: bool) -> dict[str, Any]:
    """`counting`: people still have time to do what counts, also where all is sent."""
    design = campaign.design
    message = design.messages[0] if design.messages else None
    return {
        **asdict(test), "status": campaign.status, "counting": counting, "launched_at": campaign.launched_at,
        "counts": asdict(counts),
        "channel": message.channel if message else "", "texts": msgspec.to_builtins(message.texts) if message else {},
        "goal": msgspec.to_builtins(design.goal), "window": design.window, "holdout": design.holdout,
        "audience": design.entry.audience,
    }  # fmt: skip
