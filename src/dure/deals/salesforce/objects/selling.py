"""Opportunities, their stages and their past, and who works on them."""

from __future__ import annotations

from collections.abc import Sequence

from dure.deals.salesforce.catalogue import ChildOf, SObject, fields_of
from dure.deals.salesforce.objects.words import (
    CURRENCY,
    EXTERNAL,
    MADE,
    NEVER_DELETED,
    OWNER,
    RATE,
    amount_of,
    case,
    derived,
    ident,
    last_activity,
    money,
    plain,
    reference,
    rows,
    stamp,
    text,
    trail,
)

ACCESSES = {"read": "Read", "edit": "Edit", "all": "All"}


FORECASTS = {
    "Omitted": "Omitted", "Pipeline": "Pipeline", "BestCase": "Best Case", "MostLikely": "Most Likely",
    "Forecast": "Commit", "Closed": "Closed",
}  # fmt: skip


_OPPORTUNITIES = """
select o.*, s.outcome as stage_outcome, s.forecast as stage_forecast,
       coalesce(o.own_probability, s.probability) as likely
from deals.opportunity o join deals.stage s on s.workspace = o.workspace and s.key = o.stage
where o.workspace = %(workspace)s
"""


def opportunity(stages: Sequence[str]) -> SObject:
    tasks = (
        "exists (select from deals.task a where a.workspace = %(workspace)s and a.about = {t}.id"
        " and a.done_at is null and a.deleted_at is null"
    )
    fields = fields_of(
        [
            ident(),
            reference("AccountId", "Account ID", "account", "Account", "Account", writes="account"),
            text("Name", "Name", "name", required=True, length=120),
            text("Description", "Description", "description", type="textarea", length=32_000),
            plain("StageName", "Stage", "picklist", "{t}.stage", "stage", length=255, required=True, nillable=False,
                   options=tuple(stages), restricted=True),
            money("Amount", "Amount", "amount", writes="amount"),
            plain("Probability", "Probability (%)", "percent", "{t}.likely::numeric", "own_probability"),
            plain("ExpectedRevenue", "Expected Amount", "currency", f"({amount_of('amount')} * {{t}}.likely / 100)",
                   currency=RATE),
            plain("CloseDate", "Close Date", "date", "{t}.close_date", "close_date", required=True, nillable=False),
            text("Type", "Opportunity Type", "type", type="picklist"),
            text("NextStep", "Next Step", "next_step"),
            text("LeadSource", "Lead Source", "lead_source", type="picklist"),
            plain("IsClosed", "Closed", "boolean", "({t}.stage_outcome <> '')", nillable=False),
            plain("IsWon", "Won", "boolean", "({t}.stage_outcome = 'won')", nillable=False),
            plain("ForecastCategory", "Forecast Category", "picklist", "{t}.stage_forecast", nillable=False,
                   options=tuple(FORECASTS)),
            plain("ForecastCategoryName", "Forecast Category", "picklist", case("stage_forecast", FORECASTS),
                   options=tuple(FORECASTS.values())),
            CURRENCY,
            plain("HasOpportunityLineItem", "Has Line Item", "boolean", "({t}.lines > 0)", nillable=False),
            OWNER,
            plain("LastActivityDate", "Last Activity", "date", last_activity("about")),
            plain("LastStageChangeDate", "Last Stage Change Date", "datetime", "{t}.entered_stage_at"),
            plain("FiscalQuarter", "Fiscal Quarter", "int", "extract(quarter from {t}.close_date)::int"),
            plain("FiscalYear", "Fiscal Year", "int", "extract(year from {t}.close_date)::int"),
            plain("Fiscal", "Fiscal Period", "string",
                   "(extract(year from {t}.close_date)::text || ' ' || extract(quarter from {t}.close_date)::text)"),
            plain("HasOpenActivity", "Has Open Activity", "boolean", f"{tasks})", nillable=False),
            plain("HasOverdueTask", "Has Overdue Task", "boolean", f"{tasks} and a.due < %(today)s)",
                   nillable=False),
            text("Lost_Reason__c", "Lost Reason", "lost_reason", length=500),
            text("Channel__c", "Channel", "channel", writes="", length=20),
            EXTERNAL,
        ],
        trail(),
    )  # fmt: skip
    children = (
        ChildOf("OpportunityHistories", "OpportunityHistory", "OpportunityId", True),
        ChildOf("Histories", "OpportunityFieldHistory", "OpportunityId", True),
        ChildOf("OpportunityTeamMembers", "OpportunityTeamMember", "OpportunityId", True),
        ChildOf("OpportunityContactRoles", "OpportunityContactRole", "OpportunityId", True),
        ChildOf("OpportunityLineItems", "OpportunityLineItem", "OpportunityId", True),
        ChildOf("Tasks", "Task", "WhatId"), ChildOf("Events", "Event", "WhatId"),
        ChildOf("Notes", "Note", "ParentId"),
    )  # fmt: skip
    return SObject("Opportunity", "Opportunity", "Opportunities", "006", _OPPORTUNITIES, fields, "deal",
                   children, deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def stage() -> SObject:
    fields = fields_of(
        [
            ident(derived("01J", "{t}.key")),
            plain("ApiName", "API Name", "string", "{t}.key", length=120, nillable=False),
            plain("MasterLabel", "Master Label", "string", "{t}.name_en", length=120, nillable=False),
            plain("DefaultProbability", "Probability (%)", "percent", "{t}.probability::numeric"),
            plain("ForecastCategory", "Forecast Category", "picklist", "{t}.forecast", options=tuple(FORECASTS)),
            plain("ForecastCategoryName", "Forecast Category Name", "picklist", case("forecast", FORECASTS),
                   options=tuple(FORECASTS.values())),
            plain("IsActive", "Is Active", "boolean", "{t}.active", nillable=False),
            plain("IsClosed", "Closed", "boolean", "({t}.outcome <> '')", nillable=False),
            plain("IsWon", "Won", "boolean", "({t}.outcome = 'won')", nillable=False),
            plain("SortOrder", "Order", "int", "{t}.position"),
            plain("Description", "Description", "string", "nullif({t}.description, '')", length=255),
            plain("Pipeline__c", "Pipeline", "string", "{t}.pipeline", length=120),
        ]
    )  # fmt: skip
    return SObject("OpportunityStage", "Opportunity Stage", "Opportunity Stages", "01J", rows("stage"), fields,
                   named="MasterLabel")  # fmt: skip


def history() -> SObject:
    source = (
        "select h.*, s.forecast from deals.history h left join deals.stage s on s.workspace = h.workspace"
        " and s.key = h.stage where h.workspace = %(workspace)s"
    )
    fields = fields_of(
        [
            ident(derived("008", "{t}.opportunity || ' ' || {t}.number")),
            reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity"),
            plain("StageName", "Stage", "picklist", "{t}.stage"),
            money("Amount", "Amount", "amount"),
            plain("ExpectedRevenue", "Expected Revenue", "currency",
                   f"({amount_of('amount')} * {{t}}.probability / 100)", currency=RATE),
            plain("CloseDate", "Close Date", "date", "{t}.close_date"),
            plain("Probability", "Probability (%)", "percent", "{t}.probability::numeric"),
            plain("ForecastCategory", "To ForecastCategory", "picklist", "{t}.forecast", options=tuple(FORECASTS)),
            plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "{t}.currency", length=3),
            stamp("CreatedDate", "Created Date", "at"),
            reference("CreatedById", "Created By ID", "actor", "User", "CreatedBy"),
            stamp("SystemModstamp", "System Modstamp", "at"),
            NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityHistory", "Opportunity History", "Opportunity History", "008", source, fields,
                   named="Id")  # fmt: skip


def field_history() -> SObject:
    source = "select * from deals.change where workspace = %(workspace)s and object = 'deal'"
    fields = fields_of(
        [
            ident("('017' || lpad({t}.id::text, 12, '0') || 'AAA')"),
            reference("OpportunityId", "Opportunity ID", "record", "Opportunity", "Opportunity"),
            plain("Field", "Changed Field", "picklist", "{t}.field"),
            plain("OldValue", "Old Value", "string", "({t}.before #>> '{}')"),
            plain("NewValue", "New Value", "string", "({t}.after #>> '{}')"),
            stamp("CreatedDate", "Created Date", "at"),
            reference("CreatedById", "Created By ID", "actor", "User", "CreatedBy"),
            NEVER_DELETED,
        ]
    )
    return SObject("OpportunityFieldHistory", "Opportunity Field History", "Opportunity Field History", "017", source,
                   fields, named="Id")  # fmt: skip


def team_member() -> SObject:
    source = (
        "select m.*, o.changed_at as deal_changed_at from deals.team_member m join deals.opportunity o"
        " on o.workspace = m.workspace and o.id = m.opportunity where m.workspace = %(workspace)s"
        " and o.deleted_at is null"
    )
    fields = fields_of(
        [
            ident(),
            reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity",
                       writes="opportunity", create_only=True, required=True),
            reference("UserId", "User ID", "member", "User", "User", writes="user", create_only=True, required=True),
            text("TeamMemberRole", "Member Role", "role", type="picklist", length=80),
            plain("OpportunityAccessLevel", "Opportunity Access", "picklist", case("access", ACCESSES), "access",
                   options=tuple(ACCESSES.values()), restricted=True),
            MADE,
            stamp("SystemModstamp", "System Modstamp", "created_at"),
            NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityTeamMember", "Opportunity Team Member", "Opportunity Team Members", "00q", source,
                   fields, "team_member", named="Id", deletable=True)  # fmt: skip


def contact_role() -> SObject:
    fields = fields_of(
        [
            ident(),
            reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity",
                       writes="opportunity", create_only=True, required=True),
            reference("ContactId", "Contact ID", "contact", "Contact", "Contact", writes="contact",
                       create_only=True, required=True),
            text("Role", "Role", "role", type="picklist", length=80),
            plain("IsPrimary", "Primary", "boolean", "{t}.is_primary", "is_primary", nillable=False, default=False),
            MADE,
            stamp("SystemModstamp", "System Modstamp", "created_at"),
            NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityContactRole", "Opportunity Contact Role", "Opportunity Contact Roles", "00K",
                   rows("contact_role"), fields, "contact_role", named="Id", deletable=True)  # fmt: skip
