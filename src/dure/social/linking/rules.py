"""What may name a person or a company, without I/O."""

from __future__ import annotations

from collections.abc import Sequence

# Addresses that anybody can have say nothing of a company.
_ANYBODYS = frozenset({
    "gmail.com", "googlemail.com", "naver.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "outlook.com",
    "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.co.kr", "yahoo.co.jp", "icloud.com", "me.com",
    "mac.com", "proton.me", "protonmail.com", "aol.com", "gmx.com", "gmx.de", "web.de", "qq.com", "163.com",
})  # fmt: skip
# Under which traits a handle of any network is commonly kept; those of the network itself come first.
_KEPT_AS = (
    "x_handle", "twitter", "mastodon_handle", "mastodon", "bluesky_handle", "bluesky", "instagram_handle", "instagram",
    "threads_handle", "youtube_handle", "github", "reddit", "handle", "username", "nickname",
)  # fmt: skip


def plain_handle(handle: str) -> str:
    return handle.strip().lstrip("@").lower()


def own_traits(network: str, handle: str) -> list[tuple[str, str]]:
    """Traits that say outright whose handle on this network it is."""
    name = plain_handle(handle)
    return [(f"{network}_handle", name), (network, name)] if name else []


def other_traits(network: str, handle: str) -> list[tuple[str, str]]:
    """Traits that make it likely: the same name somewhere else."""
    name = plain_handle(handle)
    own = {trait for trait, _ in own_traits(network, handle)}
    values = dict.fromkeys((name, handle.strip(), f"@{name}"))
    return [(trait, value) for trait in _KEPT_AS if trait not in own for value in values if name]


def domain_of(email: str) -> str:
    """The company's part of an address, "" where it is no company's."""
    _, at, domain = email.strip().lower().rpartition("@")
    return domain if at and domain not in _ANYBODYS else ""


def only(found: Sequence[object]) -> bool:
    """Whether a name is one person's: with two nobody can know."""
    return len(set(found)) == 1
