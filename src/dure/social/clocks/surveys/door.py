"""The page behind a survey's address: five scores, a word, no account, no script. Opening it changes nothing, because
programs open links before people do; nothing in it leads elsewhere."""

from __future__ import annotations

import html
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from dure.kernel.errors import Invalid, NotFound, TooMany
from dure.social.clocks.surveys.api import Surveys
from dure.social.clocks.surveys.model import Page
from dure.social.clocks.surveys.words import PAGE, SCORES
from dure.web.assets import Assets
from dure.web.routing import APIRouter
from dure.web.shell import Shell, preferences

_LONGEST = 16_000


def door(api: Surveys, assets: Assets) -> APIRouter:
    """/survey/SECRET."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/survey/{secret}")
    async def shown(secret: str, request: Request) -> Response:
        """The page."""
        return await _shown(api, assets, secret, request)

    @routes.post("/survey/{secret}")
    async def answered(secret: str, request: Request) -> Response:
        """Takes the answer and shows the page again."""
        given = parse_qs((await request.body())[:_LONGEST].decode("utf-8", "replace"), max_num_fields=10)
        score, comment = given.get("score", [""])[0], given.get("comment", [""])[0]
        try:
            await api.answer(secret, int(score) if score.isdecimal() and len(score) == 1 else 0, comment[:2_000])
        except Invalid:
            return await _shown(api, assets, secret, request, "choose", 422)
        except TooMany as error:
            return await _shown(api, assets, secret, request, "often", error.status)
        except NotFound:
            return await _shown(api, assets, secret, request)
        return _private(RedirectResponse(f"/survey/{secret}", status_code=303))

    return routes


async def _shown(
    api: Surveys, assets: Assets, secret: str, request: Request, said: str = "", status: int = 200
) -> Response:  # fmt: skip
    chosen = preferences(request.cookies, request.headers.get("accept-language", ""))
    try:
        page = await api.page(secret)
    except NotFound as error:
        words = PAGE[chosen["lang"]]
        inside = f'<p class="mut">{html.escape(words["gone_about"])}</p>'
        return _private(Shell(assets, []).door(chosen["lang"], words["gone"], inside, status=error.status))
    # A browser that says what it wants is believed; else it is the language of the conversation.
    language = chosen["lang"] if request.headers.get("accept-language") else page.language
    shell = Shell(assets, [], name=page.house)
    inside = _form(page, secret, language, said)
    return _private(shell.door(language, PAGE[language]["title"], inside, theme=chosen["theme"], status=status))


def _form(page: Page, secret: str, language: str, said: str) -> str:
    words = PAGE[language]
    scores = "".join(
        f'<label class="row"><input type="radio" name="score" value="{number}" required'
        f"{' checked' if page.score == number else ''}><span>{number} · {html.escape(name)}</span></label>"
        for number, name in reversed(list(enumerate(SCORES[language], 1)))
    )
    notice = said or ("thanks" if page.score else "")
    told = (
        f'<p class="notice{" warn" if said else ""}" role="status">{html.escape(words[notice])}</p>' if notice else ""
    )
    return (
        f'{told}<p class="mut">{html.escape(words["about"].format(house=page.house))}</p>'
        f'<form method="post" action="/survey/{html.escape(secret)}" class="stack">'
        f'<div role="radiogroup" class="stack" aria-label="{html.escape(words["title"])}">{scores}</div>'
        f'<label class="stack"><span class="sm mut">{html.escape(words["comment"])}</span>'
        f'<textarea class="input" name="comment" rows="3" maxlength="2000">{html.escape(page.comment)}</textarea>'
        f"</label>"
        f'<div class="actions"><button type="submit" class="btn pri">'
        f"{html.escape(words['again' if page.score else 'send'])}</button></div></form>"
    )


def _private(response: Response) -> Response:
    # The address is the customer's own: it goes to no other site, and no search engine keeps it.
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["x-robots-tag"] = "noindex"
    return response
