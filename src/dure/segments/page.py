"""The screens of segments."""

from dure.web.page import Page

PAGES = [
    Page("/segments", "segments", {"ko": "세그먼트", "en": "Segments"}, "segment", "grow", "segments/list.js", key="e"),
    Page(
        "/segments/new", "segment-new", {"ko": "새 세그먼트", "en": "New segment"}, "segment", None,
        "segments/builder/page.js",
    ),
    Page(
        "/segments/{id}/edit", "segment-edit", {"ko": "세그먼트 고치기", "en": "Edit segment"}, "segment", None,
        "segments/builder/page.js",
    ),
    Page("/segments/{id}", "segment", {"ko": "세그먼트", "en": "Segment"}, "segment", None, "segments/segment.js"),
]  # fmt: skip
