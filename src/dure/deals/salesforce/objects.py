"""The objects there are: each is a page of fields over deals' own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dure.deals.record_id import full_id
from dure.deals.rules import NO_DECIMALS
from dure.deals.salesforce.catalogue import Catalogue, ChildOf, Field, SObject, fields_of

STANDARD_PRICEBOOK = "01s000000000001AAA"
STATUSES = {
    "open": "Not Started", "in_progress": "In Progress", "waiting": "Waiting on someone else", "done": "Completed",
}  # fmt: skip
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High"}
ACCESSES = {"read": "Read", "edit": "Edit", "all": "All"}
FORECASTS = {
    "Omitted": "Omitted", "Pipeline": "Pipeline", "BestCase": "Best Case", "MostLikely": "Most Likely",
    "Forecast": "Commit", "Closed": "Closed",
}  # fmt: skip

_WHOLE = ", ".join(f"'{one}'" for one in sorted(NO_DECIMALS))
# The newest rate of a currency into the workspace's own.
_RATE = (
    "coalesce((select case when {t}.currency = %(currency)s then 1 else (select r.rate from deals.rate r where"
    " r.workspace = %(workspace)s and r.currency = {t}.currency and r.day <= %(today)s order by r.day desc limit 1)"
    " end), 1)"
)


def _major(column: str, currency: str = "{t}.currency") -> str:
    return major(f"{{t}}.{column}", currency)


def major(sql: str, currency: str) -> str:
    """Minor units as Salesforce says money: decimals of the major one."""
    return f"(({sql})::numeric / case when {currency} in ({_WHOLE}) then 1 else 100 end)"


def _case(column: str, words: dict[str, str]) -> str:
    return f"case {{t}}.{column} " + " ".join(f"when '{ours}' then '{said}'" for ours, said in words.items()) + " end"


def _derived(prefix: str, of: str) -> str:
    """An id for what has none: always the same for the same thing."""
    # Hexadecimal digits have no capitals, so the check at the end is the prefix's alone.
    return f"('{prefix}' || substr(md5({of}), 1, 12) || '{full_id(prefix.ljust(15, '0'))[15:]}')"


def _text(
    name: str, label: str, column: str, *, type: str = "string", length: int = 255, writes: str | None = None,
    required: bool = False, options: Sequence[str] = (), external: bool = False,
) -> Field:  # fmt: skip
    """A text of a column where nothing is an empty text."""
    return Field(
        name, label, type, f"nullif({{t}}.{column}, '')", column if writes is None else writes, length,
        required=required, nillable=not required, options=tuple(options), external=external, unique=external,
    )  # fmt: skip


def _reference(
    name: str, label: str, column: str, to: str | tuple[str, ...], relationship: str, *, writes: str = "",
    create_only: bool = False, required: bool = False,
) -> Field:  # fmt: skip
    refers = (to,) if isinstance(to, str) else to
    return Field(
        name, label, "reference", f"nullif({{t}}.{column}, '')", writes, 18, create_only, required, not required,
        refers, relationship,
    )  # fmt: skip


def _money(name: str, label: str, column: str, *, writes: str = "", nillable: bool = True) -> Field:
    return Field(name, label, "currency", _major(column), writes, 18, nillable=nillable, currency=_RATE)


def _id(sql: str = "{t}.id") -> Field:
    return Field("Id", "Record ID", "id", sql, "", 18, nillable=False)


def _plain(name: str, label: str, type: str, sql: str, writes: str = "", **more: object) -> Field:
    return Field(name, label, type, sql, writes, **more)  # type: ignore[arg-type]


def _stamp(name: str, label: str, column: str) -> Field:
    """When something happened, to the millisecond as it is told: what is read here finds itself when asked for."""
    return _plain(name, label, "datetime", f"date_trunc('milliseconds', {{t}}.{column})", nillable=False)


_OWNER = _reference("OwnerId", "Owner ID", "owner", "User", "Owner", writes="owner")
_CURRENCY = _plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "nullif({t}.currency, '')", "currency", length=3)
_EXTERNAL = _text("External_Id__c", "External ID", "external", external=True)
_DELETED = _plain("IsDeleted", "Deleted", "boolean", "({t}.deleted_at is not null)", nillable=False)
_NEVER_DELETED = _plain("IsDeleted", "Deleted", "boolean", "false::boolean", nillable=False)
_MADE = _stamp("CreatedDate", "Created Date", "created_at")


# A record's history says who changed it; who made it is kept where it was made.
_MAKER = (
    "(select nullif(m.actor, '') from deals.salesforce_maker m where m.workspace = %(workspace)s and m.record = {t}.id)"
)
_LAST_HAND = (
    "coalesce((select nullif(c.actor, '') from deals.change c where c.workspace = %(workspace)s and c.record = {t}.id"
    f" order by c.id desc limit 1), {_MAKER})"
)


def _trail() -> list[Field]:
    """Who made a record and who touched it last, by its history."""
    return [
        _MADE,
        Field("CreatedById", "Created By ID", "reference", _MAKER, "", 18, refers=("User",),
              relationship="CreatedBy"),
        _stamp("LastModifiedDate", "Last Modified Date", "changed_at"),
        Field("LastModifiedById", "Last Modified By ID", "reference", _LAST_HAND, "", 18, refers=("User",),
              relationship="LastModifiedBy"),
        _stamp("SystemModstamp", "System Modstamp", "changed_at"),
        _DELETED,
    ]  # fmt: skip


def _rows(table: str) -> str:
    return f"select * from deals.{table} where workspace = %(workspace)s"


def _last_activity(about: str) -> str:
    return (
        "(select max(a.due) from deals.task a where a.workspace = %(workspace)s and a.deleted_at is null"
        f" and a.{about} = {{t}}.id and a.done_at is not null)"
    )


def _account() -> SObject:
    fields = fields_of(
        [
            _id(),
            _text("Name", "Account Name", "name", required=True, length=120),
            _text("Type", "Account Type", "type", type="picklist"),
            _reference("ParentId", "Parent Account ID", "parent", "Account", "Parent", writes="parent"),
            _text("BillingStreet", "Billing Street", "street", type="textarea"),
            _text("BillingCity", "Billing City", "city"),
            _text("BillingState", "Billing State/Province", "region"),
            _text("BillingPostalCode", "Billing Zip/Postal Code", "postcode", length=20),
            _text("BillingCountry", "Billing Country", "country", length=80),
            _text("Phone", "Account Phone", "phone", type="phone", length=40),
            _text("Website", "Website", "website", type="url"),
            _text("Domain__c", "Domain", "domain"),
            _text("Industry", "Industry", "industry", type="picklist"),
            _plain("NumberOfEmployees", "Employees", "int", "nullif({t}.size, 0)", "size"),
            _plain("AnnualRevenue", "Annual Revenue", "currency", _major("revenue"), "revenue", currency=_RATE),
            _CURRENCY,
            _text("Description", "Account Description", "description", type="textarea", length=32_000),
            _OWNER,
            _plain("LastActivityDate", "Last Activity", "date", _last_activity("about")),
            _EXTERNAL,
        ],
        _trail(),
    )
    children = (
        ChildOf("Contacts", "Contact", "AccountId"), ChildOf("Opportunities", "Opportunity", "AccountId"),
        ChildOf("ChildAccounts", "Account", "ParentId"), ChildOf("Tasks", "Task", "WhatId"),
        ChildOf("Events", "Event", "WhatId"), ChildOf("Notes", "Note", "ParentId"),
    )  # fmt: skip
    return SObject("Account", "Account", "Accounts", "001", _rows("account"), fields, "account", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def _person_fields() -> list[Field]:
    return [
        _id(),
        _text("Name", "Full Name", "name", writes=""),
        _text("FirstName", "First Name", "first_name", length=120),
        _text("LastName", "Last Name", "last_name", required=True, length=120),
        _text("Title", "Title", "title"),
        _text("Email", "Email", "email", type="email"),
        _text("Phone", "Phone", "phone", type="phone", length=40),
        _text("LeadSource", "Lead Source", "lead_source", type="picklist"),
        _text("Description", "Description", "description", type="textarea", length=32_000),
        _OWNER,
        _EXTERNAL,
    ]


def _contact() -> SObject:
    fields = fields_of(
        _person_fields(),
        [
            _reference("AccountId", "Account ID", "account", "Account", "Account", writes="account"),
            _text("MobilePhone", "Mobile Phone", "mobile", type="phone", length=40),
            _text("Department", "Department", "department"),
            _reference("ReportsToId", "Reports To ID", "reports_to", "Contact", "ReportsTo", writes="reports_to"),
        ],
        _trail(),
    )
    children = (
        ChildOf("OpportunityContactRoles", "OpportunityContactRole", "ContactId", True),
        ChildOf("Tasks", "Task", "WhoId"), ChildOf("Events", "Event", "WhoId"),
    )  # fmt: skip
    return SObject("Contact", "Contact", "Contacts", "003", _rows("contact"), fields, "contact", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def _lead() -> SObject:
    fields = fields_of(
        _person_fields(),
        [
            _text("Company", "Company", "company", required=True),
            _text("Website", "Website", "website", type="url"),
            _text("Industry", "Industry", "industry", type="picklist"),
            _text("Country", "Country", "country", length=80),
            _plain("NumberOfEmployees", "Employees", "int", "nullif({t}.size, 0)", "size"),
            _text("Status", "Status", "status", type="picklist"),
            _text("Rating", "Rating", "rating", type="picklist"),
            _plain("IsConverted", "Converted", "boolean", "({t}.converted_at is not null)", nillable=False),
            _plain("ConvertedDate", "Converted Date", "date", "({t}.converted_at at time zone %(zone)s)::date"),
            _reference("ConvertedAccountId", "Converted Account ID", "converted_account", "Account",
                       "ConvertedAccount"),
            _reference("ConvertedContactId", "Converted Contact ID", "converted_contact", "Contact",
                       "ConvertedContact"),
            _reference("ConvertedOpportunityId", "Converted Opportunity ID", "converted_deal", "Opportunity",
                       "ConvertedOpportunity"),
        ],
        _trail(),
    )  # fmt: skip
    children = (ChildOf("Tasks", "Task", "WhoId"), ChildOf("Events", "Event", "WhoId"))
    return SObject("Lead", "Lead", "Leads", "00Q", _rows("lead"), fields, "lead", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


_OPPORTUNITIES = """
select o.*, s.outcome as stage_outcome, s.forecast as stage_forecast,
       coalesce(o.own_probability, s.probability) as likely
