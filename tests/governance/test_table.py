"""The permission table: every right that is asked for is in it, and it says what its roles may."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.governance.access import access, allowed, columns_of, covers
from dure.governance.model import OrgRole, Principal, Role
from dure.governance.roles.table import COLUMNS, TABLE, holds, reaches
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant

SRC = Path(__file__).resolve().parents[2] / "src"
SORI = Tenant("E0SORIMARU0", "T0SORIMARU0")
# Where the right is no text in the call: each says why that is well.
MADE_UP = {
    "dure.governance.roles.routes",  # every right of the table, for its reader
    "dure.channels.slack.admin",  # given by the methods, which name it in full
    "dure.screens",  # `{kind}:read`, of whatever a browser asks for: what is not in the table is refused
    "dure.channels.interaction.contact",  # given by callers, who name it in full
    "dure.governance.access",  # the rule itself
    "dure.governance.roles.custom",  # the rights of a role, each of which was looked up in the table
}


@functools.cache
def module_of(name: str) -> ast.Module:
    path = SRC.joinpath(*name.split(".")).with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")


def constant(module: str, name: str) -> str | None:
    """The text that a module's name stands for, wherever it came from."""
    for line in module_of(module).body:
        if isinstance(line, ast.Assign):
            for target in line.targets:
                pairs = (
                    zip(target.elts, line.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(line.value, ast.Tuple) else [(target, line.value)]
                )  # fmt: skip
                for left, right in pairs:
                    if isinstance(left, ast.Name) and left.id == name and isinstance(right, ast.Constant):
                        return str(right.value)
        if isinstance(line, ast.ImportFrom) and line.module:
            for alias in line.names:
                if (alias.asname or alias.name) == name:
                    return constant(line.module, alias.name)
    return None


def asked() -> Iterator[tuple[str, int, str | None]]:
    """Every right in a call of `access` or `allowed`: module, line, right; None for one that is made up."""
    for path in sorted(SRC.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "access(" not in text and "allowed(" not in text:
            continue
        module = ".".join(path.relative_to(SRC).with_suffix("").parts)
        for call in ast.walk(module_of(module)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or len(call.args) < 2:
                continue
            if call.func.id not in ("access", "allowed"):
                continue
            right = call.args[1]
            choices = [right.body, right.orelse] if isinstance(right, ast.IfExp) else [right]
            for one in choices:
                if isinstance(one, ast.Constant):
                    yield module, call.lineno, str(one.value)
                elif isinstance(one, ast.Name):
                    yield module, call.lineno, constant(module, one.id)
                else:
                    yield module, call.lineno, None


def test_every_right_that_is_asked_for_is_in_the_table() -> None:
    found = list(asked())
    assert len(found) > 500
    missing = [f"{module}:{line} {right}" for module, line, right in found if right is not None and right not in TABLE]
    assert missing == []
    assert {module for module, _, right in found if right is None} <= MADE_UP


def test_no_right_stands_in_the_table_that_nobody_holds() -> None:
    for right in TABLE.values():
        assert right.roles, right.name
        assert right.roles <= set(COLUMNS)


def test_what_is_not_in_the_table_is_held_by_nobody_whatever_they_carry() -> None:
    owner = Principal(SORI, "U0MINA", Role.OWNER, org_role=OrgRole.OWNER, grants=frozenset({"made:up"}))
    assert not allowed(owner, "made:up")
    with pytest.raises(NotAllowed):
        access(owner, "made:up")


def test_roles_widen_from_guest_to_owner() -> None:
    def has(column: str) -> set[str]:
        return {name for name in TABLE if holds(frozenset({column}), name)}

    assert has("single") <= has("multi") <= has("member") <= has("admin") <= has("owner")
    assert has("org_auditor") <= has("org_admin") <= has("org_owner")
    assert not has("owner") & has("org_owner")  # a workspace's owner has no say in the whole by that alone


def test_a_custom_role_gives_what_it_names_and_in_one_channel_only_there() -> None:
    gil = Principal(SORI, "U0GIL", Role.GUEST, guest="single", grants=frozenset({"channel:manage@C01", "deals:read"}))
    assert columns_of(gil) == {"single"}
    assert allowed(gil, "deals:read")
    assert not allowed(gil, "deals:write")
    assert allowed(gil, "channel:manage", "C01")
    assert not allowed(gil, "channel:manage", "C02")
    assert not allowed(gil, "channel:manage")
    assert covers(gil, ["deals:read"])
    assert not covers(gil, ["deals:read", "deals:write"])


def test_a_custom_role_goes_no_further_than_a_tokens_scopes() -> None:
    app = Principal(SORI, "U0BOT", Role.MEMBER, frozenset({"deals:read"}), "bot", grants=frozenset({"people:erase"}))
    assert allowed(app, "deals:read")
    assert not allowed(app, "people:erase")


def test_a_right_can_be_given_where_it_means_something() -> None:
    assert reaches("channel:post", "channel")
    assert not reaches("deals:read", "channel")
    assert reaches("deals:read", "workspace")
    assert not reaches("org:write", "workspace")
    assert reaches("org:write", "organisation")
