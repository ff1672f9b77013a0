"""Pure decisions about links: which targets there may be, how codes look, and who is no person."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from dure.kernel.errors import Invalid
from dure.social.links.model import Seen

# Without 0/O and 1/l/I: codes are read out and typed, too. 57^9 is 6·10^15.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH = 9
CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
LONGEST = 2000
_UTM = re.compile(r"[a-z][a-z0-9_]{0,30}")

_PREVIEWS = re.compile(
    r"facebookexternalhit|facebookcatalog|meta-externalfetcher|twitterbot|linkedinbot|slackbot|slack-imgproxy"
    r"|telegrambot|^whatsapp/|discordbot|kakaotalk-scrap|kakaostory-og|skypeuripreview|microsoftpreview|redditbot"
    r"|pinterestbot|^pinterest/|bluesky cardyb|mastodon/|pleroma|misskey|akkoma|friendica|lemmy/|embedly|iframely"
    r"|viberbot|line-poker|linespider|google-pagerenderer|mattermost|zulipurlpreview|^dure/",
    re.IGNORECASE,
)
# A phone of the make Cubot is no bot.
_CRAWLERS = re.compile(
    r"(?<!cu)bot\b|bot/|crawl|spider|yeti/|daumoa|slurp|archiver|scanner|validator|monitor|pingdom|headlesschrome"
    r"|phantomjs|lighthouse|bingpreview|google-inspectiontool|googleother|mediapartners|safelinks|barracuda|proofpoint"
    r"|mimecast",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"^(?:curl|wget|python|aiohttp|httpx|go-http-client|okhttp|java|apache-httpclient|axios|node|undici|got|ruby|perl"
    r"|libwww|php|guzzle|postman|insomnia|dart|rust|reqwest)\b",
    re.IGNORECASE,
)


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def with_utm(target: str, utm: Mapping[str, str], code: str) -> str:
    """The target with UTM parameters that it does not have yet, and `utm_link`. Invalid for what is no page's
    address."""
    parts = checked(target)
    has = parse_qsl(parts.query, keep_blank_values=True)
    names = {name.lower() for name, _ in has}
    for name, value in utm.items():
        if not _UTM.fullmatch(name) or name == "link":
            raise Invalid("UTM parameters have names such as `source`.", field="utm")
        if len(value) > 200:
            raise Invalid(f"`{name}` has at most 200 letters.", field="utm")
    more = [(f"utm_{name}", value) for name, value in utm.items() if value and f"utm_{name}" not in names]
    kept = [pair for pair in has if pair[0].lower() != "utm_link"]
    made = urlunsplit(parts._replace(query=urlencode([*kept, *more, ("utm_link", code)])))
    if len(made) > LONGEST:
        raise Invalid(f"The address has at most {LONGEST:,} letters with its UTM parameters.", field="target")
    return made


def without_utm(target: str) -> str:
    """The page itself: UTM parameters are those of whoever shares it."""
    parts = urlsplit(target)
    has = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in has if not pair[0].lower().startswith("utm_")]
    return target if kept == has else urlunsplit(parts._replace(query=urlencode(kept)))


def checked(target: str) -> SplitResult:
    """An address that a browser opens as a page: http or https, a host, nobody's password. Invalid for others."""
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in target) or "\\" in target:
        raise Invalid("The address has blanks or signs that no address has.", field="target")
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Invalid("This is no address.", field="target") from error
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise Invalid("The address begins with https:// or http://.", field="target")
    if parts.username is not None:
        raise Invalid("The address carries no name and no password.", field="target")
    return parts


def machine(seen: Seen) -> str:
    """Who fetched it that was no person reading a post: head, prefetch, preview, crawler, tool, unnamed; or a
    colleague. "" for a person."""
    if seen.head:
        return "head"
    agent = seen.agent.strip()
    if not agent:
        return "unnamed"
    if _PREVIEWS.search(agent):
        return "preview"
    if _TOOLS.search(agent):
        return "tool"
    if _CRAWLERS.search(agent):
        return "crawler"
    if seen.prefetched:
        return "prefetch"
    return "colleague" if seen.colleague else ""


def visitor(salt: bytes, workspace: str, seen: Seen) -> str:
    """The same for one browser at one address on one day. The salt is forgotten with the day, and who it was with
    it."""
    told = f"{workspace}\0{seen.address}\0{seen.agent}".encode()
    return hashlib.blake2b(told, digest_size=8, key=salt).hexdigest()


def host_of(referrer: str) -> str:
    """The site alone: a path may name somebody."""
    try:
        return (urlsplit(referrer).hostname or "")[:100]
    except ValueError:
        return ""
