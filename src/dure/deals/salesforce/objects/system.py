"""Users, the organisation, and what all records have that others may point at: read, and changed elsewhere."""

from __future__ import annotations

from dure.deals.salesforce.catalogue import ChildOf, Field, SObject, fields_of
from dure.deals.salesforce.objects.words import ident, plain


def user() -> SObject:
    source = (
        "select * from jsonb_to_recordset(%(users)s::jsonb) as u(id text, name text, email text, title text,"
        " function text, active boolean, language text, role text)"
    )
    fields = fields_of(
        [
            Field("Id", "User ID", "id", "{t}.id", "", 18, nillable=False, refers=("User",)),
            plain("Username", "Username", "string", "nullif({t}.email, '')", nillable=False),
            plain("Name", "Full Name", "string", "{t}.name", nillable=False),
            plain("FirstName", "First Name", "string", "null::text"),
            plain("LastName", "Last Name", "string", "{t}.name", nillable=False),
            plain("Alias", "Alias", "string", "left({t}.name, 8)", nillable=False),
            plain("Email", "Email", "email", "nullif({t}.email, '')"),
            plain("Title", "Title", "string", "nullif({t}.title, '')"),
            plain("Department", "Department", "string", "nullif({t}.function, '')"),
            plain("IsActive", "Active", "boolean", "{t}.active", nillable=False),
            plain("UserType", "User Type", "picklist", "'Standard'::text", nillable=False),
            plain("TimeZoneSidKey", "Time Zone", "picklist", "%(zone)s::text", nillable=False),
            plain("LanguageLocaleKey", "Language", "picklist", "nullif({t}.language, '')"),
        ]
    )
    children = (ChildOf("OpportunityTeams", "OpportunityTeamMember", "UserId"),)
    return SObject("User", "User", "Users", "005", source, fields, children=children, supplied="users")


def organization() -> SObject:
    source = (
        "select * from jsonb_to_record(%(organization)s::jsonb) as o(id text, name text, language text, currency text)"
    )
    fields = fields_of(
        [
            ident(),
            plain("Name", "Name", "string", "{t}.name", nillable=False),
            plain("IsSandbox", "Is Sandbox", "boolean", "false::boolean", nillable=False),
            plain("OrganizationType", "Edition", "picklist", "'Dure'::text", nillable=False),
            plain("LanguageLocaleKey", "Language", "picklist", "{t}.language"),
            plain("DefaultCurrencyIsoCode", "Default Currency ISO Code", "picklist", "{t}.currency"),
            plain("TimeZoneSidKey", "Time Zone", "picklist", "%(zone)s::text", nillable=False),
            plain("InstanceName", "Instance Name", "string", "'DURE'::text"),
        ]
    )
    return SObject("Organization", "Organization", "Organizations", "00D", source, fields, supplied="organization")


_NAMES = " union all ".join(
    f"select id, name, '{said}' as type from deals.{table} where workspace = %(workspace)s"
    for table, said in (
        ("account", "Account"), ("contact", "Contact"), ("lead", "Lead"), ("opportunity", "Opportunity"),
    )
)  # fmt: skip


def name() -> SObject:
    """What a reference that may lead to several objects is followed to."""
    fields = fields_of(
        [
            ident(),
            plain("Name", "Name", "string", "{t}.name", nillable=False),
            plain("Type", "Type", "picklist", "{t}.type", nillable=False),
        ]
    )
    return SObject("Name", "Name", "Names", "", _NAMES, fields)
