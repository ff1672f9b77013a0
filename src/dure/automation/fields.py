"""What a step, a trigger or one of the engine's own nodes takes, described so that a form can ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import NODEFAULT, UNSET, inspect

from dure.kernel.filters import Filter


def fields(struct: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """Each field with its name, whether it must be given, its type in words, the form that asks for it (`text`,
    `number`, `switch`, `choice`, `list`, `map`, `filters`, `struct` or `any`) and its default."""
    described = []
    for one in msgspec.structs.fields(struct):
        default = one.default if one.default not in (NODEFAULT, UNSET) else None
        if one.default_factory is not NODEFAULT:
            default = one.default_factory()
        described.append({
            "name": one.encode_name, "required": one.required, "type": _words(one.type),
            "default": msgspec.to_builtins(default), **_form(inspect.type_info(one.type)),
        })  # fmt: skip
    return described


def _words(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")


def _form(info: inspect.Type) -> Mapping[str, Any]:
    match info:
        case inspect.StrType():
            return {"form": "text"}
        case inspect.BoolType():
            return {"form": "switch"}
        case inspect.IntType() | inspect.FloatType():
            return {"form": "number", "whole": isinstance(info, inspect.IntType), "min": info.ge, "max": info.le}
        case inspect.LiteralType() | inspect.EnumType():
            values = info.values if isinstance(info, inspect.LiteralType) else [one.value for one in info.cls]
            return {"form": "choice", "choices": list(values)}
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            if isinstance(info.item_type, inspect.StructType) and info.item_type.cls is Filter:
                return {"form": "filters"}
            return {"form": "list", "of": _form(info.item_type)}
        case inspect.DictType():
            return {"form": "map", "of": _form(info.value_type)}
        case inspect.StructType():
            return {"form": "struct", "fields": fields(info.cls)}
        case inspect.UnionType():
            some = [one for one in info.types if not isinstance(one, inspect.NoneType)]
            return _form(some[0]) if len(some) == 1 else {"form": "any"}
        case _:
            return {"form": "any"}
