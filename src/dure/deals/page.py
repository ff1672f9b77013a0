"""Deals' screens. An address that names a screen comes before that of one deal, which would fit it too."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/deals",
        "deals",
        {"ko": "거래", "en": "Deals"},
        "board",
        "work",
        "deals/board.js",
        key="d",
        startup="deals/ready.js",
    ),
    Page("/deals/table", "deals-table", {"ko": "거래 표", "en": "Deals as a table"}, "table", None, "deals/table.js"),
    Page("/deals/forecast", "forecast", {"ko": "수주 예측", "en": "Forecast"}, "chart", None, "deals/forecast/page.js"),
    Page("/deals/duplicates", "duplicates", {"ko": "중복 정리", "en": "Duplicates"}, "copy", None,
         "deals/records/duplicates.js"),
    Page("/deals/import", "deals-import", {"ko": "거래 가져오기", "en": "Import deals"}, "download", None,
         "deals/records/import.js"),
    Page("/deals/settings", "pipelines", {"ko": "파이프라인 설정", "en": "Pipeline settings"}, "cog", None,
         "deals/records/settings.js", minimum_role="admin"),
    Page("/deals/accounts/{id}", "sales-account", {"ko": "고객사", "en": "Account"}, "building", None,
         "deals/records/account.js"),
    Page("/deals/{id}", "deal", {"ko": "거래", "en": "Deal"}, "board", None, "deals/deal/page.js"),
]  # fmt: skip
