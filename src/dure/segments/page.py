"""The screens of segments."""

from dure.web.page import Page

PAGES = [
    Page("/segments", "segments", {"ko": "세그먼트", "en": "Segments"}, "segment", "grow", "segments/list.js", key="e"),
    Page("/segments/{id}", "segment", {"ko": "세그먼트", "en": "Segment"}, "segment", None, "segments/segment.js"),
]
