"""Personal data rules: what is named is gone or hashed, wherever it lies."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.ingest.personal import PersonalData, PersonalRule, checked, plain
from dure.kernel.errors import Invalid

SECRET = b"s" * 32


def data(*names: str, do: Any = "drop", where: Any = "both", keep_address: bool = False) -> PersonalData:
    return PersonalData(checked([PersonalRule(name, do, where) for name in names]), keep_address, SECRET)


@pytest.mark.parametrize(
    ("rule", "given_", "kept"),
    [
        ("email", {"email": "a@b.c", "plan": "pro"}, {"plan": "pro"}),
        ("email", {"Email": 1, "$EMAIL": 2, "emails": 3}, {"emails": 3}),
        ("email", {"user": {"email": 1, "id": 2}, "list": [{"email": 1}, [{"email": 2, "a": 3}], 4]},
         {"user": {"id": 2}, "list": [{}, [{"a": 3}], 4]}),
        ("address.street", {"address": {"street": 1, "city": 2}, "street": 3}, {"address": {"city": 2}, "street": 3}),
        ("address.street", {"home": {"address": [{"street": 1}]}, "address.street": 2}, {"home": {"address": [{}]}}),
        ("phone*", {"phone": 1, "phone_home": 2, "telephone": 3, "phone.x": 4}, {"telephone": 3}),
        ("user.em*", {"user": {"email": 1, "emu": 2, "name": 3}, "email": 4}, {"user": {"name": 3}, "email": 4}),
    ],
)  # fmt: skip
def test_a_name_is_found_wherever_it_lies(rule: str, given_: dict[str, Any], kept: dict[str, Any]) -> None:
    before = json.dumps(given_)
    assert data(rule).clean(given_, traits=False) == kept
    assert json.dumps(given_) == before, "events of a batch share their context: nothing is changed in place"


def test_where_tells_traits_from_properties() -> None:
    event = {"email": 1, "$set": {"email": 2}, "trait_changes": {"set_once": {"email": 3}}}
    assert data("email", where="properties").clean(event, traits=False) == {
        "$set": {"email": 2}, "trait_changes": {"set_once": {"email": 3}},
    }  # fmt: skip
    assert data("email", where="traits").clean(event, traits=False) == {
        "email": 1, "$set": {}, "trait_changes": {"set_once": {}},
    }  # fmt: skip
    assert data("email", where="traits").clean({"email": 1}, traits=True) == {}
    assert data("email", where="properties").clean({"email": 1}, traits=True) == {"email": 1}


def test_a_hash_is_keyed_and_the_same_for_the_same_value() -> None:
    cleaned = data("email", "n", do="hash").clean({"email": "a@b.c", "n": 17, "x": {"email": None}}, traits=False)
    assert cleaned["email"] == hmac.new(SECRET, b"a@b.c", hashlib.sha256).hexdigest()
    assert cleaned["n"] == hmac.new(SECRET, b"17", hashlib.sha256).hexdigest()
    assert cleaned["x"] == {"email": None}
    other = PersonalData(checked([PersonalRule("email", "hash")]), False, b"o" * 32)
    assert other.clean({"email": "a@b.c"}, traits=False)["email"] != cleaned["email"]


@pytest.mark.parametrize("name", ["", "*", "a*b", ".a", "a..b", "x" * 201, "anonymous_id", "prev*", "trait_changes"])
def test_a_rule_that_makes_no_sense_is_named(name: str) -> None:
    with pytest.raises(Invalid) as raised:
        data("email", name)
    assert raised.value.field == "rules.1.name"


def test_two_rules_for_one_name_are_one_too_many() -> None:
    with pytest.raises(Invalid):
        checked([PersonalRule("email"), PersonalRule("$Email", "hash", "traits")])
    assert len(checked([PersonalRule("email", "drop", "traits"), PersonalRule("email", "hash", "properties")])) == 2


def test_what_is_shown_of_a_refused_event_holds_nothing_that_was_named() -> None:
    raw = b'{"userId":"null","properties":{"email":"a@b.c","plan":"pro"},"context":{"ip":"203.0.113.9"}}'
    assert data("email").shown(raw) == b'{"userId":"null","properties":{"plan":"pro"},"context":{}}'
    assert data("email", do="hash").shown(raw).count(b"a@b.c") == 0
    assert data(keep_address=True).shown(raw) == raw
    broken = b'{"email":"a@b.c","ip":"203.0.113.9","v6":"2001:db8::1:2",]'
    for secret in (b"a@b.c", b"203.0.113.9", b"2001"):
        assert secret not in data("email").shown(broken)
    assert b"a@b.c" in data().shown(broken)
    assert b"203.0.113.9" not in data().shown(broken)
    assert b"a@b.c" not in data("email").shown(b'{"email":"a@b.c","x":' + b"[" * 5000)


NAMES = st.sampled_from(["email", "Email", "$email", "phone", "phone_home", "address", "street", "plan", "a.b", "x"])
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def paths(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every path of names in a value, as slow and obvious as can be."""
    if isinstance(value, list):
        return [path for item in value for path in paths(item, at)]
    if isinstance(value, dict):
        return [path for name, item in value.items() for path in [(*at, name), *paths(item, (*at, name))]]
    return []


def named(path: tuple[str, ...]) -> bool:
    words = [plain(name) for name in path]
    return words[-1] == "email" or words[-1].startswith("phone") or words[-2:] == ["address", "street"]


@settings(deadline=None)
@given(properties=st.dictionaries(NAMES, VALUES, max_size=5), traits=st.booleans())
def test_no_dropped_name_ever_comes_through_and_nothing_else_is_lost(properties: dict[str, Any], traits: bool) -> None:
    rules = data("email", "phone*", "address.street")
    cleaned = rules.clean(properties, traits=traits)
    assert not [path for path in paths(cleaned) if named(path)]
    kept = [path for path in paths(properties) if not any(named(path[:n]) for n in range(1, len(path) + 1))]
    assert paths(cleaned) == kept
    assert not [path for path in paths(json.loads(rules.shown(json.dumps(properties).encode()))) if named(path)]
