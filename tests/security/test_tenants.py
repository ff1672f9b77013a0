"""The walk across tenants: an owner of another organisation at every door, with this one's ids in every place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from dure.channels.slack.methods import METHODS
from dure.governance.http import COOKIE
from tests.security.description import Operation
from tests.security.house import FILLING, LEFT_OUT, MARK, NONE, Two, as_text
from tests.security.mending import as_far_as_it_goes
from tests.security.planting import PLANTED

pytestmark = pytest.mark.anyio

# Nobody need be signed in there: that the server lives, what signing in needs, and what a secret in the address opens.
PUBLIC = {
    "GET /healthz", "GET /readyz", "GET /metrics", "GET /api/v1/signin", "GET /api/v1/signin/openid/back",
}  # fmt: skip
# Other programs call there, and say who they are by a signature or a secret of the address.
BY_SIGNATURE = {"POST /api/v1/hear/{source}", "POST /api/v1/shared/{secret}/tiles/{number}/behind"}
# Bodies that have no schema, or whose ids lie deep: what is Sorimaru's is named in each.
CROSSED: list[tuple[str, str, Any]] = [
    ("POST", "deals", {"name": "x", "account": "{account}"}),
    ("POST", "contacts", {"last_name": "x", "account": "{account}"}),
    ("POST", "tasks", {"subject": "x", "about": "{deal}"}),
    ("POST", "notes", {"title": "x", "text": "x", "about": "{account}"}),
    ("POST", "boards", {"title": "x", "tiles": [{"metric": "{metric}"}]}),
    ("POST", "metric-alerts", {"metric": "{metric}", "channel": "{channel}"}),
    ("POST", "segments", {"name": "x", "rule": {"kind": "in_segment", "segment": "{segment}"}}),
    ("POST", "query", {"kind": "trend", "series": [{"event": "Song Played"}], "segment": "{segment}"}),
    ("POST", "automations", {"name": "x", "definition": {"trigger": {"event": "Deal Won", "zone": "UTC"}, "nodes": [
        {"id": "say", "kind": "channels.post", "with": {"channel": "{channel}", "text": "x"}}]}}),
]  # fmt: skip

# What Sorimaru itself says with these bodies is taken: the other says the same, with Sorimaru's ids in it.
CROSSING = [
    one
    for one in (*((key, "POST", path, body) for key, path, body in FILLING), *PLANTED)
    if re.search(r"\{(?!evil)\w+\}", str(one[2:]))
]
# What stands in an address and is no id.
MEANT = {
    "number": "1", "day": "2026-11-25", "currency": "KRW", "object_": "account", "stage": "new", "answer": "approve",
    "team": "marketing", "digest": "ab" * 16, "asking_id": NONE, "ts": "{message}", "mention_id": "{mentioned}",
    "person": "{someone}", "kind": "display", "name": "rocket", "conversations": "{conversation}",
    "policies": "people.ask", "providers": "email",
}  # fmt: skip
MOST_UNREACHED = 85  # most want a file, a sheet, a design or a rule that nobody makes of a schema


def _is_at(told: str, method: str, path: str) -> bool:
    """Whether an operation that is told of is asked by this method at this address."""
    how, _, where = told.split(": ")[0].partition(" ")
    return how == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", where), f"/api/v1/{path}") is not None


async def _rows(two: Two) -> Mapping[str, str]:
    """Every table's rows of Sorimaru, as one digest a table."""
    found, tenant = {}, two.cast.tenant
    async with two.house.state.begin_system() as tx:
        for table in await tx.rows(
            "select table_schema, table_name, array_agg(column_name::text) as columns from information_schema.columns"
            " where column_name in ('org', 'workspace') and table_schema <> 'feed'"
            " and data_type = 'text' group by 1, 2"
        ):
            name, columns = f'"{table["table_schema"]}"."{table["table_name"]}"', table["columns"]
            which = " and ".join(
                f"{column} = %({column})s" for column in columns if column != "org" or len(columns) < 2
            )
            found[name] = await tx.value(
                f"select count(*) || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as told"
                f" from {name} t where {which}",
                {"org": tenant.org, "workspace": tenant.workspace},
            )
    return found


