"""The screens of campaigns."""

from dure.web.page import Page

PAGES = [
    Page("/campaigns", "campaigns", {"ko": "캠페인", "en": "Campaigns"}, "mega", "grow", "campaigns/list.js", key="n"),
    Page("/campaigns/{id}", "campaign", {"ko": "캠페인", "en": "Campaign"}, "mega", None, "campaigns/campaign.js"),
    Page(
        "/recommendations", "recommendations", {"ko": "추천", "en": "Recommendations"}, "heart", "grow",
        "campaigns/recommend.js",
    ),
    Page(
        "/demand-tests", "demand-tests", {"ko": "수요 테스트", "en": "Demand tests"}, "target", "grow",
        "campaigns/demand.js",
    ),
    Page(
        "/demand-tests/new", "demand-test-new", {"ko": "새 수요 테스트", "en": "New demand test"}, "target", None,
        "campaigns/demand_new.js",
    ),
    Page(
        "/demand-tests/{id}", "demand-test", {"ko": "수요 테스트", "en": "Demand test"}, "target", None,
        "campaigns/demand_test.js",
    ),
    Page(
        "/sending", "sending", {"ko": "발송 규칙", "en": "Sending rules"}, "shield", "admin", "campaigns/gate.js",
        startup="campaigns/gate_ready.js",
    ),
]  # fmt: skip
