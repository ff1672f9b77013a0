"""People's screens: finding somebody or an account, and everything about one of them."""

from __future__ import annotations

from dure.web.page import Page

PAGES = [
    Page("/people", "people", {"ko": "이용자", "en": "People"}, "people", "grow", "people/list.js", key="f"),
    Page("/people/{id}", "person", {"ko": "이용자", "en": "Person"}, "people", None, "people/person.js"),
    Page(
        "/accounts", "accounts", {"ko": "고객사", "en": "Accounts"}, "building", "grow", "people/accounts.js", key="b"
    ),
    Page("/accounts/{id}", "account", {"ko": "고객사", "en": "Account"}, "building", None, "people/account.js"),
]
