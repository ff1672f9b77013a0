"""Every object that every workspace has, and those with fields of a workspace's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dure.deals.salesforce.catalogue import Catalogue, Field, fields_of
from dure.deals.salesforce.objects.customers import account, contact, lead
from dure.deals.salesforce.objects.products import line_item, price, pricebook, product
from dure.deals.salesforce.objects.selling import contact_role, field_history, history, opportunity, stage, team_member
from dure.deals.salesforce.objects.system import name, organization, user
from dure.deals.salesforce.objects.work import event, note, task


def standard(stages: Sequence[str]) -> Catalogue:
    """The objects as every workspace has them, with the stages of one."""
    objects = [
        account(), contact(), lead(), opportunity(stages), stage(), history(), field_history(), team_member(),
        contact_role(), line_item(), product(), price(), pricebook(), task(), event(), note(), user(),
        organization(), name(),
    ]  # fmt: skip
    return Catalogue({one.name.lower(): one for one in objects})


def with_fields(base: Catalogue, own: Mapping[str, Sequence[Field]]) -> Catalogue:
    """The objects with fields of a workspace's own, by what deals call the kind of record."""
    found = {}
    for key, one in base.objects.items():
        added = [field for field in own.get(one.kind, ()) if field.name.lower() not in one.fields]
        found[key] = replace(one, fields={**one.fields, **fields_of(added)}) if added else one
    return Catalogue(found)
