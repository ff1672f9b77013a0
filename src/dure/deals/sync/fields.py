"""Which fields are kept the same, and which side wins where both changed one."""

from __future__ import annotations

from collections.abc import Mapping

# The field in the org that holds a record's id here: an external id, unique.
KEY = "Dure_Id__c"

SALESFORCE, DURE, NEWEST, ASK = "salesforce", "dure", "newest", "ask"
OWNERS = (SALESFORCE, DURE, NEWEST, ASK)

_PERSON = ("FirstName", "LastName", "Title", "Email", "Phone", "LeadSource", "Description", "OwnerId")
# In this order, so that what a record points at is there before it.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "Account": (
        "Name", "Type", "Industry", "Phone", "Website", "BillingStreet", "BillingCity", "BillingState",
        "BillingPostalCode", "BillingCountry", "NumberOfEmployees", "Description", "OwnerId",
    ),
    "Contact": (*_PERSON, "AccountId", "MobilePhone", "Department"),
    "Lead": (*_PERSON, "Company", "Website", "Industry", "Status"),
    "Opportunity": (
        "Name", "AccountId", "StageName", "Amount", "CloseDate", "NextStep", "Type", "LeadSource", "Description",
        "OwnerId", "Channel__c", "Pacing_Status__c", "Health__c",
    ),
}  # fmt: skip
REFERENCES: Mapping[str, str] = {"AccountId": "Account", "OwnerId": "User"}

# Sales' own figures are the org's; what Dure finds out is Dure's. Of any other field the newest change wins.
DEFAULTS: Mapping[tuple[str, str], str] = {
    ("Opportunity", "Amount"): SALESFORCE,
    ("Opportunity", "StageName"): SALESFORCE,
    ("Opportunity", "CloseDate"): SALESFORCE,
    ("Opportunity", "Channel__c"): DURE,
    ("Opportunity", "Pacing_Status__c"): DURE,
    ("Opportunity", "Health__c"): DURE,
}
# Fields that only one side ever writes: the other's changes are put right again.
ONE_WAY = frozenset({("Opportunity", "Channel__c")})