from deals.opportunity o join deals.stage s on s.workspace = o.workspace and s.key = o.stage
where o.workspace = %(workspace)s
"""


def _opportunity(stages: Sequence[str]) -> SObject:
    tasks = (
        "exists (select from deals.task a where a.workspace = %(workspace)s and a.about = {t}.id"
        " and a.done_at is null and a.deleted_at is null"
    )
    fields = fields_of(
        [
            _id(),
            _reference("AccountId", "Account ID", "account", "Account", "Account", writes="account"),
            _text("Name", "Name", "name", required=True, length=120),
            _text("Description", "Description", "description", type="textarea", length=32_000),
            _plain("StageName", "Stage", "picklist", "{t}.stage", "stage", length=255, required=True, nillable=False,
                   options=tuple(stages), restricted=True),
            _money("Amount", "Amount", "amount", writes="amount"),
            _plain("Probability", "Probability (%)", "percent", "{t}.likely::numeric", "own_probability"),
            _plain("ExpectedRevenue", "Expected Amount", "currency", f"({_major('amount')} * {{t}}.likely / 100)",
                   currency=_RATE),
            _plain("CloseDate", "Close Date", "date", "{t}.close_date", "close_date", required=True, nillable=False),
            _text("Type", "Opportunity Type", "type", type="picklist"),
            _text("NextStep", "Next Step", "next_step"),
            _text("LeadSource", "Lead Source", "lead_source", type="picklist"),
            _plain("IsClosed", "Closed", "boolean", "({t}.stage_outcome <> '')", nillable=False),
            _plain("IsWon", "Won", "boolean", "({t}.stage_outcome = 'won')", nillable=False),
            _plain("ForecastCategory", "Forecast Category", "picklist", "{t}.stage_forecast", nillable=False,
                   options=tuple(FORECASTS)),
            _plain("ForecastCategoryName", "Forecast Category", "picklist", _case("stage_forecast", FORECASTS),
                   options=tuple(FORECASTS.values())),
            _CURRENCY,
            _plain("HasOpportunityLineItem", "Has Line Item", "boolean", "({t}.lines > 0)", nillable=False),
            _OWNER,
            _plain("LastActivityDate", "Last Activity", "date", _last_activity("about")),
            _plain("LastStageChangeDate", "Last Stage Change Date", "datetime", "{t}.entered_stage_at"),
            _plain("FiscalQuarter", "Fiscal Quarter", "int", "extract(quarter from {t}.close_date)::int"),
            _plain("FiscalYear", "Fiscal Year", "int", "extract(year from {t}.close_date)::int"),
            _plain("Fiscal", "Fiscal Period", "string",
                   "(extract(year from {t}.close_date)::text || ' ' || extract(quarter from {t}.close_date)::text)"),
            _plain("HasOpenActivity", "Has Open Activity", "boolean", f"{tasks})", nillable=False),
            _plain("HasOverdueTask", "Has Overdue Task", "boolean", f"{tasks} and a.due < %(today)s)",
                   nillable=False),
            _text("Lost_Reason__c", "Lost Reason", "lost_reason", length=500),
            _text("Channel__c", "Channel", "channel", writes="", length=20),
            _EXTERNAL,
        ],
        _trail(),
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


def _stage() -> SObject:
    fields = fields_of(
        [
            _id(_derived("01J", "{t}.key")),
            _plain("ApiName", "API Name", "string", "{t}.key", length=120, nillable=False),
            _plain("MasterLabel", "Master Label", "string", "{t}.name_en", length=120, nillable=False),
            _plain("DefaultProbability", "Probability (%)", "percent", "{t}.probability::numeric"),
            _plain("ForecastCategory", "Forecast Category", "picklist", "{t}.forecast", options=tuple(FORECASTS)),
            _plain("ForecastCategoryName", "Forecast Category Name", "picklist", _case("forecast", FORECASTS),
                   options=tuple(FORECASTS.values())),
            _plain("IsActive", "Is Active", "boolean", "{t}.active", nillable=False),
            _plain("IsClosed", "Closed", "boolean", "({t}.outcome <> '')", nillable=False),
            _plain("IsWon", "Won", "boolean", "({t}.outcome = 'won')", nillable=False),
            _plain("SortOrder", "Order", "int", "{t}.position"),
            _plain("Description", "Description", "string", "nullif({t}.description, '')", length=255),
            _plain("Pipeline__c", "Pipeline", "string", "{t}.pipeline", length=120),
        ]
    )  # fmt: skip
    return SObject("OpportunityStage", "Opportunity Stage", "Opportunity Stages", "01J", _rows("stage"), fields,
                   named="MasterLabel")  # fmt: skip


def _history() -> SObject:
    source = (
        "select h.*, s.forecast from deals.history h left join deals.stage s on s.workspace = h.workspace"
        " and s.key = h.stage where h.workspace = %(workspace)s"
    )
    fields = fields_of(
        [
            _id(_derived("008", "{t}.opportunity || ' ' || {t}.number")),
            _reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity"),
            _plain("StageName", "Stage", "picklist", "{t}.stage"),
            _money("Amount", "Amount", "amount"),
            _plain("ExpectedRevenue", "Expected Revenue", "currency",
                   f"({_major('amount')} * {{t}}.probability / 100)", currency=_RATE),
            _plain("CloseDate", "Close Date", "date", "{t}.close_date"),
            _plain("Probability", "Probability (%)", "percent", "{t}.probability::numeric"),
            _plain("ForecastCategory", "To ForecastCategory", "picklist", "{t}.forecast", options=tuple(FORECASTS)),
            _plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "{t}.currency", length=3),
            _stamp("CreatedDate", "Created Date", "at"),
            _reference("CreatedById", "Created By ID", "actor", "User", "CreatedBy"),
            _stamp("SystemModstamp", "System Modstamp", "at"),
            _NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityHistory", "Opportunity History", "Opportunity History", "008", source, fields,
                   named="Id")  # fmt: skip


def _field_history() -> SObject:
    source = "select * from deals.change where workspace = %(workspace)s and object = 'deal'"
    fields = fields_of(
        [
            _id("('017' || lpad({t}.id::text, 12, '0') || 'AAA')"),
            _reference("OpportunityId", "Opportunity ID", "record", "Opportunity", "Opportunity"),
            _plain("Field", "Changed Field", "picklist", "{t}.field"),
            _plain("OldValue", "Old Value", "string", "({t}.before #>> '{}')"),
            _plain("NewValue", "New Value", "string", "({t}.after #>> '{}')"),
            _stamp("CreatedDate", "Created Date", "at"),
            _reference("CreatedById", "Created By ID", "actor", "User", "CreatedBy"),
            _NEVER_DELETED,
        ]
    )
    return SObject("OpportunityFieldHistory", "Opportunity Field History", "Opportunity Field History", "017", source,
                   fields, named="Id")  # fmt: skip


def _team_member() -> SObject:
    source = (
        "select m.*, o.changed_at as deal_changed_at from deals.team_member m join deals.opportunity o"
        " on o.workspace = m.workspace and o.id = m.opportunity where m.workspace = %(workspace)s"
        " and o.deleted_at is null"
    )
    fields = fields_of(
        [
            _id(),
            _reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity",
                       writes="opportunity", create_only=True, required=True),
            _reference("UserId", "User ID", "member", "User", "User", writes="user", create_only=True, required=True),
            _text("TeamMemberRole", "Member Role", "role", type="picklist", length=80),
            _plain("OpportunityAccessLevel", "Opportunity Access", "picklist", _case("access", ACCESSES), "access",
                   options=tuple(ACCESSES.values()), restricted=True),
            _MADE,
            _stamp("SystemModstamp", "System Modstamp", "created_at"),
            _NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityTeamMember", "Opportunity Team Member", "Opportunity Team Members", "00q", source,
                   fields, "team_member", named="Id", deletable=True)  # fmt: skip


def _contact_role() -> SObject:
    fields = fields_of(
        [
            _id(),
            _reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity",
                       writes="opportunity", create_only=True, required=True),
            _reference("ContactId", "Contact ID", "contact", "Contact", "Contact", writes="contact",
                       create_only=True, required=True),
            _text("Role", "Role", "role", type="picklist", length=80),
            _plain("IsPrimary", "Primary", "boolean", "{t}.is_primary", "is_primary", nillable=False, default=False),
            _MADE,
            _stamp("SystemModstamp", "System Modstamp", "created_at"),
            _NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityContactRole", "Opportunity Contact Role", "Opportunity Contact Roles", "00K",
                   _rows("contact_role"), fields, "contact_role", named="Id", deletable=True)  # fmt: skip


def _line_item() -> SObject:
    fields = fields_of(
        [
            _id(),
            _reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity",
                       writes="opportunity", create_only=True, required=True),
            _reference("Product2Id", "Product ID", "product", "Product2", "Product2", writes="product",
                       create_only=True),
            Field("PricebookEntryId", "Price Book Entry ID", "reference",
                  _derived("01u", "{t}.product || ' ' || {t}.currency"), "price", 18, True, refers=("PricebookEntry",),
                  relationship="PricebookEntry"),
            _plain("Quantity", "Quantity", "double", "{t}.quantity", "quantity", required=True, nillable=False),
            _money("UnitPrice", "Sales Price", "unit_price", writes="unit_price"),
            _money("TotalPrice", "Total Price", "amount"),
            _plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "{t}.currency", length=3),
            _text("Description", "Line Description", "description"),
            _plain("ServiceDate", "Date", "date", "{t}.starts_on", "starts_on"),
            _plain("End_Date__c", "End Date", "date", "{t}.ends_on", "ends_on"),
            _plain("SortOrder", "Sort Order", "int", "{t}.position"),
            _MADE,
            _stamp("LastModifiedDate", "Last Modified Date", "changed_at"),
            _stamp("SystemModstamp", "System Modstamp", "changed_at"),
            _NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityLineItem", "Opportunity Product", "Opportunity Products", "00k", _rows("line_item"),
                   fields, "line_item", named="Id", deletable=True)  # fmt: skip


def _product() -> SObject:
    fields = fields_of(
        [
            _id(),
            _text("Name", "Product Name", "name", required=True, length=120),
            _text("ProductCode", "Product Code", "code"),
            _text("Description", "Product Description", "description", type="textarea", length=4000),
            _plain("IsActive", "Active", "boolean", "{t}.active", "active", nillable=False, default=True),
            _text("Family", "Product Family", "family", type="picklist"),
            _text("QuantityUnitOfMeasure", "Quantity Unit Of Measure", "unit"),
            _EXTERNAL,
        ],
        _trail(),
    )
    children = (
        ChildOf("PricebookEntries", "PricebookEntry", "Product2Id", True),
        ChildOf("OpportunityLineItems", "OpportunityLineItem", "Product2Id"),
    )
    return SObject("Product2", "Product", "Products", "01t", _rows("product"), fields, "product", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def _price() -> SObject:
    source = (
        "select p.*, d.name, d.active, d.created_at, d.changed_at, d.code from deals.price p join deals.product d"
        " on d.workspace = p.workspace and d.id = p.product where p.workspace = %(workspace)s and d.deleted_at is null"
    )
    fields = fields_of(
        [
            _id(_derived("01u", "{t}.product || ' ' || {t}.currency")),
            _plain("Name", "Product Name", "string", "{t}.name", nillable=False),
            _plain("Pricebook2Id", "Price Book ID", "reference", f"'{STANDARD_PRICEBOOK}'::text", "pricebook",
                   create_only=True, refers=("Pricebook2",), relationship="Pricebook2", length=18),
            _reference("Product2Id", "Product ID", "product", "Product2", "Product2", writes="product",
                       create_only=True, required=True),
            _money("UnitPrice", "List Price", "amount", writes="amount"),
            _plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "{t}.currency", "currency", create_only=True,
                   length=3),
            _plain("IsActive", "Active", "boolean", "{t}.active", nillable=False),
            _plain("ProductCode", "Product Code", "string", "nullif({t}.code, '')"),
            _MADE,
            _stamp("SystemModstamp", "System Modstamp", "changed_at"),
            _NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("PricebookEntry", "Price Book Entry", "Price Book Entries", "01u", source, fields, "price",
                   deletable=True)  # fmt: skip


def _pricebook() -> SObject:
    fields = fields_of(
        [
            _id("{t}.id"),
            _plain("Name", "Price Book Name", "string", "'Standard Price Book'::text", nillable=False),
            _plain("IsActive", "Active", "boolean", "true::boolean", nillable=False),
            _plain("IsStandard", "Is Standard Price Book", "boolean", "true::boolean", nillable=False),
            _NEVER_DELETED,
        ]
    )
    children = (ChildOf("PricebookEntries", "PricebookEntry", "Pricebook2Id"),)
    return SObject("Pricebook2", "Price Book", "Price Books", "01s", f"select '{STANDARD_PRICEBOOK}'::text as id",
                   fields, children=children)  # fmt: skip


_WHO = "coalesce(nullif({t}.%s, ''), case when {t}.about like '00Q%%%%' then {t}.about end)"
_WHAT = "case when {t}.about not like '00Q%%' then nullif({t}.about, '') end"
_ABOUT = ("Account", "Opportunity")


def _task() -> SObject:
    fields = fields_of(
        [
            _id(),
            Field("WhoId", "Name ID", "reference", _WHO % "contact", "who", 18, refers=("Contact", "Lead"),
                  relationship="Who"),
            Field("WhatId", "Related To ID", "reference", _WHAT, "about", 18, refers=_ABOUT, relationship="What"),
            _text("Subject", "Subject", "subject", type="combobox", length=255),
            _plain("ActivityDate", "Due Date Only", "date", "{t}.due", "due"),
            _plain("Status", "Status", "picklist", _case("status", STATUSES), "status", nillable=False,
                   options=tuple(STATUSES.values()), restricted=True, default="Not Started"),
            _plain("Priority", "Priority", "picklist", _case("priority", PRIORITIES), "priority", nillable=False,
                   options=tuple(PRIORITIES.values()), restricted=True, default="Normal"),
            _text("Type", "Type", "type", type="picklist"),
            _text("Description", "Description", "description", type="textarea", length=32_000),
            _plain("IsClosed", "Closed", "boolean", "({t}.done_at is not null)", nillable=False),
            _plain("CompletedDateTime", "Completed Date", "datetime", "{t}.done_at"),
            _OWNER,
            _EXTERNAL,
        ],
        _trail(),
    )  # fmt: skip
    return SObject("Task", "Task", "Tasks", "00T", _rows("task"), fields, "task", named="Subject", deletable=True,
                   deleted="{t}.deleted_at is not null")  # fmt: skip


def _event() -> SObject:
    fields = fields_of(
        [
            _id(),
            Field("WhoId", "Name ID", "reference", "coalesce({t}.contacts[1], case when {t}.about like '00Q%%' then"
                  " {t}.about end)", "who", 18, refers=("Contact", "Lead"), relationship="Who"),
            Field("WhatId", "Related To ID", "reference", _WHAT, "about", 18, refers=_ABOUT, relationship="What"),
            _text("Subject", "Subject", "subject", type="combobox", length=255),
            _plain("StartDateTime", "Start Date Time", "datetime", "{t}.starts_at", "starts_at", required=True,
                   nillable=False),
            _plain("EndDateTime", "End Date Time", "datetime", "{t}.ends_at", "ends_at"),
            _plain("ActivityDateTime", "Due Date Time", "datetime", "{t}.starts_at"),
            _plain("ActivityDate", "Due Date Only", "date", "({t}.starts_at at time zone %(zone)s)::date"),
            _plain("DurationInMinutes", "Duration", "int",
                   "(extract(epoch from {t}.ends_at - {t}.starts_at) / 60)::int", "minutes"),
            _text("Location", "Location", "place"),
            _text("Description", "Description", "description", type="textarea", length=32_000),
            _OWNER,
            _EXTERNAL,
        ],
        _trail(),
    )  # fmt: skip
    return SObject("Event", "Event", "Events", "00U", _rows("meeting"), fields, "meeting", named="Subject",
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def _note() -> SObject:
    fields = fields_of(
        [
            _id(),
            Field("ParentId", "Parent ID", "reference", "{t}.about", "about", 18, True, True, False,
                  ("Account", "Contact", "Lead", "Opportunity"), "Parent"),
            _text("Title", "Title", "title", length=80),
            _text("Body", "Body", "text", type="textarea", length=32_000),
            _reference("OwnerId", "Owner ID", "author", "User", "Owner"),
        ],
        _trail(),
    )  # fmt: skip
    return SObject("Note", "Note", "Notes", "002", _rows("note"), fields, "note", named="Title", deletable=True,
                   deleted="{t}.deleted_at is not null")  # fmt: skip


def _user() -> SObject:
    source = (
        "select * from jsonb_to_recordset(%(users)s::jsonb) as u(id text, name text, email text, title text,"
        " function text, active boolean, language text, role text)"
    )
    fields = fields_of(
        [
            Field("Id", "User ID", "id", "{t}.id", "", 18, nillable=False, refers=("User",)),
            _plain("Username", "Username", "string", "nullif({t}.email, '')", nillable=False),
            _plain("Name", "Full Name", "string", "{t}.name", nillable=False),
            _plain("FirstName", "First Name", "string", "null::text"),
            _plain("LastName", "Last Name", "string", "{t}.name", nillable=False),
            _plain("Alias", "Alias", "string", "left({t}.name, 8)", nillable=False),
            _plain("Email", "Email", "email", "nullif({t}.email, '')"),
            _plain("Title", "Title", "string", "nullif({t}.title, '')"),
            _plain("Department", "Department", "string", "nullif({t}.function, '')"),
            _plain("IsActive", "Active", "boolean", "{t}.active", nillable=False),
            _plain("UserType", "User Type", "picklist", "'Standard'::text", nillable=False),
            _plain("TimeZoneSidKey", "Time Zone", "picklist", "%(zone)s::text", nillable=False),
            _plain("LanguageLocaleKey", "Language", "picklist", "nullif({t}.language, '')"),
        ]
    )
    children = (ChildOf("OpportunityTeams", "OpportunityTeamMember", "UserId"),)
    return SObject("User", "User", "Users", "005", source, fields, children=children, supplied="users")


def _organization() -> SObject:
    source = (
        "select * from jsonb_to_record(%(organization)s::jsonb) as o(id text, name text, language text, currency text)"
    )
    fields = fields_of(
        [
            _id(),
            _plain("Name", "Name", "string", "{t}.name", nillable=False),
            _plain("IsSandbox", "Is Sandbox", "boolean", "false::boolean", nillable=False),
            _plain("OrganizationType", "Edition", "picklist", "'Dure'::text", nillable=False),
            _plain("LanguageLocaleKey", "Language", "picklist", "{t}.language"),
            _plain("DefaultCurrencyIsoCode", "Default Currency ISO Code", "picklist", "{t}.currency"),
            _plain("TimeZoneSidKey", "Time Zone", "picklist", "%(zone)s::text", nillable=False),
            _plain("InstanceName", "Instance Name", "string", "'DURE'::text"),
        ]
    )
    return SObject("Organization", "Organization", "Organizations", "00D", source, fields, supplied="organization")


def standard(stages: Sequence[str]) -> Catalogue:
    """The objects as every workspace has them, with the stages of one."""
    objects = [
        _account(), _contact(), _lead(), _opportunity(stages), _stage(), _history(), _field_history(), _team_member(),
        _contact_role(), _line_item(), _product(), _price(), _pricebook(), _task(), _event(), _note(), _user(),
        _organization(),
    ]  # fmt: skip
    return Catalogue({one.name.lower(): one for one in objects})


def with_fields(base: Catalogue, own: Mapping[str, Sequence[Field]]) -> Catalogue:
    """The objects with fields of a workspace's own, by what deals call the kind of record."""
    found = {}
    for key, one in base.objects.items():
        added = [field for field in own.get(one.kind, ()) if field.name.lower() not in one.fields]
        found[key] = replace(one, fields={**one.fields, **fields_of(added)}) if added else one
    return Catalogue(found)