async def _as_rival(two: Two, operation: Operation, path: str, body: Any, query: Any) -> httpx.Response:
    answer = await two.ask(two.rival, operation.method, path, body, query, form=operation.form)
    if answer.status_code == 401:  # the call before ended it
        two.rival = await two.house.governance.create_token(two.cast.rina, "user", two.cast.rina.user, ["*"])
        answer = await two.ask(two.rival, operation.method, path, body, query, form=operation.form)
    return answer


def _told(two: Two, answer: httpx.Response, sent: set[str], echoed: str = "") -> list[str]:
    """What it tells of Sorimaru beyond the ids that were sent; a word that was sought may be said back once."""
    text = as_text(answer)
    text = text.replace(f'"query": "{echoed}"', "") if echoed else text
    return [one for one in (MARK, "@sorimaru", "김미나", *(two.ids() - sent)) if one in text.lower() or one in text]


def _around(answer: httpx.Response, word: str) -> str:
    text = as_text(answer)
    return text[max(0, text.find(word) - 300) : text.find(word) + 200]


async def test_sorimaru_has_something_of_every_kind(two: Two) -> None:
    assert two.refused == {}
    assert len(two.made) >= 30
    mine = await two.ask(two.cast.token, "GET", "/api/v1/channels")
    assert _told(two, mine, set())  # what the walk looks for is there to be found
    opened = []
    for operation in two.described.operations:
        if operation.method == "GET" and "{" in operation.path:
            path, _ = two.address(operation)
            if (await two.ask(two.cast.token, "GET", path)).status_code == 200:
                opened.append(str(operation))
    print(f"{len(opened)} addresses with an id open to their owner")  # noqa: T201
    assert len(opened) >= 40  # and the ids in the addresses are those of things that are there


async def test_no_route_tells_or_changes_anything_of_another_organisation(two: Two) -> None:
    before, wrong, unreached, cells, real = await _rows(two), list[str](), list[str](), 0, 0
    first, last = Counter[int](), Counter[int]()  # how a cell answered at first, and after it was mended
    two.made |= {"mina": two.cast.mina.user, "workspace": two.cast.tenant.workspace}
    said: set[str] = set()  # what the other organisation said itself, and may read again in what it has
    for operation in sorted(two.described.operations, key=lambda one: one.method != "GET"):
        if LEFT_OUT.search(operation.path):
            continue
        path, sent = two.address(operation, MEANT)

        def named(name: str, sent: set[str] = sent) -> str | None:
            value = two.made["message"] if name in ("ts", "thread_ts") else two.of(name, name)
            if value == NONE:
                return None
            sent.add(value)
            return value

        query = {
            one["name"]: named(one["name"]) or "1"
            for one in operation.parameters
            if one["in"] == "query" and (one.get("required") or named(one["name"]))
        }
        body = two.described.value(operation.body, named) if operation.body else None

        async def say(given: Any, asked: Any, operation: Operation = operation, path: str = path) -> httpx.Response:
            return await _as_rival(two, operation, path, given, asked)

        bodies = [None, two.described.least(operation.body, named), body] if body and not operation.form else [body]
        reached = False
        for number, given in enumerate(bodies):
            answers = [await say(given, query)] if number == 0 and given is None else await as_far_as_it_goes(
                say, given, query, named
            )  # fmt: skip
            first[answers[0].status_code] += 1
            last[answers[-1].status_code] += 1
            reached |= answers[-1].status_code not in (400, 422)
            for answer in answers:
                cells += 1
                real += bool(sent - {NONE})
                if leaked := _told(two, answer, sent | said):
                    wrong.append(
                        f"{operation}: {answer.status_code} tells {leaked[:3]} in {_around(answer, leaked[0])}"
                    )
                if answer.status_code >= 500 and answer.status_code != 503:
                    wrong.append(f"{operation}: {answer.status_code} {answer.text[:200]} for {given}")
        if operation.method != "GET":
            said |= sent
        if not reached:
            unreached.append(f"{operation}: {answers[-1].status_code} {answers[-1].text[:160]}")
    for method, path, body in [*CROSSED, *((how, where, what) for _, how, where, what in CROSSING)]:
        given = json.loads(json.dumps(two.filled(body)).replace(MARK, "otherword"))
        answer = await two.ask(two.rival, method, "/api/v1/" + two.filled(path), given)
        cells += 1
        last[answer.status_code] += 1
        if answer.status_code not in (400, 422):
            unreached = [one for one in unreached if not _is_at(one, method, two.filled(path))]
        if leaked := _told(two, answer, set(two.made.values())):
            wrong.append(f"{method} {path}: {answer.status_code} tells {leaked[:3]} in {answer.text[:300]}")
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    after = await _rows(two)
    wrong += [f"changed: {table}" for table in before if before[table] != after[table]]
    print(f"{cells} cells, {real} with an id of the other organisation")  # noqa: T201
    print(f"at first {dict(first.most_common())}, at last {dict(last.most_common())}")  # noqa: T201
    print(f"{len(unreached)} operations stop before tenancy is asked:", *unreached, sep="\n  ")  # noqa: T201
    assert wrong == [], "\n".join(wrong)
    assert real >= 300
    assert len(unreached) <= MOST_UNREACHED


