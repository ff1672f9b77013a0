"""Channels' screens."""

from __future__ import annotations

from dure.web.page import Page

_BROWSE = {"ko": "채널 둘러보기", "en": "Browse channels"}

# The list has an address beside the channels', so that the sidebar does not show it as open while a channel is.
PAGES = [
    Page(
        "/channels/threads", "threads", {"ko": "스레드", "en": "Threads"}, "thread", "channels", "channels/threads.js",
        key="r", minimum_role="guest",
    ),
    Page(
        "/channels/drafts", "drafts", {"ko": "임시 저장과 예약", "en": "Drafts and scheduled"}, "edit", "channels",
        "channels/drafts_page.js", minimum_role="guest",
    ),
    Page(
        "/search", "search", {"ko": "검색", "en": "Search"}, "find", "channels", "channels/search.js", key="q",
        minimum_role="guest",
    ),
    Page(
        "/channels/all", "channels", _BROWSE, "find", "channels", "channels/browse.js", key="c",
        minimum_role="guest", startup="channels/ready.js",
    ),
    Page(
        "/activity", "activity", {"ko": "소식", "en": "Activity"}, "inbox", "channels", "channels/inbox.js",
        minimum_role="guest", startup="channels/people_ready.js",
    ),
    Page(
        "/channels/connections", "connections", {"ko": "외부 연결", "en": "Connections"}, "globe", "channels",
        "channels/connections.js",
    ),
    Page(
        "/channels/invitation/{secret}", "channel-invitation",
        {"ko": "채널 초대", "en": "Invitation to a channel"}, "globe", None, "channels/by_letter.js",
        minimum_role="guest",
    ),
    Page(
        "/invited/{id}", "invited", {"ko": "채널 초대", "en": "Channel invitation"}, "globe", None,
        "channels/by_link.js",
    ),
    Page("/channels", "channels-root", _BROWSE, "find", None, "channels/browse.js", minimum_role="guest"),
    Page(
        "/channels/{id}", "channel", {"ko": "채널", "en": "Channel"}, "hash", None, "channels/channel.js",
        minimum_role="guest",
    ),
    Page(
        "/answers", "answers", {"ko": "응답 현황", "en": "Answers"}, "clock", "channels", "channels/answers.js",
    ),
    Page("/forms", "forms", {"ko": "양식", "en": "Forms"}, "list", "channels", "channels/forms.js"),
    Page("/forms/{id}", "form", {"ko": "양식", "en": "Form"}, "list", None, "channels/form_page.js"),
    Page("/apps", "apps", {"ko": "앱", "en": "Apps"}, "bot", "admin", "channels/apps.js"),
    Page(
        "/admin/apps", "app-approvals", {"ko": "앱 승인", "en": "App approvals"}, "bot", "admin",
        "channels/app_approvals.js", minimum_role="guest", organisation=True,
    ),
    Page("/apps/{id}", "app", {"ko": "앱", "en": "App"}, "bot", None, "channels/app_page.js", minimum_role="admin"),
    Page(
        "/settings/notifications", "notification-settings", {"ko": "알림과 프로필", "en": "Notifications"}, "mega",
        "admin", "channels/settings.js", minimum_role="guest",
    ),
    Page(
        "/admin/groups", "user-groups", {"ko": "사용자 그룹", "en": "User groups"}, "people", "admin",
        "channels/groups.js",
    ),
    Page(
        "/admin/channels", "organisation-channels",
        {"ko": "조직의 채널", "en": "Organisation channels"}, "hash", "admin", "channels/organisation.js",
        minimum_role="admin",
    ),
    Page(
        "/admin/guarding", "guarding", {"ko": "내용 보호", "en": "Guarding"}, "shield", "admin", "channels/guarding.js",
        minimum_role="admin",
    ),
    Page(
        "/admin/keeping", "keeping", {"ko": "보관", "en": "Keeping"}, "clock", "admin", "channels/keeping.js",
        minimum_role="admin",
    ),
    Page(
        "/admin/exports", "takeouts", {"ko": "대화 내보내기", "en": "Exports of channels"}, "copy", "admin",
        "channels/takeouts.js",
        minimum_role="admin",
    ),
    Page(
        "/admin/slack", "movings", {"ko": "Slack에서 가져오기", "en": "Bring in from Slack"}, "send", "admin",
        "channels/slack.js", minimum_role="admin",
    ),
    Page(
        "/admin/slack/{id}", "moving", {"ko": "Slack에서 가져오기", "en": "Bring in from Slack"}, "send", None,
        "channels/slack_page.js", minimum_role="admin",
    ),
    Page(
        "/admin/partners", "partners", {"ko": "파트너 서버", "en": "Partner servers"}, "globe", "admin",
        "channels/partners.js", minimum_role="admin",
    ),
]  # fmt: skip
