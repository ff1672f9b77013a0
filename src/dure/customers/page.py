"""Customers' screens."""

from __future__ import annotations

from dure.web.page import Page

_CUSTOMERS = {"ko": "고객사 관리", "en": "Customers"}

PAGES = [
    Page("/customers", "customers", _CUSTOMERS, "building", "work", "customers/list.js"),
    Page("/customers/{id}", "customer", {"ko": "고객", "en": "Customer"}, "building", None, "customers/customer.js"),
]
