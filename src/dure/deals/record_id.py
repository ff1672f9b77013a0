"""Record ids as Salesforce's clients expect them: fifteen characters with case, or eighteen that survive without it."""

from __future__ import annotations

import secrets

ACCOUNT, CONTACT, LEAD, OPPORTUNITY = "001", "003", "00Q", "006"
PRODUCT, LINE_ITEM, CONTACT_ROLE, TEAM_MEMBER = "01t", "00k", "00K", "00q"
TASK, MEETING, NOTE, ATTACHMENT = "00T", "00U", "002", "00P"
VIEW, IMPORT, MERGE = "00B", "750", "0Mg"

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def new_id(prefix: str) -> str:
    """A fresh id of eighteen characters behind a key prefix of three."""
    return full_id(prefix + "".join(secrets.choice(_DIGITS) for _ in range(12)))


def full_id(given: str) -> str:
    """The eighteen-character form of an id; anything that is not fifteen characters long is returned as it came.

    The last three characters say, five characters each, which of the first fifteen are capitals.
    """
    if len(given) != 15:
        return given
    chunks = (given[at : at + 5] for at in (0, 5, 10))
    return given + "".join(_SUFFIX[sum(1 << n for n, char in enumerate(chunk) if char.isupper())] for chunk in chunks)
