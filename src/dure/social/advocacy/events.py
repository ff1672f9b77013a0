"""What advocacy writes to the feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.advocacy.model import STATES, Share, Story
from dure.social.events import plain

DRAFTED = "Story Drafted"
EDITED = "Story Edited"
SUBMITTED = "Story Submitted"
APPROVED = "Story Approved"
RETURNED = "Story Returned"
STARTED = "Story Started"
ENDED = "Story Ended"
WITHDRAWN = "Story Withdrawn"
PREPARED = "Share Prepared"
SHARED = "Story Shared"
NOTED = "Share Noted"
REACHED = "Share Reached"
REMINDED = "Advocacy Reminder Due"
RULES_CHANGED = "Advocacy Rules Changed"
JOINED = "Advocate Changed"
ACCOUNT_GIVEN = "Advocate Account Given"
LEFT = "Advocate Anonymised"

_STORY = {
    "story": "id", "title": "text", "title_plain": "the title with what a message would read as markup made plain",
    "state": "draft, in_review, approved, running, ended or withdrawn", "state_ko": "text", "state_en": "text",
    "url": "the page that is shared", "networks": "list", "teams": "list of functions, none for everybody",
    "campaign": "what goes into utm_campaign", "origin": "post or hand", "origin_id": "the post's id, or nothing",
    "author": "user id", "approved_by": "user id", "ends_at": "time, or nothing", "version": "number",
    "path": "where the screen shows it",
}  # fmt: skip
_SHARE = {
    "share": "id", "story": "id", "title": "the story's title", "network": "text", "team": "the employee's function",
    "how": "composer, clipboard or source", "state": "prepared, opened, said, refused or unknown", "link": "id",
    "path": "where the screen shows the story",
}  # fmt: skip


def _story(name: str, ko: str, en: str, more: Mapping[str, str] | None = None) -> EventKind:
    return EventKind(name, {"ko": ko, "en": en}, "social", {**_STORY, **(more or {})})


EVENTS: list[EventKind] = [
    _story(DRAFTED, "공유할 이야기가 제안됨", "Story drafted"),
    _story(EDITED, "이야기를 고침", "Story edited", {"was": "the state that the edit ended"}),
    _story(SUBMITTED, "이야기 승인을 요청함", "Story submitted"),
    _story(APPROVED, "이야기를 승인함", "Story approved", {"asked_by": "user id"}),
    _story(RETURNED, "이야기를 돌려보냄", "Story returned", {"comment": "text", "asked_by": "user id"}),
    _story(STARTED, "이야기를 공유할 수 있음", "Story started"),
    _story(ENDED, "이야기 공유가 끝남", "Story ended"),
    _story(WITHDRAWN, "이야기를 거둠", "Story withdrawn", {"was": "the state that it had", "comment": "text"}),
    EventKind(PREPARED, {"ko": "직원이 공유를 준비함", "en": "Share prepared"}, "social", _SHARE),
    EventKind(
        SHARED, {"ko": "직원이 이야기를 공유함", "en": "Story shared by an employee"}, "social",
        {**_SHARE, "url": "where it stands, where that is known"},
    ),
    EventKind(
        NOTED, {"ko": "직원이 공유한 것을 적음", "en": "Share noted by its employee"}, "social",
        {**_SHARE, "url": "where it stands, or nothing"},
    ),
    EventKind(
        REACHED, {"ko": "공유의 도달을 알게 됨", "en": "Reach of a share"}, "social",
        {**_SHARE, "reach": "number", "by": "measured by the network, or stated by the employee",
         "before": "number, 0 where nothing was known", "added": "how much more that is"},
    ),
    EventKind(
        REMINDED, {"ko": "직원에게 공유할 이야기를 알릴 때", "en": "An employee has stories to be reminded of"},
        "social",
        {"user": "user id", "count": "number of stories", "stories": "list of {story, title, path}",
         "lines": "the stories as lines of a message", "path": "where the screen shows them"},
    ),
    EventKind(
        RULES_CHANGED, {"ko": "사내 공유 규칙이 바뀜", "en": "Advocacy rules changed"}, "social",
        {"rules": "approval, own, approvers, disclosed, disclosure, a_week, leaderboard, price, currency",
         "before": "the same as it was"},
    ),
    EventKind(
        JOINED, {"ko": "직원이 공유 설정을 바꿈", "en": "Advocate changed their settings"}, "social",
        {"named": "true where colleagues see the name", "reminders": "true where reminders are wanted",
         "sources": "list of ids of their own accounts"},
    ),
    EventKind(
        ACCOUNT_GIVEN, {"ko": "소스가 직원의 계정이 됨", "en": "Account given to an advocate"}, "social",
        {"source": "id", "user": "user id, or nothing where it is the brand's again", "before": "user id, or nothing"},
    ),
    EventKind(
        LEFT, {"ko": "떠난 직원의 공유에서 이름을 지움", "en": "Advocate anonymised"}, "social",
        {"shares": "how many shares lost their name"},
    ),
]  # fmt: skip


def story_event(
    principal: Principal, name: str, now: datetime, story: Story, more: Mapping[str, Any] | None = None
) -> Event:  # fmt: skip
    return act(principal, "social", name, "story", str(story.id), {**facts_of(story), **(more or {})}, now)


def share_event(
    principal: Principal, name: str, now: datetime, share: Share, story: Story, more: Mapping[str, Any] | None = None
) -> Event:  # fmt: skip
    """Who shared is the event's actor, and stands nowhere else."""
    facts = {
        "share": str(share.id), "story": str(story.id), "title": story.content.title, "network": share.network,
        "team": share.team, "how": share.how, "state": share.state, "link": str(share.link),
        "path": f"/advocacy?story={story.id}",
    }  # fmt: skip
    return act(principal, "social", name, "share", str(share.id), {**facts, **(more or {})}, now)


def house_event(principal: Principal, name: str, now: datetime, facts: Mapping[str, Any], of: str = "") -> Event:
    """About a workspace's advocacy, or one of its employees."""
    return act(principal, "social", name, "advocacy", of, dict(facts), now)


def facts_of(story: Story) -> dict[str, Any]:
    one, tab = story.content, "" if story.state == "running" else "tab=stories&"
    return {
        "story": str(story.id), "title": one.title, "title_plain": plain(one.title), "state": story.state,
        "state_ko": STATES[story.state]["ko"], "state_en": STATES[story.state]["en"], "url": one.url,
        "networks": list(one.networks), "teams": list(one.teams), "campaign": one.campaign,
        "origin": story.origin[0], "origin_id": story.origin[1], "author": story.author,
        "approved_by": story.approved_by,
        "ends_at": one.ends_at.isoformat().replace("+00:00", "Z") if one.ends_at else "", "version": story.version,
        "path": f"/advocacy?{tab}story={story.id}",
    }  # fmt: skip
