"""What publishing offers automations: a draft written, the pause; and what is ready to be switched on."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import Recipe, Setting, StepCall, StepKind
from dure.kernel.cards import card, link, node, of, post
from dure.kernel.errors import Invalid
from dure.social import events as social_events
from dure.social.events import plain
from dure.social.ideas import events as idea_events
from dure.social.publishing.api import Publishing
from dure.social.publishing.model import Content, Wording
from dure.state import Tx

_TITLE, _TEXT = 140, 20_000


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sources` are names, parted by commas; empty for all that publish. `link` is put at the text's end. With
    `submit` yes a second person is asked for their word at once."""

    title: str
    text: str
    sources: str = ""
    link: str = ""
    campaign: str = ""
    language: str = ""
    submit: str = "no"


class Drafted(msgspec.Struct, frozen=True):
    post: str
    title: str
    state: str
    path: str


class Pause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why: str = ""


class Paused(msgspec.Struct, frozen=True):
    """`since` is when it was paused first."""

    since: str
    why: str


def steps(api: Publishing) -> list[StepKind]:
    """social.draft_post, social.pause_posts."""

    async def draft(tx: Tx, call: StepCall, inputs: Draft) -> Drafted:
        places = list((await api.book.places(tx, call.tenant.workspace)).values())
        named = {one.name.lower(): one for one in places}
        wanted = [one.strip().lower() for one in inputs.sources.split(",") if one.strip()]
        if unknown := [one for one in wanted if one not in named]:
            raise Invalid(f"No source that publishes is called {unknown[0]!r}.", field="sources")
        if inputs.submit not in ("yes", "no"):
            raise Invalid("`submit` is yes or no.", field="submit")
        chosen = [named[one] for one in wanted] or places
        text = "\n\n".join(one for one in (inputs.text.strip()[:_TEXT], inputs.link.strip()) if one)
        content = Content(
            " ".join(inputs.title.split())[:_TITLE], text, inputs.language, inputs.campaign,
            tuple(Wording(one.id) for one in chosen),
        )  # fmt: skip
        made = await api.draft_in(tx, call.principal, content, key=call.key)
        if inputs.submit == "yes" and made.state == "draft":
            made = await api.reviews.submit_in(tx, call.principal, made.id)
        return Drafted(str(made.id), plain(made.content.title), made.state, f"/publishing/{made.id}")

    async def pause(tx: Tx, call: StepCall, inputs: Pause) -> Paused:
        kept = await api.calendar.pause_in(tx, call.principal, inputs.why)
        return Paused(kept.paused_at.isoformat() if kept.paused_at else "", kept.paused_why)

    return [
        StepKind(
            "social.draft_post", {"ko": "게시글 초안 쓰기", "en": "Draft a post"}, Draft, Drafted, draft,
            about={"ko": "글로 초안을 만들고, 원하면 바로 승인을 요청합니다. 올리지는 않습니다.",
                   "en": "Makes a draft of a text and asks for approval where wanted. Nothing is published by it."},
        ),
        StepKind(
            "social.pause_posts", {"ko": "모든 게시 멈추기", "en": "Pause all posts"}, Pause, Paused, pause,
            about={"ko": "예약된 모든 게시글을 사람이 다시 시작할 때까지 멈춥니다.",
                   "en": "Halts every scheduled post until a person resumes."},
        ),
    ]  # fmt: skip


RECIPES: list[Recipe] = [
    Recipe(
        "launch-post",
        {"ko": "출시하면 게시글 초안", "en": "A post for a launch"},
        {
            "ko": "아이디어가 출시되면 알리는 글의 초안을 만들어 승인을 요청하고, 채널에 알립니다.",
            "en": "When an idea ships, a draft that tells of it is written and submitted for approval, and a channel is"
                  " told.",
        },
        {
            "trigger": {
                "event": idea_events.CHANGED,
                "where": [{"prop": "state", "op": "=", "value": "shipped"},
                          {"prop": "moved", "op": "=", "value": True}],
                "key": "event", "subject": "object",
            },
            "nodes": [
                node("draft", "social.draft_post", {
                    "title": of("title"), "text": "[[text]]", "link": "[[link]]", "campaign": "[[campaign]]",
                    "submit": "yes",
                }, "tell"),
                post("tell", "[[channel]]",
                     ":memo: 승인을 기다리는 게시글 · A post waits for approval: "
                     + link("{{ steps.draft.title }}", "{{ steps.draft.path }}")),
            ],
        },
        [
            Setting("text", {"ko": "글", "en": "Text"}, "long_text",
                    "{{ event.properties.title }} — 오늘부터 쓸 수 있어요!"),
            Setting("link", {"ko": "링크", "en": "Link"}, "text", ""),
            Setting("campaign", {"ko": "캠페인", "en": "Campaign"}, "text", "launch"),
            Setting("channel", {"ko": "알릴 채널", "en": "Channel"}, "channel", "social"),
        ],
        "campaign",
    ),
    Recipe(
        "pause-posts-in-a-crisis",
        {"ko": "나쁜 언급이 급증하면 게시 멈추기", "en": "Pause posts when bad mentions spike"},
        {
            "ko": "부정적인 언급이 급증하면 예약된 게시글을 모두 멈추고 채널에 알립니다. 다시 시작은 사람이 합니다.",
            "en": "When bad mentions spike, every scheduled post is halted and a channel is told. A person resumes.",
        },
        {
            "trigger": {
                "event": social_events.MENTIONS_SPIKED,
                "where": [{"prop": "feeling", "op": "=", "value": "negative"}],
                "key": "event", "subject": "object",
            },
            "nodes": [
                node("pause", "social.pause_posts", {"why": of("topic_ko") + " 언급 급증 · mentions spike"}, "tell"),
                post("tell", "[[channel]]",
                     ":octagonal_sign: 예약된 게시글을 모두 멈췄습니다 · All scheduled posts are paused: "
                     + of("topic_ko") + " · " + of("topic_en") + " " + link("게시 · Publishing", "/publishing")),
            ],
        },
        [Setting("channel", {"ko": "알릴 채널", "en": "Channel"}, "channel", "social")],
        "care",
    ),
    Recipe(
        "post-refused",
        {"ko": "게시글이 거절되면 알림", "en": "Tell of a refused post"},
        {
            "ko": "네트워크가 게시글을 받지 않으면 이유와 함께 채널에 알립니다.",
            "en": "When a network does not take a post, a channel is told, with the reason.",
        },
        {
            "trigger": {"kind": "social.post_refused", "with": {}},
            "nodes": [
                post(
                    "tell", "[[channel]]", ":warning: 게시글 거절 · Post refused: " + of("network"),
                    card(
                        "⚠️ 게시글 거절 · Post refused", "",
                        [("네트워크 Network", of("network")), ("이유 Reason", of("code"))],
                        link("게시글 열기 · Open the post",
                             '/publishing/{{ event.properties.post | default: "" }}'),
                    ),
                ),
            ],
        },
        [Setting("channel", {"ko": "알릴 채널", "en": "Channel"}, "channel", "social")],
        "care",
    ),
]  # fmt: skip
