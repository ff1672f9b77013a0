"""SCIM over HTTP: 2.0 at `/slack/scim/v2/`, 1.1 in Slack's manner at `/slack/scim/v1/`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dure.governance.access import access
from dure.governance.api import Governance
from dure.governance.model import Principal
from dure.governance.pace import Pace, Rate
from dure.governance.scim import versions
from dure.governance.scim.errors import BadSyntax
from dure.governance.scim.filters import Filter, holds, key_of, read, steps
from dure.governance.scim.model import (
    CORE_USER,
    GROUP_ATTRIBUTES,
    LISTS,
    USER_ATTRIBUTES,
    Group,
    Person,
    group_name,
    group_resource,
    members_of,
    person_resource,
    wish_of,
)  # fmt: skip
from dure.governance.scim.patching import patched
from dure.governance.scim.schemas import MOST, provider_config, resource_types, schemas
from dure.governance.scim.versions import V1, V2, Version
from dure.kernel.errors import DureError, NotAllowed, NotFound, NotSignedIn, TooMany
from dure.web.routing import APIRouter

PREFIX = "/slack/scim"
_READS, _WRITES, _USERS = Rate("scim-read", 1_000, 1_000), Rate("scim-write", 600, 180), Rate("scim-user", 180, 20)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_SEARCH = ".search"

Handler = Callable[["Ask"], Awaitable[Response]]


class Ask:
    """One request: who asks, in which version, about what."""

    def __init__(self, request: Request, version: Version, principal: Principal, governance: Governance) -> None:
        self.request = request
        self.version = version
        self.principal = principal
        self.people = governance.directory
        self.groups = governance.idp_groups
        self.base = f"{str(request.base_url).rstrip('/')}{PREFIX}/{version.path}/"

    async def body(self) -> dict[str, Any]:
        """The body as SCIM 2.0 would have it."""
        try:
            found = json.loads(await self.request.body())
        except (ValueError, RecursionError) as error:
            raise BadSyntax("The body is not JSON.") from error
        if not isinstance(found, dict):
            raise BadSyntax("The body is a JSON object.")
        return self.version.read(found)

    def shown(self, resource: Mapping[str, Any], kind: str, made: str, changed: str) -> dict[str, Any]:
        location = f"{self.base}{kind}s/{resource['id']}"
        meta = {"resourceType": kind, "created": made, "lastModified": changed, "location": location}
        whole = {**resource, "meta": meta}
        whole["meta"]["version"] = _etag(whole)
        return whole

    def person(self, person: Person) -> dict[str, Any]:
        times = (_time(person.created_at), _time(person.changed_at))
        return self.shown(person_resource(person), "User", *times)

    def group(self, group: Group) -> dict[str, Any]:
        made = group_resource(group)
        made["members"] = [{**one, "$ref": f"{self.base}Users/{one['value']}"} for one in made["members"]]
        return self.shown(made, "Group", _time(group.created_at), _time(group.changed_at))

    def answer(
        self, resource: Mapping[str, Any], status: int = 200, wanted: Mapping[str, Any] | None = None
    ) -> Response:
        etag = resource["meta"]["version"]
        headers = {"location": resource["meta"]["location"], "etag": etag}
        if self.request.method == "GET" and self.request.headers.get("if-none-match") in (etag, "*"):
            return Response(status_code=304, headers=headers)
        asked = self.request.query_params if wanted is None else wanted
        return self.version.json(self.version.write(_chosen(resource, asked)), status, headers)

    def require_same(self, resource: Mapping[str, Any]) -> None:
        """A change that names another state than the resource is in is refused."""
        said = self.request.headers.get("if-match")
        if said not in (None, "*", resource["meta"]["version"]):
            raise versions.Changed


def router(governance: Governance, pace: Pace) -> APIRouter:
    routes = APIRouter()
    for version in (V1, V2):
        for path, handler, rate in (
            ("Users", users, _USERS), ("Users/{id}", user, _USERS), ("Groups", groups, _WRITES),
            ("Groups/{id}", group, _WRITES),
        ):  # fmt: skip
            endpoint = _answering(handler, version, governance, pace, rate)
            routes.add_route(f"{PREFIX}/{version.path}/{path}", endpoint, methods=_METHODS, include_in_schema=False)
    for names, told in (
        (("v1/ServiceProviderConfigs",), versions.provider_config_v1),
        (("v2/ServiceProviderConfig", "v2/ServiceProviderConfigs"), provider_config),
        (("v2/Schemas", "v2/Schemas/{id}"), schemas),
        (("v2/ResourceTypes", "v2/ResourceTypes/{id}"), resource_types),
    ):
        for name in names:
            version = V1 if name.startswith("v1") else V2
            endpoint = _answering(_about(told), version, governance, pace, _WRITES)
            routes.add_route(f"{PREFIX}/{name}", endpoint, methods=_METHODS, include_in_schema=False)
    endpoint = _answering(everything, V2, governance, pace, _WRITES)
    routes.add_route(f"{PREFIX}/v2/{_SEARCH}", endpoint, methods=_METHODS, include_in_schema=False)
    for version in (V1, V2):
        endpoint = _answering(_nothing, version, governance, pace, _WRITES)
        routes.add_route(f"{PREFIX}/{version.path}/{{path:path}}", endpoint, methods=_METHODS, include_in_schema=False)
    return routes


async def users(ask: Ask) -> Response:
    """All, or a new one."""
    if ask.request.method == "POST":
        made = await ask.people.create(ask.principal, wish_of(await ask.body()))
        return ask.answer(ask.person(made), 201)
    _only(ask, "GET")
    return await _users_page(ask, ask.request.query_params)


async def user(ask: Ask) -> Response:
    """One: read, made anew, changed in part, or ended."""
    which, method = ask.request.path_params["id"], ask.request.method
    if which == _SEARCH and method == "POST":
        return await _users_page(ask, await _searched(ask))
    _only(ask, "GET", "PUT", "PATCH", "DELETE")
    person = await ask.people.person(ask.principal, which)
    before = ask.person(person)
    if method == "GET":
        return ask.answer(before)
    ask.require_same(before)
    if method == "DELETE":
        await ask.people.end(ask.principal, which)
        return ask.version.ended()
    said = await ask.body()
    if method == "PUT":
        wanted: Mapping[str, Any] = said
    elif ask.version is V1 and "Operations" not in said:
        wanted = versions.merged(before, said)
    else:
        wanted = patched(before, _operations(said), LISTS, USER_ATTRIBUTES)
    return ask.answer(ask.person(await ask.people.change(ask.principal, which, wish_of(wanted))))


async def groups(ask: Ask) -> Response:
    """All, or a new one."""
    if ask.request.method == "POST":
        said = await ask.body()
        external = str(said.get("externalId") or "")[:254]
        made = await ask.groups.create(ask.principal, group_name(said), external, members_of(said))
        return ask.answer(ask.group(made), 201)
    _only(ask, "GET")
    return await _groups_page(ask, ask.request.query_params)


async def group(ask: Ask) -> Response:
    """One: read, made anew, changed in part, or deleted."""
    which, method = ask.request.path_params["id"], ask.request.method
    if which == _SEARCH and method == "POST":
        return await _groups_page(ask, await _searched(ask))
    _only(ask, "GET", "PUT", "PATCH", "DELETE")
    before = ask.group(await ask.groups.group(ask.principal, which))
    if method == "GET":
        return ask.answer(before)
    ask.require_same(before)
    if method == "DELETE":
        await ask.groups.delete(ask.principal, which)
        return Response(status_code=204)
    said = await ask.body()
    if method == "PUT":
        wanted: Mapping[str, Any] = {"members": [], **said}
    elif ask.version is V1 and "Operations" not in said:
        wanted = versions.merged(before, said)
    else:
        wanted = patched(before, _operations(said), LISTS, GROUP_ATTRIBUTES)
    external = str(wanted.get("externalId") or "")[:254]
    made = await ask.groups.change(ask.principal, which, group_name(wanted), external, members_of(wanted))
    if method == "PATCH" and ask.version is V1:
        return Response(status_code=204)
    return ask.answer(ask.group(made))


async def everything(ask: Ask) -> Response:
    """People and groups searched at once."""
    _only(ask, "POST")
    asked = await _searched(ask)
    said = _filter(asked)
    shown = [ask.person(one) for one in await ask.people.people(ask.principal)]
    shown += [ask.group(one) for one in await ask.groups.listed(ask.principal)]
    return _page(ask, [one for one in shown if said is None or holds(said, one)], asked)


async def _users_page(ask: Ask, asked: Mapping[str, Any]) -> Response:
    said = _filter(asked)
    found = await ask.people.people(ask.principal, said if not _about_meta(said) else None)
    shown: list[dict[str, Any]] = [ask.person(one) for one in found] if _about_meta(said) else []
    if shown:
        return _page(ask, [one for one in shown if said is None or holds(said, one)], asked)
    return _page(ask, found, asked, ask.person)


async def _groups_page(ask: Ask, asked: Mapping[str, Any]) -> Response:
    said = _filter(asked)
    shown = [ask.group(one) for one in await ask.groups.listed(ask.principal)]
    return _page(ask, [one for one in shown if said is None or holds(said, one)], asked)


def _page(
    ask: Ask, found: Sequence[Any], asked: Mapping[str, Any], show: Callable[[Any], dict[str, Any]] | None = None
) -> Response:
    start = max(1, _number(asked, "startIndex", 1))
    count = max(0, min(MOST, _number(asked, "count", 100)))
    part = found[start - 1 : start - 1 + count]
    resources = [show(one) if show else one for one in part]
    return ask.version.json(
        {
            "totalResults": len(found), "itemsPerPage": len(part), "startIndex": start,
            "schemas": ask.version.listing,
            "Resources": [ask.version.write(_chosen(one, asked)) for one in resources],
        }
    )  # fmt: skip


def _answering(handler: Handler, version: Version, governance: Governance, pace: Pace, rate: Rate) -> Any:
    async def answer(request: Request) -> Response:
        try:
            principal = await _principal(request, governance)
            reads = request.method == "GET" or request.path_params.get("id") == _SEARCH
            pace.take(_READS if reads else _WRITES, principal.tenant.org)
            if not reads and rate is _USERS:
                pace.take(_USERS, principal.tenant.org)
            return await handler(Ask(request, version, principal, governance))
        except DureError as error:
            headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooMany) else {}
            if isinstance(error, NotSignedIn):
                headers["www-authenticate"] = "Bearer"
            return version.json(version.error(error), versions.status_of(error), headers)

    return answer


def _about(told: Callable[[str], Any]) -> Handler:
    async def handle(ask: Ask) -> Response:
        _only(ask, "GET")
        found, which = told(ask.base), ask.request.path_params.get("id")
        if which is not None:
            found = next((one for one in found if one["id"] == which), None)
            if found is None:
                raise NotFound("There is no such thing.")
        if "filter" in ask.request.query_params:
            raise NotAllowed("What the door says of itself is not filtered.")
        if isinstance(found, list):
            found = {
                "schemas": V2.listing, "totalResults": len(found), "itemsPerPage": len(found), "startIndex": 1,
                "Resources": found,
            }  # fmt: skip
        return ask.version.json(found)

    return handle


async def _nothing(_: Ask) -> Response:
    raise NotFound("There is no such address.")


async def _principal(request: Request, governance: Governance) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("A token of an owner or administrator of the organisation is needed.")
    principal = await governance.principal(token.strip())
    if principal.kind != "user":
        raise NotAllowed("A person's token is needed, of an owner or administrator of the organisation.")
    access(principal, "scim:write")
    return principal


def _only(ask: Ask, *methods: str) -> None:
    if ask.request.method not in methods:
        raise versions.NoMethod


def _operations(said: Mapping[str, Any]) -> object:
    key = key_of(said, "Operations")
    return said[key] if key else None


async def _searched(ask: Ask) -> dict[str, Any]:
    said = await ask.body()
    return {key: ",".join(value) if isinstance(value, list) else value for key, value in said.items()}


def _filter(asked: Mapping[str, Any]) -> Filter | None:
    text = asked.get("filter")
    return read(str(text)) if text else None


def _about_meta(said: Filter | None) -> bool:
    return said is not None and "meta" in str(said)


def _number(asked: Mapping[str, Any], name: str, default: int) -> int:
    text = str(asked.get(name, "") or default)
    if not text.lstrip("-").isdigit() or len(text) > 9:
        raise BadSyntax(f"`{name}` is a whole number.", field=name)
    return int(text)


def _chosen(resource: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """As much of a resource as was asked for (`attributes`), or all but what was not (`excludedAttributes`)."""
    only = [one.strip() for one in str(asked.get("attributes") or "").split(",") if one.strip()]
    but = [one.strip() for one in str(asked.get("excludedAttributes") or "").split(",") if one.strip()]
    if only:
        made: dict[str, Any] = {key: resource[key] for key in ("schemas", "id")}
        for path in only:
            _copy(resource, made, _bare(path))
        return made
    made = dict(resource)
    for path in but:
        names = _bare(path)
        key = key_of(made, names[0])
        if key is None or key in ("schemas", "id"):
            continue
        if len(names) == 1:
            made.pop(key)
        else:
            made[key] = _without(made[key], names[1])
    return made


def _bare(path: str) -> list[str]:
    """An attribute's path, without the schema that is every resource's own."""
    names = steps(path)
    if len(names) > 1 and names[0].lower() in (CORE_USER.lower(), CORE_USER.lower().replace("user", "group")):
        return names[1:]
    return names


def _copy(resource: Mapping[str, Any], made: dict[str, Any], names: Sequence[str]) -> None:
    key = key_of(resource, names[0])
    if key is None:
        return
    value = resource[key]
    if len(names) == 1:
        made[key] = value
    elif isinstance(value, list):
        olds = made.get(key) or [{} for _ in value]
        made[key] = [{**old, **_part(one, names[1])} for old, one in zip(olds, value, strict=True)]
    elif isinstance(value, Mapping):
        made[key] = {**made.get(key, {}), **_part(value, names[1])}


def _part(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    key = key_of(value, name)
    return {} if key is None else {key: value[key]}


def _without(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_without(one, name) for one in value]
    return {key: one for key, one in value.items() if key.lower() != name.lower()}


def _etag(resource: Mapping[str, Any]) -> str:
    text = json.dumps(resource, sort_keys=True, default=str).encode()
    return f'W/"{hashlib.sha256(text).hexdigest()[:16]}"'


def _time(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds")).replace("+00:00", "Z")
