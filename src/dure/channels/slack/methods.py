"""Every method that is answered: each file of methods brings its own table."""

from __future__ import annotations

from collections.abc import Mapping

from dure.channels.slack import chat, conversations, people, search
from dure.channels.slack.call import Method


def _all(*tables: Mapping[str, Method]) -> Mapping[str, Method]:
    methods = {name: method for table in tables for name, method in table.items()}
    if len(methods) != sum(map(len, tables)):
        raise ValueError("A method is answered twice.")
    return methods


METHODS = _all(chat.METHODS, conversations.METHODS, people.METHODS, search.METHODS)

SCOPES: tuple[str, ...] = tuple(sorted({scope for method in METHODS.values() for scope in method.scopes}))
