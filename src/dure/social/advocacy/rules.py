"""Advocacy's decisions without I/O: what a story needs, who may approve it, which text is whose."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from dure.governance.api import Principal
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.social.advocacy.model import Content, Rules, Story, Text
from dure.social.advocacy.networks import NETWORKS, length
from dure.social.links.rules import checked

TITLE, ABOUT, TEXT, TEXTS = 140, 2_000, 3_000, 40
LANGUAGES = ("ko", "en")
FIRST = ("linkedin", "x")
"""Where nobody says for which networks a story is."""
# As long as the address of a tracked link on most installations.
_SAMPLE = "https://dure.example/l/" + "x" * 9
_BLANKS = re.compile(r"[ \t]+\n")


def check(content: Content, page: str) -> Content:
    """The content as it is kept; Invalid names what cannot be. `page` is what its address leads to."""
    title = " ".join(content.title.split())
    if not 2 <= len(title) <= TITLE:
        raise Invalid(f"`title` has 2 to {TITLE} letters.", field="title")
    checked(page)
    if len(content.about) > ABOUT:
        raise Invalid(f"`about` has at most {ABOUT:,} letters.", field="about")
    if len(content.campaign) > 100:
        raise Invalid("`campaign` has at most 100 letters.", field="campaign")
    networks = content.networks or FIRST
    if [one for one in networks if one not in NETWORKS]:
        raise Invalid(f"`networks` are some of {', '.join(NETWORKS)}.", field="networks")
    if [one for one in content.teams if one not in FUNCTIONS]:
        raise Invalid(f"`teams` are some of {', '.join(FUNCTIONS)}, or none for everybody.", field="teams")
    if content.starts_at and content.ends_at and content.ends_at <= content.starts_at:
        raise Invalid("It ends after it starts.", field="ends_at")
    return Content(
        title, page, content.about.strip(), _texts(content.texts, {content.url.strip(), page}),
        [one for one in NETWORKS if one in networks], [one for one in FUNCTIONS if one in content.teams],
        content.campaign.strip(), content.starts_at, content.ends_at,
    )  # fmt: skip


def ready(content: Content, rules: Rules, company: str) -> None:
    """Invalid where somebody could not share it as it is: no text, or one that a network would not take."""
    if not content.texts:
        raise Invalid("Suggest a text that colleagues can begin with.", field="texts")
    for number, one in enumerate(content.texts):
        for name in [one.network] if one.network else content.networks:
            network = NETWORKS[name]
            said = said_as(one.text, disclosure(rules, one.language, company), _SAMPLE if network.inside else "")
            over = length(network, said, _SAMPLE) - network.most
            if network.most and over > 0:
                raise Invalid(
                    f"With its disclosure and link this text is {over} characters too long for {network.title['en']}.",
                    field=f"texts[{number}].text", data={"network": name, "over": over},
                )  # fmt: skip


def why_not(rules: Rules, principal: Principal, story: Story) -> str:
    """Why somebody may not approve a story: not_a_person, own or not_named; "" where they may."""
    if principal.kind != "user" or not principal.user:
        return "not_a_person"
    if rules.approvers and principal.user not in rules.approvers:
        return "not_named"
    own = principal.user in {story.author, story.asked_by, story.changed_by}
    return "own" if own and not rules.own else ""


def disclosure(rules: Rules, language: str, company: str) -> str:
    """The line that says who speaks, "" where none is asked for."""
    if not rules.disclosed:
        return ""
    return rules.disclosure.get(language, "").replace("{company}", company).strip()


def said_as(text: str, line: str, url: str) -> str:
    """A suggested text as it is to be said: with the line that says who speaks, and the link where it stands inside."""
    parts = [_BLANKS.sub("\n", text).strip()]
    if line and line not in text:
        parts.append(line)
    return "\n\n".join([*parts, url] if url else parts)


def text_for(story: Story, network: str, language: str) -> str:
    """The suggested text that is nearest: of the network and the language, of either, of any."""
    ranked = sorted(
        (one for one in story.content.texts if one.network in ("", network)),
        key=lambda one: (one.language != language, one.network != network),
    )
    return ranked[0].text if ranked else ""


def discloses(text: str, rules: Rules, company: str) -> bool:
    lines = [disclosure(rules, language, company) for language in LANGUAGES]
    return not any(lines) or any(line in text for line in lines if line)


def is_for(story: Story, team: str) -> bool:
    return not story.content.teams or team in story.content.teams


def _texts(texts: Sequence[Text], urls: Collection[str]) -> list[Text]:
    """The page's address goes out of them: each share has a link of its own."""
    if len(texts) > TEXTS:
        raise Invalid(f"At most {TEXTS} texts.", field="texts")
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(texts):
        field = f"texts[{number}]"
        if one.language not in LANGUAGES:
            raise Invalid("`language` is ko or en.", field=f"{field}.language")
        if one.network and one.network not in NETWORKS:
            raise Invalid(f"`network` is one of {', '.join(NETWORKS)}, or empty for any.", field=f"{field}.network")
        if not one.text.strip() or len(one.text) > TEXT:
            raise Invalid(f"`text` has 1 to {TEXT:,} letters.", field=f"{field}.text")
        if (one.language, one.network) in seen:
            raise Invalid("There is a text of this language and network already.", field=f"{field}.network")
        seen.add((one.language, one.network))
    kept = [(one, _without(one.text, urls)) for one in texts]
    return [Text(one.language, text, one.network) for one, text in kept if text]


def _without(text: str, urls: Collection[str]) -> str:
    for url in sorted(filter(None, urls), key=len, reverse=True):
        text = text.replace(url, "")
    return _BLANKS.sub("\n", text).strip()
