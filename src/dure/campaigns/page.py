"""The screens of campaigns."""

from dure.web.page import Page

PAGES = [
    Page("/campaigns", "campaigns", {"ko": "캠페인", "en": "Campaigns"}, "mega", "grow", "campaigns/list.js", key="n"),
    Page("/campaigns/{id}", "campaign", {"ko": "캠페인", "en": "Campaign"}, "mega", None, "campaigns/campaign.js"),
]
