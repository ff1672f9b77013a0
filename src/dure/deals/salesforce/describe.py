"""What there is, as describe says it: objects, fields, and what may be done with them."""

from __future__ import annotations

from typing import Any

from dure.deals.salesforce.catalogue import NUMBERS, Catalogue, Field, SObject

_SOAP = {
    "id": "tns:ID", "reference": "xsd:string", "boolean": "xsd:boolean", "int": "xsd:int", "double": "xsd:double",
    "currency": "xsd:double", "percent": "xsd:double", "date": "xsd:date", "datetime": "xsd:dateTime",
}  # fmt: skip


def everything(catalogue: Catalogue, version: str) -> dict[str, Any]:
    """`/sobjects`"""
    return {
        "encoding": "UTF-8",
        "maxBatchSize": 200,
        "sobjects": [brief(one, version) for one in sorted(catalogue.objects.values(), key=lambda one: one.name)],
    }


def brief(of: SObject, version: str) -> dict[str, Any]:
    """An object without its fields."""
    base = f"/services/data/v{version}/sobjects/{of.name}"
    return {
        "activateable": False,
        "createable": of.createable,
        "custom": False,
        "customSetting": False,
        "deletable": of.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isSubtype": False,
        "keyPrefix": of.prefix,
        "label": of.label,
        "labelPlural": of.plural,
        "layoutable": of.createable,
        "mergeable": False,
        "mruEnabled": False,
        "name": of.name,
        "queryable": True,
        "replicateable": bool(of.deleted) or of.deletable,
        "retrieveable": True,
        "searchable": of.name in SEARCHABLE,
        "triggerable": of.createable,
        "undeletable": bool(of.deleted),
        "updateable": of.updateable,
        "urls": {
            "describe": f"{base}/describe",
            "layouts": f"{base}/describe/layouts",
            "rowTemplate": f"{base}/{{ID}}",
            "sobject": base,
        },
    }


SEARCHABLE = frozenset({"Account", "Contact", "Lead", "Opportunity", "Product2", "Task", "Event", "Note", "User"})


def whole(of: SObject, version: str) -> dict[str, Any]:
    """`/sobjects/X/describe`"""
    return {
        **brief(of, version),
        "actionOverrides": [],
        "childRelationships": [
            {
                "cascadeDelete": child.cascade,
                "childSObject": child.object,
                "deprecatedAndHidden": False,
                "field": child.field,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": child.relationship,
                "restrictedDelete": False,
            }
            for child in of.children
        ],
        "compactLayoutable": False,
        "fields": [field_of(of, one) for one in of.fields.values()],
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [
            {
                "active": True,
                "available": True,
                "defaultRecordTypeMapping": True,
                "developerName": "Master",
                "master": True,
                "name": "Master",
                "recordTypeId": MASTER,
                "urls": {},
            }
        ],
        "searchLayoutable": False,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [
            {"label": f"All {of.plural}", "name": "everything"},
            *([{"label": f"My {of.plural}", "name": "mine"}] if of.field("OwnerId") else []),
        ],
    }


def field_of(of: SObject, one: Field) -> dict[str, Any]:
    """A field as describe lists it."""
    number, text = one.type in NUMBERS, one.type not in (*NUMBERS, "date", "datetime", "boolean")
    length = (one.length or 255) if text else 0
    return {
        "aggregatable": one.type not in ("boolean", "multipicklist"),
        "autoNumber": False,
        "byteLength": length * 3,
        "calculated": False,
        "cascadeDelete": False,
        "caseSensitive": False,
        "createable": bool(one.writes),
        "custom": one.custom or one.name.endswith("__c"),
        "defaultValue": one.default,
        "defaultedOnCreate": one.default is not None or one.name == "OwnerId",
        "deprecatedAndHidden": False,
        "digits": 18 if one.type == "int" else 0,
        "externalId": one.external,
        "filterable": one.length <= 4000,
        "groupable": one.type not in ("double", "currency", "percent", "datetime") and one.length <= 4000,
        "htmlFormatted": False,
        "idLookup": one.type == "id" or one.external,
        "inlineHelpText": None,
        "label": one.label,
        "length": length,
        "name": one.name,
        "nameField": one.name == of.named,
        "namePointing": len(one.refers) > 1,
        "nillable": one.nillable,
        "permissionable": not one.required,
        "picklistValues": [
            {"active": True, "defaultValue": option == one.default, "label": option, "validFor": None, "value": option}
            for option in one.options
        ],
        "polymorphicForeignKey": len(one.refers) > 1,
        "precision": 18 if number and one.type != "int" else 0,
        "queryByDistance": False,
        "referenceTo": list(one.refers) if one.type == "reference" else [],
        "relationshipName": one.relationship or None,
        "restrictedPicklist": one.restricted,
        "scale": 2 if number and one.type != "int" else 0,
        "searchPrefilterable": False,
        "soapType": _SOAP.get(one.type, "xsd:string"),
        "sortable": one.length <= 4000 and one.type != "multipicklist",
        "type": one.type,
        "unique": one.unique,
        "updateable": bool(one.writes) and not one.create_only,
        "writeRequiresMasterRead": False,
    }


def layouts(of: SObject) -> dict[str, Any]:
    """One layout: all fields, two in a row."""
    shown = [one for one in of.fields.values() if one.name != "Id"]
    rows = [_row(of, shown[at : at + 2]) for at in range(0, len(shown), 2)]
    section = {
        "columns": 2, "heading": of.label, "layoutRows": rows, "rows": len(rows), "useCollapsibleSection": False,
        "useHeading": True,
    }  # fmt: skip
    layout = {
        "id": LAYOUT, "buttonLayoutSection": None, "detailLayoutSections": [section],
        "editLayoutSections": [section], "relatedLists": [],
    }  # fmt: skip
    mapping = {
        "available": True, "defaultRecordTypeMapping": True, "layoutId": LAYOUT, "master": True, "name": "Master",
        "recordTypeId": MASTER,
    }  # fmt: skip
    return {"layouts": [layout], "recordTypeMappings": [mapping], "recordTypeSelectorRequired": [False]}


LAYOUT, MASTER = "00h000000000001AAA", "012000000000000AAA"


def _row(of: SObject, fields: list[Field]) -> dict[str, Any]:
    items = [
        {
            "editableForNew": bool(one.writes), "editableForUpdate": bool(one.writes) and not one.create_only,
            "label": one.label, "placeholder": False, "required": one.required,
            "layoutComponents": [
                {"details": field_of(of, one), "displayLines": 1, "tabOrder": 1, "type": "Field", "value": one.name}
            ],
        }
        for one in fields
    ]  # fmt: skip
    return {"layoutItems": items, "numItems": len(items)}
