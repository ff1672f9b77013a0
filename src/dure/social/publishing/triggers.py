"""What of posts may start an automation: one was approved, published, or refused by its network."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import TriggerKind
from dure.kernel.filters import Filter
from dure.social.events import POST_PUBLISHED
from dure.social.publishing import events


class OfPost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`campaign` is the post's own, empty for any."""

    campaign: str = ""


class OfNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`campaign` and `network`, empty for any."""

    campaign: str = ""
    network: str = ""


def _of_post(given: OfPost) -> list[Filter]:
    return [Filter("campaign", "=", given.campaign)] if given.campaign else []


def _said(given: OfNetwork) -> list[Filter]:
    return [*_narrowed(given), Filter("outcome", "=", "said")]


def _refused(given: OfNetwork) -> list[Filter]:
    return [*_narrowed(given), Filter("outcome", "=", "refused")]


def _narrowed(given: OfNetwork) -> list[Filter]:
    wanted = [Filter(name, "=", value) for name in ("campaign", "network") if (value := getattr(given, name))]
    # What employees share stands on accounts of their own.
    return [*wanted, Filter("side", "!=", "employees")]


TRIGGERS = [
    TriggerKind(
        "social.post_approved", {"ko": "게시글이 승인되면", "en": "A post is approved"}, events.APPROVED, OfPost,
        _of_post,
        {"ko": "다른 사람이 게시글을 승인하면 시작합니다.", "en": "A second person approves a post."},
    ),
    TriggerKind(
        "social.post_published", {"ko": "게시글이 올라가면", "en": "A post is published"}, POST_PUBLISHED, OfNetwork,
        _said,
        {"ko": "게시글이 한 네트워크에 올라가면 시작합니다.", "en": "A post stands on a network."},
    ),
    TriggerKind(
        "social.post_refused", {"ko": "게시글이 거절되면", "en": "A post is refused"}, POST_PUBLISHED, OfNetwork,
        _refused,
        {"ko": "네트워크가 게시글을 받지 않으면 시작합니다.", "en": "A network does not take a post."},
    ),
]  # fmt: skip
