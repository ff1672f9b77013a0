"""What a post will be on a network: its links with their tags, and how long it is as that network counts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from dure.social.plugs import Limits
from dure.social.publishing.graphemes import graphemes
from dure.social.publishing.model import UTM, Content, Link, Place, Rendered, Wording

_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.I)
_TAIL = ".,;:!?…。、)]}」』”’"
_REMOTE = re.compile(r"(?<![\w/@])@(\w[\w.-]*)@[\w-]+(?:\.[\w-]+)+")
_SLUG = re.compile(r"[^\w]+")


def render(
    content: Content, wording: Wording, place: Place | None, template: Mapping[str, str],
    shorten: Callable[[str], str] | None = None,
) -> Rendered:  # fmt: skip
    """A wording as it will stand there. `shorten` turns a tagged address into the one that stands in its place."""
    said = content.text if wording.text is None else wording.text
    if place is None:
        return Rendered(wording.source, said, wording.title, wording.place, (), graphemes(said), 0, ("gone",))
    tags = tags_of(content, wording, place, template)
    links: list[Link] = []

    def tagged(found: re.Match[str]) -> str:
        written = _trimmed(found[0])
        target = with_tags(written, tags)
        links.append(Link(written, target))
        return (shorten(target) if shorten else target) + found[0][len(written) :]

    text = _LINK.sub(tagged, said.strip())
    limits = Limits(**place.limits)
    title = wording.title or (content.title if limits.title else "")
    problems = [
        code
        for code, so in (
            ("empty", not text.strip()),
            ("over", length(text, limits) > limits.characters),
            ("bytes", bool(limits.size) and len(text.encode()) > limits.size),
            ("title_missing", limits.titled and not title.strip()),
            ("title_over", bool(limits.title) and len(title) > limits.title),
            ("paused", place.paused),
        )
        if so
    ]
    return Rendered(
        wording.source, text, title, wording.place, tuple(links), length(text, limits), limits.characters, problems
    )


def length(text: str, limits: Limits) -> int:
    """As the network counts."""
    if limits.link:
        text = _LINK.sub(lambda found: "x" * limits.link + found[0][len(_trimmed(found[0])) :], text)
    if limits.handles:
        text = _REMOTE.sub(r"@\1", text)
    return graphemes(text) if limits.graphemes else len(text)


def tags_of(content: Content, wording: Wording, place: Place, template: Mapping[str, str]) -> dict[str, str]:
    """The tags of this wording's links by name; those that come to nothing are left out."""
    holes = {
        "network": place.network, "source": slug(place.name), "title": slug(content.title),
        "campaign": content.campaign or slug(content.title), "language": content.language,
    }  # fmt: skip
    given = {**template, **wording.utm}
    filled = {
        name: re.sub(r"\{(\w+)\}", lambda hole: holes.get(hole[1], ""), given[name]) for name in UTM if given.get(name)
    }
    return {name: value for name, value in filled.items() if value}


def with_tags(url: str, tags: Mapping[str, str]) -> str:
    """The address with those tags that it does not have yet; all else of it stays as it was written."""
    parts = urlsplit(url)
    has = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    more = "&".join(f"{name}={quote(value, safe='')}" for name, value in tags.items() if name not in has)
    return urlunsplit(parts._replace(query="&".join(one for one in (parts.query, more) if one)))


def slug(text: str) -> str:
    """A text as one word of small letters, for a tag."""
    return _SLUG.sub("-", text.lower()).strip("-")[:60]


def fingerprint(rendered: Iterable[Rendered], language: str) -> str:
    """SHA-256 over every text as it will stand there: what an approval is bound to."""
    told = sorted([str(one.source), one.text, one.title, one.place] for one in rendered)
    said = json.dumps([language, told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _trimmed(found: str) -> str:
    """Without what ends a sentence; a bracket that the address opened itself belongs to it."""
    while found and found[-1] in _TAIL and not (found[-1] == ")" and found.count("(") >= found.count(")")):
        found = found[:-1]
    return found
