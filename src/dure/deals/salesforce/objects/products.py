"""Products, their prices, and the line items of opportunities."""

from __future__ import annotations

from dure.deals.salesforce.catalogue import ChildOf, Field, SObject, fields_of
from dure.deals.salesforce.objects.words import (
    EXTERNAL,
    MADE,
    NEVER_DELETED,
    derived,
    ident,
    money,
    plain,
    reference,
    rows,
    stamp,
    text,
    trail,
)

STANDARD_PRICEBOOK = "01s000000000001AAA"


def line_item() -> SObject:
    fields = fields_of(
        [
            ident(),
            reference("OpportunityId", "Opportunity ID", "opportunity", "Opportunity", "Opportunity",
                       writes="opportunity", create_only=True, required=True),
            reference("Product2Id", "Product ID", "product", "Product2", "Product2", writes="product",
                       create_only=True),
            Field("PricebookEntryId", "Price Book Entry ID", "reference",
                  derived("01u", "{t}.product || ' ' || {t}.currency"), "price", 18, True, refers=("PricebookEntry",),
                  relationship="PricebookEntry"),
            plain("Quantity", "Quantity", "double", "{t}.quantity", "quantity", required=True, nillable=False),
            money("UnitPrice", "Sales Price", "unit_price", writes="unit_price"),
            money("TotalPrice", "Total Price", "amount"),
            plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "{t}.currency", length=3),
            text("Description", "Line Description", "description"),
            plain("ServiceDate", "Date", "date", "{t}.starts_on", "starts_on"),
            plain("End_Date__c", "End Date", "date", "{t}.ends_on", "ends_on"),
            plain("SortOrder", "Sort Order", "int", "{t}.position"),
            MADE,
            stamp("LastModifiedDate", "Last Modified Date", "changed_at"),
            stamp("SystemModstamp", "System Modstamp", "changed_at"),
            NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("OpportunityLineItem", "Opportunity Product", "Opportunity Products", "00k", rows("line_item"),
                   fields, "line_item", named="Id", deletable=True)  # fmt: skip


def product() -> SObject:
    fields = fields_of(
        [
            ident(),
            text("Name", "Product Name", "name", required=True, length=120),
            text("ProductCode", "Product Code", "code"),
            text("Description", "Product Description", "description", type="textarea", length=4000),
            plain("IsActive", "Active", "boolean", "{t}.active", "active", nillable=False, default=True),
            text("Family", "Product Family", "family", type="picklist"),
            text("QuantityUnitOfMeasure", "Quantity Unit Of Measure", "unit"),
            EXTERNAL,
        ],
        trail(),
    )
    children = (
        ChildOf("PricebookEntries", "PricebookEntry", "Product2Id", True),
        ChildOf("OpportunityLineItems", "OpportunityLineItem", "Product2Id"),
    )
    return SObject("Product2", "Product", "Products", "01t", rows("product"), fields, "product", children,
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def price() -> SObject:
    source = (
        "select p.*, d.name, d.active, d.created_at, d.changed_at, d.code from deals.price p join deals.product d"
        " on d.workspace = p.workspace and d.id = p.product where p.workspace = %(workspace)s and d.deleted_at is null"
    )
    fields = fields_of(
        [
            ident(derived("01u", "{t}.product || ' ' || {t}.currency")),
            plain("Name", "Product Name", "string", "{t}.name", nillable=False),
            plain("Pricebook2Id", "Price Book ID", "reference", f"'{STANDARD_PRICEBOOK}'::text", "pricebook",
                   create_only=True, refers=("Pricebook2",), relationship="Pricebook2", length=18),
            reference("Product2Id", "Product ID", "product", "Product2", "Product2", writes="product",
                       create_only=True, required=True),
            money("UnitPrice", "List Price", "amount", writes="amount"),
            plain("CurrencyIsoCode", "Currency ISO Code", "picklist", "{t}.currency", "currency", create_only=True,
                   length=3),
            plain("IsActive", "Active", "boolean", "{t}.active", nillable=False),
            plain("ProductCode", "Product Code", "string", "nullif({t}.code, '')"),
            MADE,
            stamp("SystemModstamp", "System Modstamp", "changed_at"),
            NEVER_DELETED,
        ]
    )  # fmt: skip
    return SObject("PricebookEntry", "Price Book Entry", "Price Book Entries", "01u", source, fields, "price",
                   deletable=True)  # fmt: skip


def pricebook() -> SObject:
    fields = fields_of(
        [
            ident("{t}.id"),
            plain("Name", "Price Book Name", "string", "'Standard Price Book'::text", nillable=False),
            plain("IsActive", "Active", "boolean", "true::boolean", nillable=False),
            plain("IsStandard", "Is Standard Price Book", "boolean", "true::boolean", nillable=False),
            NEVER_DELETED,
        ]
    )
    children = (ChildOf("PricebookEntries", "PricebookEntry", "Pricebook2Id"),)
    return SObject("Pricebook2", "Price Book", "Price Books", "01s", f"select '{STANDARD_PRICEBOOK}'::text as id",
                   fields, children=children)  # fmt: skip
