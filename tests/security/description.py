"""What the OpenAPI document says of every operation, and bodies made of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

Schema = Mapping[str, Any]
Named = Callable[[str], Any]  # a property's name → the value that it gets; None where its type alone says


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    parameters: tuple[Schema, ...]
    body: Schema | None
    form: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def named(self) -> Iterator[tuple[str, str]]:
        """Every parameter of the path with the noun that it stands behind: ('record_id', 'accounts')."""
        before = ""
        for part in self.path.split("/"):
            if part.startswith("{"):
                yield part.strip("{}"), before
            else:
                before = part


class Description:
    def __init__(self, app: FastAPI) -> None:
        self._document = app.openapi()
        self.operations = list(self._read())

    def _read(self) -> Iterator[Operation]:
        for path, methods in self._document["paths"].items():
            for method, told in methods.items():
                content = told.get("requestBody", {}).get("content", {})
                kind = next(iter(content), "")
                yield Operation(
                    method.upper(), path, tuple(told.get("parameters", ())), content[kind]["schema"] if kind else None,
                    "form" in kind,
                )  # fmt: skip

    def value(self, schema: Schema, named: Named, name: str = "", depth: int = 0) -> Any:
        """Something that the schema allows, by `named` where a property's name says what it is."""
        if "$ref" in schema:
            return self.value(self._resolved(schema), named, name, depth)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                first = next((one for one in schema[several] if one.get("type") != "null"), {})
                return self.value(first, named, name, depth)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind = schema.get("type", "string")
        if kind == "object":
            if depth > 4:
                return {}
            parts = schema.get("properties", {})
            return {key: self.value(part, named, key, depth + 1) for key, part in parts.items()}
        if kind == "array":
            return [self.value(schema.get("items", {}), named, name, depth + 1)]
        given = named(name)
        if kind == "string" and given is not None:
            return given
        if kind == "string" and schema.get("format") in OF_FORMAT:
            return OF_FORMAT[schema["format"]]
        return {"integer": 1, "number": 1, "boolean": True, "null": None}.get(kind, "word")

    def least(self, schema: Schema, named: Named) -> Any:
        """What the schema must have, and besides only what names something that is there."""
        whole, schema = self.value(schema, named), self._resolved(schema) if "$ref" in schema else schema
        if not isinstance(whole, dict):
            return whole
        must = set(schema.get("required", ()))
        return {key: value for key, value in whole.items() if key in must or named(key) is not None}

    def odd(self, schema: Schema, chance: random.Random, depth: int = 0) -> Any:
        """Something that the schema mostly allows, and now and then not at all."""
        if chance.random() < 0.15:
            return chance.choice(ODD)
        if "$ref" in schema:
            return self.odd(self._resolved(schema), chance, depth)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.odd(chance.choice(schema[several]), chance, depth)
        if "enum" in schema:
            return chance.choice(schema["enum"])
        kind = schema.get("type", chance.choice(["string", "object", "integer"]))
        if kind == "object":
            parts = schema.get("properties", {}) if depth < 5 else {}
            must = set(schema.get("required", ()))
            return {
                key: self.odd(part, chance, depth + 1)
                for key, part in parts.items()
                if key in must or chance.random() < 0.7
            }
        if kind == "array":
            return [self.odd(schema.get("items", {}), chance, depth + 1) for _ in range(chance.randrange(3))]
        return chance.choice(OF_KIND.get(kind, OF_KIND["string"]))

    def _resolved(self, schema: Schema) -> Schema:
        found: Any = self._document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found  # type: ignore[no-any-return]


OF_FORMAT: Mapping[str, str] = {
    "date": "2026-11-25", "date-time": "2026-11-25T00:00:00Z", "uuid": "00000000-0000-0000-0000-000000000000",
    "email": "x@rival.example", "uri": "https://rival.example/",
}  # fmt: skip
# What clients send that was never thought of.
ODD: tuple[Any, ...] = (
    None, "", " ", [], {}, -1, 0, 2**31, 2**63, 10**30, 1.5, True, "a\x00b", "\ud800".encode("utf-16", "surrogatepass")
    .decode("utf-16", "replace"), "두" * 5000, "../../etc/passwd", "'; drop table x; --", "0000-00-00", "-1", "NaN",
    [[[[[[[]]]]]]], {"": {"": None}}, "00000000-0000-0000-0000-000000000000", "C0NOTHERE00",
)  # fmt: skip
OF_KIND: Mapping[str, tuple[Any, ...]] = {
    "string": (
        "word", "", "두레", "2026-11-23", "2026-11-23T03:00:00Z", "00000000-0000-0000-0000-000000000000", "C0NOTHERE00",
        "1", "a@b.example", "https://example.com/", "x" * 300, "9999-12-31", "0001-01-01T00:00:00Z", "a\x00b", "{{",
        "KRW",
    ),
    "integer": (0, 1, 7, -1, 100, 2**31, 2**63),
    "number": (0, 0.5, 1, -1, 1e308),
    "boolean": (True, False),
    "null": (None,),
}  # fmt: skip
