"""The screens of campaigns."""

from dure.web.page import Page

PAGES = [
    Page("/campaigns", "campaigns", {"ko": "캠페인", "en": "Campaigns"}, "mega", "grow", "campaigns/list.js", key="n"),
    Page("/campaigns/{id}", "campaign", {"ko": "캠페인", "en": "Campaign"}, "mega", None, "campaigns/campaign.js"),
    Page(
        "/sending", "sending", {"ko": "발송 규칙", "en": "Sending rules"}, "shield", "admin", "campaigns/gate.js",
        startup="campaigns/gate_ready.js",
    ),
]  # fmt: skip
