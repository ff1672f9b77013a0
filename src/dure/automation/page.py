"""Automation's screens: the list with recipes and failed runs, the builder, one automation, one run."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page(
        "/automations", "automations", {"ko": "자동화", "en": "Automations"}, "bolt", "work",
        "automation/list.js", key="a",
    ),
    Page(
        "/automations/new", "automation-new", {"ko": "새 자동화", "en": "New automation"}, "bolt", None,
        "automation/builder/page.js",
    ),
    Page(
        "/automations/{id}/edit", "automation-edit", {"ko": "자동화 편집", "en": "Edit an automation"}, "bolt", None,
        "automation/builder/page.js",
    ),
    Page("/automations/{id}", "automation", {"ko": "자동화", "en": "Automation"}, "bolt", None, "automation/detail.js"),
    Page(
        "/automations/{id}/runs/{run}", "automation-run", {"ko": "실행", "en": "Run"}, "bolt", None,
        "automation/run.js",
    ),
]  # fmt: skip
