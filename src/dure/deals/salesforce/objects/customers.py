"""Accounts, contacts and leads."""

from __future__ import annotations

from dure.deals.salesforce.catalogue import ChildOf, Field, SObject, fields_of
from dure.deals.salesforce.objects.words import (
    CURRENCY,
    EXTERNAL,
    OWNER,
    RATE,
    amount_of,
    ident,
    last_activity,
    plain,
    reference,
    rows,
    text,
    trail,
)


def account() -> SObject:
    fields = fields_of(
        [
            ident(),
            text("Name", "Account Name", "name", required=True, length=120),
            text("Type", "Account Type", "type", type="picklist"),
            reference("ParentId", "Parent Account ID", "parent", "Account", "Parent", writes="parent"),
            text("BillingStreet", "Billing Street", "street", type="textarea"),
            text("BillingCity", "Billing City", "city"),
            text("BillingState", "Billing State/Province", "region"),
            text("BillingPostalCode", "Billing Zip/Postal Code", "postcode", length=20),
            text("BillingCountry", "Billing Country", "country", length=80),
            text("Phone", "Account Phone", "phone", type="phone", length=40),
            text("Website", "Website", "website", type="url"),
            text("Domain__c", "Domain", "domain"),
            text("Industry", "Industry", "industry", type="picklist"),
            plain("NumberOfEmployees", "Employees", "int", "nullif({t}.size, 0)", "size"),
            plain("AnnualRevenue", "Annual Revenue", "currency", amount_of("revenue"), "revenue", currency=RATE),
            CURRENCY,
            text("Description", "Account Description", "description", type="textarea", length=32_000),
            OWNER,
            plain("LastActivityDate", "Last Activity", "date", last_activity("about")),
            EXTERNAL,
        ],
        trail(),
    )
    children = (
        ChildOf("Contacts", "Contact", "AccountId"), ChildOf("Opportunities", "Opportunity", "AccountId"),
        ChildOf("ChildAccounts", "Account", "ParentId"), ChildOf("Tasks", "Task", "WhatId"),
        ChildOf("Events", "Event", "WhatId"), ChildOf("Notes", "Note", "ParentId"),
    )  # fmt: skip
    return SObject("Account", "Account", "Accounts", "001", rows("account"), fields, "account", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def _person_fields() -> list[Field]:
    return [
        ident(),
        text("Name", "Full Name", "name", writes=""),
        text("FirstName", "First Name", "first_name", length=120),
        text("LastName", "Last Name", "last_name", required=True, length=120),
        text("Title", "Title", "title"),
        text("Email", "Email", "email", type="email"),
        text("Phone", "Phone", "phone", type="phone", length=40),
        text("LeadSource", "Lead Source", "lead_source", type="picklist"),
        text("Description", "Description", "description", type="textarea", length=32_000),
        OWNER,
        EXTERNAL,
    ]


def contact() -> SObject:
    fields = fields_of(
        _person_fields(),
        [
            reference("AccountId", "Account ID", "account", "Account", "Account", writes="account"),
            text("MobilePhone", "Mobile Phone", "mobile", type="phone", length=40),
            text("Department", "Department", "department"),
            reference("ReportsToId", "Reports To ID", "reports_to", "Contact", "ReportsTo", writes="reports_to"),
        ],
        trail(),
    )
    children = (
        ChildOf("OpportunityContactRoles", "OpportunityContactRole", "ContactId", True),
        ChildOf("Tasks", "Task", "WhoId"), ChildOf("Events", "Event", "WhoId"),
    )  # fmt: skip
    return SObject("Contact", "Contact", "Contacts", "003", rows("contact"), fields, "contact", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def lead() -> SObject:
    fields = fields_of(
        _person_fields(),
        [
            text("Company", "Company", "company", required=True),
            text("Website", "Website", "website", type="url"),
            text("Industry", "Industry", "industry", type="picklist"),
            text("Country", "Country", "country", length=80),
            plain("NumberOfEmployees", "Employees", "int", "nullif({t}.size, 0)", "size"),
            text("Status", "Status", "status", type="picklist"),
            text("Rating", "Rating", "rating", type="picklist"),
            plain("IsConverted", "Converted", "boolean", "({t}.converted_at is not null)", nillable=False),
            plain("ConvertedDate", "Converted Date", "date", "({t}.converted_at at time zone %(zone)s)::date"),
            reference("ConvertedAccountId", "Converted Account ID", "converted_account", "Account",
                       "ConvertedAccount"),
            reference("ConvertedContactId", "Converted Contact ID", "converted_contact", "Contact",
                       "ConvertedContact"),
            reference("ConvertedOpportunityId", "Converted Opportunity ID", "converted_deal", "Opportunity",
                       "ConvertedOpportunity"),
        ],
        trail(),
    )  # fmt: skip
    children = (ChildOf("Tasks", "Task", "WhoId"), ChildOf("Events", "Event", "WhoId"))
    return SObject("Lead", "Lead", "Leads", "00Q", rows("lead"), fields, "lead", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip
