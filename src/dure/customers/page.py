"""Customers' screens."""

from __future__ import annotations

from dure.web.page import Page

_CUSTOMERS = {"ko": "고객", "en": "Customers"}

PAGES = [
    Page("/customers", "customers", _CUSTOMERS, "people", "work", "customers/list.js", key="k"),
    Page("/customers/{id}", "customer", {"ko": "고객", "en": "Customer"}, "people", None, "customers/customer.js"),
]
