"""Letters laid out in MJML: checked for what is open or unknown, and made into HTML that mail programs can show."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from mjml import mjml2html

from dure.campaigns.writing.language import Missing
from dure.kernel.errors import Invalid

_LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_NAMES = """
head body attributes all class font preview style title breakpoint html-attributes selector html-attribute accordion
accordion-element accordion-title accordion-text button carousel carousel-image column divider group hero image
navbar navbar-link raw section social social-element spacer table text wrapper
"""
_ELEMENTS = frozenset(f"mj-{name}" for name in _NAMES.split())


def check(text: str, field: str) -> None:
    """Invalid, with the line where it can be told, for MJML that cannot be laid out."""
    bare = _LIQUID.sub(lambda found: "\n" * found[0].count("\n") if found[0][1] == "%" else "x", text)
    wrong = _Structure(bare).wrong
    if wrong is None:
        try:
            mjml2html(bare)
            return
        except ValueError as error:
            wrong = (0, f"this cannot be laid out ({error})")
    line, message = wrong
    told = f"Line {line}: {message}." if line else f"{message[0].upper()}{message[1:]}."
    raise Invalid(told, field=field, data={"line": line} if line else None)


def laid_out(text: str) -> str:
    """The HTML of MJML whose values are filled in. No font is fetched from elsewhere unasked: whoever serves it would
    see who opens the letter."""
    try:
        return str(mjml2html(text, fonts={}))
    except ValueError as error:
        raise Missing(f"The letter cannot be laid out: {error}.") from error


class _Structure(HTMLParser):
    """Finds the first tag that is unknown, closed by another, or never closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: tuple[int, str] | None = None
        self._open: list[tuple[str, int]] = []
        self.feed(text)
        self.close()
        if self.wrong is None and not re.match(r"\s*<mjml[\s>]", text):
            self.wrong = (1, "MJML begins with <mjml>")
        if self.wrong is None and self._open:
            tag, line = self._open[-1]
            self.wrong = (line, f"<{tag}> is not closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self._open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag.startswith("mj-") and tag not in _ELEMENTS:
            self.wrong = self.wrong or (self.getpos()[0], f"<{tag}> is not known")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or self.wrong is not None:
            return
        if not self._open or self._open[-1][0] != tag:
            meant = f"where </{self._open[-1][0]}> is due" if self._open else "and nothing is open"
            self.wrong = (self.getpos()[0], f"</{tag}> stands {meant}")
            return
        self._open.pop()