async def test_no_slack_method_tells_or_changes_anything_of_another_organisation(two: Two) -> None:
    before, wrong, cells = await _rows(two), [], 0
    made, mina = two.made, two.cast.users["mina"].id
    known = {
        "channel": made["channel"], "channel_id": made["channel"], "channels": made["channel"],
        "channel_ids": made["channel"], "conversation_id": made["channel"], "user": mina, "user_id": mina,
        "users": mina, "user_ids": mina, "email": two.cast.users["mina"].email, "ts": made["message"],
        "timestamp": made["message"], "message_ts": made["message"], "thread_ts": made["message"],
        "usergroup": made["group"], "usergroup_id": made["group"], "app_id": made["app"], "query": MARK, "text": "x",
        "name": "rocket", "role_id": made["role"], "entity_ids": mina, "emails": "someone@rival.example",
        "target_team": two.cast.tenant.workspace, "title": "x", "invite_request_id": made["asking"],
    }  # fmt: skip
    whole = {"team_id": two.cast.tenant.workspace, "team_ids": two.cast.tenant.workspace}
    for method in METHODS:
        for given in (known, {**known, **whole}, {**known, "channel": made["private"], "channel_id": made["private"]}):
            for attempt in range(2):
                answer = await two.http.post(
                    f"/slack/api/{method}", data=given, headers={"authorization": f"Bearer {two.rival}"}
                )
                if attempt or answer.json().get("error") not in ("token_revoked", "invalid_auth", "account_inactive"):
                    break
                two.rival = await two.house.governance.create_token(two.cast.rina, "user", two.cast.rina.user, ["*"])
            cells += 1
            leaked = _told(two, answer, set(given.values()) - {""}, MARK)
            if leaked or answer.json().get("error") == "internal_error":
                wrong.append(f"{method}: tells {leaked[:3]} in {answer.text[:300]}")
    after = await _rows(two)
    wrong += [f"changed: {table}" for table in before if before[table] != after[table]]
    print(f"{cells} cells")  # noqa: T201
    assert wrong == [], "\n".join(wrong)
    assert cells == 3 * len(METHODS) >= 600


async def test_every_change_by_cookie_needs_the_header_that_other_sites_cannot_set(two: Two) -> None:
    """A form of another site carries the cookie along, and nothing else."""
    rina = two.cast.rina
    async with two.house.state.begin(rina.tenant) as tx:
        session = await two.house.governance.sessions.begin_in(tx, rina.tenant, rina.user)
    cookie = {"cookie": f"{COOKIE}={session}"}
    assert (await two.http.get("/api/v1/me", headers=cookie)).status_code == 200
    wrong, cells = [], 0
    for operation in two.described.operations:
        if operation.method == "GET" or not operation.path.startswith("/api/v1/"):
            continue
        path, _ = two.address(operation)
        body = two.described.value(operation.body, lambda _: None) if operation.body else {}
        answer = await two.http.request(operation.method, path, json=body, headers=cookie)
        cells += 1
        if answer.status_code not in (401, 403) and str(operation) not in BY_SIGNATURE:
            wrong.append(f"{operation}: {answer.status_code} {answer.text[:120]}")
    print(f"{cells} cells")  # noqa: T201
    assert wrong == [], "\n".join(wrong)


async def test_nobody_gets_in_without_a_credential(two: Two) -> None:
    wrong, cells = [], 0
    for operation in two.described.operations:
        path, _ = two.address(operation)
        answer = await two.http.request(operation.method, path)
        cells += 1
        if answer.status_code < 400 and str(operation) not in PUBLIC:
            wrong.append(f"{operation}: {answer.status_code} {answer.text[:120]}")
    print(f"{cells} cells")  # noqa: T201
    assert wrong == [], "\n".join(wrong)
