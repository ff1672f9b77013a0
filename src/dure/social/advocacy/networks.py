"""Networks on which employees share: how a composer of theirs is opened, and how long a text may be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Network:
    """`composer` is the address of its composer with `{text}`, `{url}` and `{host}` for their encoded values, "" where
    none takes a text: there it is copied. `inside`: the link stands in the text. `pasted`: the composer takes the link
    alone, and the text is copied to be pasted. `most` characters, 0 for no limit worth telling; `link` is what a link
    counts, 0 for its length."""

    name: str
    title: Mapping[str, str]
    composer: str = ""
    inside: bool = True
    pasted: bool = False
    most: int = 0
    link: int = 0
    wide: bool = False  # letters of most scripts count two

    def told(self) -> dict[str, Any]:
        return {"name": self.name, "title": self.title, "composer": self.composer, "pasted": self.pasted,
                "most": self.most, "link": self.link, "wide": self.wide}  # fmt: skip


NETWORKS: Mapping[str, Network] = {
    one.name: one
    for one in (
        Network("linkedin", {"ko": "링크드인", "en": "LinkedIn"},
                "https://www.linkedin.com/sharing/share-offsite/?url={url}", inside=False, pasted=True, most=3000),
        Network("x", {"ko": "X", "en": "X"}, "https://x.com/intent/post?text={text}&url={url}", inside=False, most=280,
                link=23, wide=True),
        Network("facebook", {"ko": "페이스북", "en": "Facebook"},
                "https://www.facebook.com/sharer/sharer.php?u={url}", inside=False, pasted=True),
        Network("bluesky", {"ko": "블루스카이", "en": "Bluesky"}, "https://bsky.app/intent/compose?text={text}",
                most=300),
        Network("mastodon", {"ko": "마스토돈", "en": "Mastodon"}, "https://{host}/share?text={text}", most=500,
                link=23),
        Network("threads", {"ko": "스레드", "en": "Threads"}, "https://www.threads.net/intent/post?text={text}",
                most=500),
        Network("instagram", {"ko": "인스타그램", "en": "Instagram"}, most=2200),
        Network("kakaotalk", {"ko": "카카오톡", "en": "KakaoTalk"}),
        Network("naver_blog", {"ko": "네이버 블로그", "en": "Naver Blog"}),
        Network("other", {"ko": "다른 곳", "en": "Elsewhere"}),
    )
}  # fmt: skip
_URL = re.compile(r"https?://\S+")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# What X counts once; all else is two (twitter-text, configuration v3).
_NARROW = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def length(network: Network, text: str, url: str = "") -> int:
    """How long a text is as the network counts it, with the link that it is given beside."""
    text = unicodedata.normalize("NFC", text)
    if url and not network.inside:
        text = f"{text} {url}"
    links = _URL.findall(text) if network.link else []
    rest = _URL.sub("", text) if network.link else text
    counted = sum(_wide(one) for one in rest) if network.wide else len(rest)
    return counted + network.link * len(links)


def composer(network: Network, text: str, url: str, host: str = "") -> str:
    """The address at which the network's own composer opens with the text; "" where it has none, or no host is
    known."""
    if not network.composer or ("{host}" in network.composer and not HOST.fullmatch(host)):
        return ""
    # One after another would read what a text says as a place.
    held = {"text": quote(text, safe=""), "url": quote(url, safe=""), "host": host}
    return re.sub(r"\{(text|url|host)\}", lambda found: held[found[1]], network.composer)


def _wide(letter: str) -> int:
    at = ord(letter)
    return 1 if any(low <= at <= high for low, high in _NARROW) else 2
