"""A letter's two forms: HTML made of plain words, and plain words made of HTML."""

from __future__ import annotations

import functools
import html
import re
from html.parser import HTMLParser

_URL = re.compile(r"https?://[^\s<>\"]+")
_OUT = {"ko": "수신거부", "en": "Unsubscribe"}
_HIDDEN = "display:none;max-height:0;overflow:hidden;opacity:0"
_UNREAD = frozenset({"mj-head", "style", "script"})
_BREAKS = frozenset({"p", "div", "tr", "br", "h1", "h2", "h3", "h4", "li", "table", "ul", "ol", "mj-text", "mj-button",
                     "mj-section", "mj-column", "mj-table", "mj-image", "mj-navbar-link"})  # fmt: skip
_LINKS = frozenset({"a", "mj-button", "mj-navbar-link"})


def as_html(text: str, language: str) -> str:
    """Paragraphs, and addresses that can be clicked."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        escaped, at = "", 0
        for match in _URL.finditer(paragraph):
            url = html.escape(match[0])
            escaped += html.escape(paragraph[at : match.start()]) + f'<a href="{url}">{url}</a>'
            at = match.end()
        escaped += html.escape(paragraph[at:])
        parts.append("<p>" + escaped.replace("\n", "<br>\n") + "</p>")
    return f'<!doctype html>\n<html lang="{language}"><body>\n' + "\n".join(parts) + "\n</body></html>\n"


@functools.lru_cache(maxsize=256)
def as_text(mjml: str) -> str:
    """What somebody reads who sees no HTML: the words, with the addresses behind links.

    Of the text before its values are filled in, so that this is done once and not for each who gets it.
    """
    reader = _Reader()
    reader.feed(mjml)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def with_preheader(page: str, preheader: str) -> str:
    """With words that mail programs show beside the subject and nobody sees in the letter."""
    hidden = f'<div style="{_HIDDEN}">{html.escape(preheader)}</div>'
    return re.sub(r"(<body[^>]*>)", lambda found: found[1] + hidden, page, count=1)


def with_way_out(text: str, page: str, out_url: str, language: str) -> tuple[str, str]:
    """With the way out of the list under it, where the letter does not name it itself."""
    word = _OUT.get(language, _OUT["en"])
    if out_url not in text:
        text = f"{text.rstrip()}\n\n--\n{word}: {out_url}\n"
    if out_url not in html.unescape(page):
        link = f'<p style="text-align:center;font-size:12px"><a href="{html.escape(out_url)}">{word}</a></p>\n'
        page = page.replace("</body>", link + "</body>", 1) if "</body>" in page else page + link
    return text, page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unread = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _UNREAD:
            self._unread += 1
        elif not self._unread:
            if tag in _BREAKS:
                self.parts.append("\n")
            if tag in _LINKS:
                self._links.append(given.get("href") or "")
            if given.get("alt"):
                self.parts.append(str(given["alt"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif not self._unread:
            if tag in _LINKS and self._links and (url := self._links.pop()):
                self.parts.append(f" ({url}) ")
            if tag in _BREAKS:
                self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data.replace("\n", " "))
