"""People's screens: finding somebody, and everything about one person."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page("/people", "people", {"ko": "고객", "en": "People"}, "people", "grow", "people/list.js", key="f"),
    Page("/people/{id}", "person", {"ko": "고객", "en": "Person"}, "people", None, "people/person.js"),
]
