"""What advocacy offers automations: a story offered, colleagues reminded; and the recipes that use them."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from dure.automation.plugs import Recipe, Setting, StepCall, StepKind
from dure.feed.api import append
from dure.governance.api import Governance, Role, access
from dure.kernel.cards import node, of, post
from dure.kernel.errors import Invalid
from dure.social.advocacy import events, rules, share_store, store
from dure.social.advocacy.api import Advocacy
from dure.social.advocacy.model import Content, Text
from dure.social.events import plain
from dure.state import Tx

_WEEK = timedelta(days=7)
_LINK = re.compile(r"https?://\S+")
_SHOWN = 5


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`post` is what it is offered from, once; "" for something else. Without a `url` the first one in the text is
    the page; `urls` are where the post stands, for a text without any. `teams` none: everybody."""

    title: str
    text: str
    post: str = ""
    url: str = ""
    urls: list[str] = []
    language: str = "ko"
    networks: list[str] = []
    teams: list[str] = []
    campaign: str = ""


class Offered(msgspec.Struct, frozen=True):
    """The draft; `fresh` is false where the post was offered before."""

    story: str
    title: str
    path: str
    fresh: bool


class Remind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colleagues of the team, or of all."""

    function: str = ""


class Reminded(msgspec.Struct, frozen=True):
    """How many were reminded, and how many were not because they were lately."""

    reminded: int
    spared: int


def steps(api: Advocacy, governance: Governance) -> list[StepKind]:
    """social.offer, social.remind."""

    async def offer(tx: Tx, call: StepCall, inputs: Offer) -> Offered:
        found = _LINK.findall(inputs.text)
        url = inputs.url or next(iter([*found, *inputs.urls]), "")
        if not url:
            raise Invalid("Nothing to link to: give a `url`.", field="url")
        language = inputs.language if inputs.language in rules.LANGUAGES else "ko"
        text = inputs.text.replace(url, "").strip()
        content = Content(
            inputs.title[: rules.TITLE] or text[:60], url, "", [Text(language, text)] if text else (),
            inputs.networks, inputs.teams, inputs.campaign,
        )  # fmt: skip
        origin = ("post", inputs.post) if inputs.post else ("hand", "")
        made, fresh = await api.offer_in(tx, call.principal, content, origin)
        return Offered(str(made.id), plain(made.content.title), f"/advocacy?tab=stories&story={made.id}", fresh)

    async def remind(tx: Tx, call: StepCall, inputs: Remind) -> Reminded:
        """An event for each who has something to share and was not reminded too often in the last seven days."""
        access(call.principal, "social:write")
        workspace, now = call.tenant.workspace, call.now
        await tx.run("select pg_advisory_xact_lock(hashtext(%s))", (f"social.remind:{workspace}",))
        most = (await store.rules(tx, workspace)).a_week
        stories = [
            one
            for one in await store.running(tx, workspace)
            if not (one.content.ends_at and one.content.ends_at <= now)
        ]
        users = [
            one for one in await governance.users_in(tx, call.tenant)
            if not one.deleted and not one.is_bot and one.role is not Role.GUEST
            and inputs.function in ("", one.function)
        ]  # fmt: skip
        known = await store.advocates(tx, workspace, [one.id for one in users])
        lately = await store.reminded(tx, workspace, now - _WEEK)
        shared = await share_store.of_stories(tx, workspace, [one.id for one in stories])
        done = {(one.story, one.employee) for one in shared}
        told, spared = [], 0
        for user in users:
            left = [one for one in stories if rules.is_for(one, user.function) and (one.id, user.id) not in done]
            if not left or not known[user.id].reminders:
                continue
            if lately.get(user.id, 0) >= most:
                spared += 1
                continue
            facts = {
                "user": user.id, "count": len(left), "path": "/advocacy",
                "stories": [
                    {"story": str(one.id), "title": one.content.title, "path": f"/advocacy?story={one.id}"}
                    for one in left[:_SHOWN]
                ],
                "lines": "\n".join(f"• {plain(one.content.title)}" for one in left[:_SHOWN]),
            }  # fmt: skip
            told.append(events.house_event(call.principal, events.REMINDED, now, facts, user.id))
        await store.remind(tx, workspace, [one.object for one in told], now, now - 4 * _WEEK)
        await append(tx, *told)
        return Reminded(len(told), spared)

    return [
        StepKind(
            "social.offer", {"ko": "직원에게 공유 제안", "en": "Offer a story to employees"}, Offer, Offered, offer,
            about={"ko": "게시글이나 글을 직원이 공유할 이야기의 초안으로 만듭니다. 승인은 사람이 합니다.",
                   "en": "Makes a draft of a story that employees may share; a person approves it."},
        ),
        StepKind(
            "social.remind", {"ko": "공유할 이야기 알림", "en": "Remind of stories to share"}, Remind, Reminded, remind,
            about={"ko": "아직 공유하지 않은 이야기가 있는 동료마다 사건을 남깁니다. 규칙이 정한 횟수까지만 합니다.",
                   "en": "Writes an event for each colleague who has stories left to share; never more often than the"
                         " rules allow."},
        ),
    ]  # fmt: skip


RECIPES: list[Recipe] = [
    Recipe(
        "advocacy-offer",
        {"ko": "게시된 글을 직원에게 공유 제안", "en": "Offer published posts to employees"},
        {
            "ko": "게시가 끝난 글을 직원이 공유할 이야기의 초안으로 만들고, 승인할 사람이 볼 채널에 알립니다.",
            "en": "A post that was published becomes a draft of a story to share, and a channel is told, so that"
                  " somebody approves it.",
        },
        {
            "trigger": {
                "event": "Post Ended", "where": [{"prop": "state", "op": "in", "value": ["published", "partly"]}],
                "key": "event", "subject": "object",
            },
            "nodes": [
                node("offer", "social.offer", {
                    "title": of("title"), "text": of("text"), "post": of("post"), "urls": of("urls"),
                    "language": of("language"), "campaign": of("campaign"),
                }, "fresh"),
                node("fresh", "branch", {"where": [{"prop": "steps.offer.fresh", "op": "=", "value": True}]},
                     {"yes": "tell"}),
                post("tell", "[[channel]]",
                     ':loudspeaker: <{{ run.site | default: "" }}{{ steps.offer.path }}|{{ steps.offer.title }}>\n'
                     "직원 공유 초안이 생겼습니다. · A draft for employees to share is there."),
            ],
        },
        [Setting("channel", {"ko": "알릴 채널", "en": "Channel"}, "channel", "social")],
        "growth",
    ),
    Recipe(
        "advocacy-week",
        {"ko": "주간 공유 알림", "en": "Weekly reminder to share"},
        {
            "ko": "매주 아직 공유하지 않은 이야기가 있는 동료를 찾습니다. 한 사람에게 규칙이 정한 횟수까지만 알립니다."
                  " ‘공유 알림을 개인 메시지로’와 함께 켜세요.",
            "en": "Every week finds colleagues who have stories left to share; nobody more often than the rules allow."
                  " Switch it on with “Reminders to share as direct messages”.",
        },
        {
            "trigger": {"at": "[[at]]", "days": {"$setting": "days"}},
            "nodes": [node("remind", "social.remind", {})],
        },
        [
            Setting("days", {"ko": "요일", "en": "Days"}, "days", ["tue"]),
            Setting("at", {"ko": "시각", "en": "At"}, "time", "10:00"),
        ],
        "growth",
    ),
    Recipe(
        "advocacy-reminder",
        {"ko": "공유 알림을 개인 메시지로", "en": "Reminders to share as direct messages"},
        {
            "ko": "알릴 때가 된 동료에게 공유할 이야기를 개인 메시지로 보냅니다.",
            "en": "Whoever is to be reminded gets the stories to share as a direct message.",
        },
        {
            "trigger": {"event": events.REMINDED, "key": "event", "subject": "object"},
            "nodes": [
                node("tell", "channels.dm", {
                    "users": ["{{ event.properties.user }}"],
                    "text": ":mega: 공유할 이야기 {{ event.properties.count }}개 · {{ event.properties.count }} to"
                            " share\n{{ event.properties.lines }}\n"
                            '<{{ run.site | default: "" }}/advocacy|사내 공유 열기 · Open Advocacy>',
                }),
            ],
        },
        [],
        "growth",
    ),
]  # fmt: skip
