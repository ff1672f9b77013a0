"""Traits and their operations, and which of a sender's groups is the account: the same for every vendor's words.

Plain sets are ordinary properties of `Identified` and `Account Identified`; every other operation travels in their one
property `trait_changes`: operation → object of traits, or list of names for `unset` and `clear`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.ingest.wire import id_text

CHANGES = "trait_changes"

# Kinds of groups that are accounts, whichever comes first; their key is the account's id as it stands.
ACCOUNT_KINDS = (
    "account", "account_id", "company", "company_id", "organization", "organization_id", "organisation",
    "organisation_id",
)  # fmt: skip


def trait_properties(operations: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """Properties of an `Identified` from a vendor's operations; `words` gives ours for theirs, `set` for plain sets.

    What is not among the words is left out, and so is an operation of the wrong shape: there is nothing to do by it.
    """
    plain: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    for theirs, asked in operations.items():
        ours = words.get(theirs)
        if ours is None:
            continue
        if ours == "set":
            plain.update(asked if isinstance(asked, dict) else {})
        elif ours in ("clear", "delete"):
            changes[ours] = []
        elif ours == "unset":
            given = asked if isinstance(asked, list | dict) else [asked]
            if names := [name for name in given if isinstance(name, str)]:
                changes[ours] = names
        elif isinstance(asked, dict) and asked:
            changes[ours] = asked
    plain.pop(CHANGES, None)
    return {**plain, CHANGES: changes} if changes else plain


def account_of(groups: Mapping[str, Any]) -> str:
    """The account among groups (kind → key or keys): of a known kind its key, else `kind:key` of the first."""
    keys = {kind: _first(key) for kind, key in groups.items()}
    for kind in ACCOUNT_KINDS:
        if keys.get(kind):
            return keys[kind]
    return next((f"{kind}:{key}" for kind, key in keys.items() if key), "")


def _first(key: Any) -> str:
    if isinstance(key, list):
        key = key[0] if key else ""
    return id_text(key)
