"""The first HTML: language, theme, boot data and the frame, so that nothing flashes before the modules run."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence

from starlette.responses import HTMLResponse

from dure.web.assets import Assets
from dure.web.page import Page

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "frame-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_LANGUAGES = ("ko", "en")
_THEMES = ("auto", "light", "dark")
_OWN_STYLES = ("web/tokens.css", "web/app.css")


class Shell:
    """Renders the application's frame for any address, and the sign-in page."""

    def __init__(self, assets: Assets, pages: Sequence[Page], *, name: str = "Dure") -> None:
        self.assets = assets
        self.pages = pages
        self.name = name

    def application(self, path: str, boot: Mapping[str, object]) -> HTMLResponse:
        """The frame with `boot` = {me, workspace, pages, lang, theme, …}; 404 for an address that no page has."""
        page = next((page for page in self.pages if page.matches(path)), None)
        extra = [page.module] if page else []
        extra += [other.startup for other in self.pages if other.startup]
        return self._document("web/app.js", extra, boot, _FRAME, status=200 if page else 404)

    def sign_in(self, boot: Mapping[str, object]) -> HTMLResponse:
        """The sign-in page; `boot` = {lang, theme, …}. Its form posts JSON to `/api/v1/session`."""
        return self._document("web/signin.js", [], boot, _SIGN_IN, status=200)

    def guest(self, entry: str, boot: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
        """A page of its own module for people without an account: the frame's head, none of its navigation."""
        return self._document(entry, [], boot, _SIGN_IN, status=status)

    def card(self, lang: str, title: str, body: str, *, button: str, post_to: str, theme: str = "auto") -> HTMLResponse:
        """A page without scripts that says one thing and has one button, which posts to `post_to`.

        For links in e-mails: programs that look at links before people do must not use them up.
        """
        inside = (
            f'<p class="mut">{html.escape(body)}</p>\n'
            f'<form method="post" action="{html.escape(post_to)}" class="actions">'
            f'<button type="submit" class="btn pri" autofocus>{html.escape(button)}</button></form>'
        )
        return self.door(lang, title, inside, theme=theme)

    def door(
        self, lang: str, title: str, inside: str, *, theme: str = "auto", wide: bool = False, form_to: str = "",
        status: int = 200,
    ) -> HTMLResponse:  # fmt: skip
        """A page without scripts: the same card, with HTML of the caller's own in it, escaped by the caller.

        `form_to` is an origin besides ours to which the answer to its form may lead.
        """
        page = _DOOR.format(
            lang=lang if lang in _LANGUAGES else "ko",
            theme=theme if theme in _THEMES else "auto",
            icon=self.assets.url("web/icon.svg"),
            styles="".join(f'<link rel="stylesheet" href="{self.assets.url(path)}">' for path in _OWN_STYLES),
            title=html.escape(title),
            name=html.escape(self.name),
            inside=inside,
            wide=" wide" if wide else "",
        )
        policy = CONTENT_POLICY.replace("form-action 'self'", f"form-action 'self' {form_to}".strip())
        headers = {"cache-control": "no-store", "content-security-policy": policy}
        return HTMLResponse(page, status_code=status, headers=headers)

    def _document(
        self, entry: str, extra: Sequence[str], boot: Mapping[str, object], frame: str, *, status: int
    ) -> HTMLResponse:
        lang = boot.get("lang") if boot.get("lang") in _LANGUAGES else "ko"
        theme = boot.get("theme") if boot.get("theme") in _THEMES else "auto"
        data = {**boot, "lang": lang, "theme": theme, "version": self.assets.version, "product": self.name}
        url = self.assets.url
        styles = "".join(f'<link rel="stylesheet" href="{url(path)}">' for path in self.assets.named(".css"))
        preload = "".join(
            f'<link rel="modulepreload" href="{url(path)}">' for path in self.assets.imports(entry, *extra)
        )
        body = _DOCUMENT.format(
            lang=lang,
            theme=theme,
            name=html.escape(self.name),
            icon=url("web/icon.svg"),
            styles=styles,
            preload=preload,
            entry=url(entry),
            boot=_for_script(data),
            frame=frame.format(name=html.escape(self.name)),
        )
        headers = {"cache-control": "no-store", "content-security-policy": CONTENT_POLICY, "vary": "cookie"}
        return HTMLResponse(body, status_code=status, headers=headers)


def preferences(cookies: Mapping[str, str], accept_language: str = "") -> dict[str, str]:
    """`{lang, theme}` from the cookies the browser keeps; else the first language of the browser that is ours."""
    lang = cookies.get("lang", "")
    if lang not in _LANGUAGES:
        asked = [part.split(";")[0].strip().lower()[:2] for part in accept_language.split(",")]
        lang = next((name for name in asked if name in _LANGUAGES), "ko")
    theme = cookies.get("theme", "")
    return {"lang": lang, "theme": theme if theme in _THEMES else "auto"}


def _for_script(data: Mapping[str, object]) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


_DOCUMENT = """<!doctype html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}</title>
<link rel="icon" href="{icon}">
{styles}
{preload}
<script type="module" src="{entry}"></script>
</head>
<body>
<script type="application/json" id="boot">{boot}</script>
<div id="app">{frame}</div>
</body>
</html>
"""

_FRAME = """<div class="shell" aria-busy="true"><div class="side"><div class="brand"><i></i>{name}</div>
<div class="skel nav-skel"></div><div class="skel nav-skel"></div><div class="skel nav-skel"></div></div>
<div class="main"><div class="top"></div><div class="view pad"><div class="skel skel-title"></div>
<div class="skel skel-block"></div></div></div></div>"""

_SIGN_IN = """<div class="door" aria-busy="true"><div class="door-card"><div class="brand"><i></i>{name}</div>
<div class="skel skel-block"></div></div></div>"""

_DOOR = """<!doctype html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · {name}</title>
<link rel="icon" href="{icon}">
{styles}
</head>
<body>
<main class="door"><div class="door-card{wide}"><div class="brand"><i></i><span>{name}</span></div><h1>{title}</h1>
{inside}
</div></main>
</body>
</html>
"""
