"""People at customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.deals import events
from dure.deals.contacts.model import CONTACT, Contact, with_name
from dure.deals.records import store
from dure.deals.records.records import Records
from dure.governance.api import Principal, access
from dure.state import Tx


class Contacts(Records[Contact]):
    """Contacts. A name comes whole or in its parts; both are kept."""

    shape = CONTACT
    created = events.CONTACT_CREATED
    changed = events.CONTACT_CHANGED

    async def at_in(self, tx: Tx, principal: Principal, account_id: str) -> list[Contact]:
        """The people at an account, the first known first."""
        access(principal, "deals:read")
        return await store.belonging(tx, CONTACT, principal.tenant.workspace, "account", account_id)

    def _asked(self, given: Mapping[str, Any], before: Contact | None) -> Mapping[str, Any]:
        return with_name(given, before.first_name, before.last_name) if before else with_name(given)

    def _facts(self, record: Contact) -> dict[str, Any]:
        return facts(record)


def facts(contact: Contact) -> dict[str, Any]:
    """What events say of a contact."""
    return {
        "contact": contact.id, "name": contact.name, "email": contact.email, "title": contact.title,
        "phone": contact.phone, "account": contact.account, "owner": contact.owner,
    }  # fmt: skip
