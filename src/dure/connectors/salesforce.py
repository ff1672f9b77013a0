"""A Salesforce org, as deals' sync wants it: its REST through Dure's one way out.

Signs in with a consumer key and secret (client credentials), with a user's name and password beside them, or with a
session that is given. Every answer says how many of the day's calls are used; beyond the share that is Dure's, no
call is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from dure.automation.plugs import Answer, Outgoing
from dure.deals.plugs import Budget, Done, OutOfBudget, There
from dure.kernel.tenant import Tenant

_VERSION = "59.0"
_SECONDS = 60.0
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
_NOWHERE = Tenant("", "")
# Each object's answers are asked for in pages that fit through the way out.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Credentials:
    """`token` is a session that is given; else a key and a secret, with or without somebody's name and password."""

    url: str
    token: str = ""
    client_id: str = ""
    client_secret: str = ""
    username: str = ""
    password: str = ""


class SalesforceOrg:
    """Fills `deals.plugs.Elsewhere`. `share` is how much of the org's daily calls Dure may use, 0 to 1."""

    def __init__(self, outgoing: Outgoing, credentials: Credentials, share: float = 0.5) -> None:
        self._outgoing = outgoing
        self._credentials = credentials
        self._url = credentials.url.rstrip("/")
        self._session = credentials.token
        self._share = share
        self._budget = Budget(0, 0)

    @property
    def budget(self) -> Budget:
        return self._budget

    async def fields(self, object_: str) -> frozenset[str]:
        said = await self._get(f"sobjects/{object_}/describe")
        return frozenset(one["name"] for one in said["fields"] if one["updateable"])

    async def people(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        last = ""
        while True:
            behind = f" AND Id > '{last}'" if last else ""
            page = await self._query(
                f"SELECT Id, Email FROM User WHERE IsActive = true AND Email != null{behind} ORDER BY Id LIMIT {_MOST}"
            )
            found |= {one["Email"].lower(): one["Id"] for one in page}
            if len(page) < _MOST:
                return found
            last = page[-1]["Id"]

    async def stages(self) -> list[Mapping[str, Any]]:
        return list(
            await self._query(
                "SELECT ApiName, MasterLabel, DefaultProbability, ForecastCategory, IsClosed, IsWon"
                " FROM OpportunityStage WHERE IsActive = true ORDER BY SortOrder"
            )
        )

    async def changed(
        self, object_: str, fields: Sequence[str], since: str, after: tuple[str, str] | None, limit: int
    ) -> list[There]:
        where = ""
        if after is not None:
            at = _moment(after[0])
            where = f"WHERE (SystemModstamp > {at} OR (SystemModstamp = {at} AND Id > '{after[1]}'))"
        elif since:
            where = f"WHERE SystemModstamp >= {_moment(since)}"
        return await self._records(object_, fields, f"{where} ORDER BY SystemModstamp, Id LIMIT {limit}")

    async def some(self, object_: str, fields: Sequence[str], ids: Sequence[str]) -> list[There]:
        among = ", ".join(f"'{one}'" for one in ids)
        return await self._records(object_, fields, f"WHERE Id IN ({among})") if among else []

    async def deleted(self, object_: str, since: datetime, until: datetime) -> list[str]:
        span = urlencode({"start": _whole(since), "end": _whole(until)})
        said = await self._get(f"sobjects/{object_}/deleted/?{span}")
        return [one["id"] for one in said["deletedRecords"]]

    async def upsert(self, object_: str, key: str, records: Sequence[Mapping[str, Any]]) -> list[Done]:
        body = {"allOrNone": False, "records": [{"attributes": {"type": object_}, **one} for one in records]}
        return _done(await self._call("PATCH", f"composite/sobjects/{object_}/{key}", body))

    async def update(self, object_: str, records: Sequence[Mapping[str, Any]]) -> list[Done]:
        body = {"allOrNone": False, "records": [{"attributes": {"type": object_}, **one} for one in records]}
        return _done(await self._call("PATCH", "composite/sobjects", body))

    async def delete(self, ids: Sequence[str]) -> list[Done]:
        said = await self._call("DELETE", f"composite/sobjects?ids={','.join(ids)}&allOrNone=false")
        return [Done(one.id) if one.error.startswith("ENTITY_IS_DELETED") else one for one in _done(said)]

    # -- calls ------------------------------------------------------------------------------------------------------

    async def _records(self, object_: str, fields: Sequence[str], rest: str) -> list[There]:
        wanted = ", ".join(dict.fromkeys(["Id", "SystemModstamp", "LastModifiedById", *fields]))
        page = await self._query(f"SELECT {wanted} FROM {object_} {rest}")
        return [
            There(one["Id"], one["SystemModstamp"], one.get("LastModifiedById") or "",
                  {name: one.get(name) for name in fields})
            for one in page
        ]  # fmt: skip

    async def _query(self, text: str) -> list[dict[str, Any]]:
        said = await self._get(f"query/?q={quote(text)}")
        return list(said["records"])

    async def _get(self, path: str) -> Any:
        return await self._call("GET", path)

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer. OSError where the org refuses; a session that ran out is asked for once more."""
        for last in (False, True):
            if not self._session:
                await self._sign_in()
            self._require_budget()
            answer = await self._send(method, f"{self._url}/services/data/v{_VERSION}/{path}", body)
            if answer.status == 401 and not last and not self._credentials.token:
                self._session = ""
                continue
            return self._said(answer)
        raise AssertionError  # the second time always returns or raises

    async def _send(self, method: str, url: str, body: Any) -> Answer:
        headers = {"authorization": f"Bearer {self._session}", "accept": "application/json"}
        content = b""
        if body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(body).encode()
        answer = await self._outgoing.send(_NOWHERE, method, url, headers, content, _SECONDS)
        if found := _USAGE.search(answer.headers.get("sforce-limit-info", "")):
            self._budget = Budget(int(found[1]), int(found[2]))
        return answer

    def _said(self, answer: Answer) -> Any:
        if answer.status == 403 and "REQUEST_LIMIT_EXCEEDED" in answer.text:
            raise OutOfBudget
        if not 200 <= answer.status < 300:
            raise OSError(f"Salesforce answered {answer.status}: {answer.text[:300]}")
        if answer.json is None and answer.text:
            raise OSError("Salesforce's answer is not JSON, or too long.")
        return answer.json

    def _require_budget(self) -> None:
        if self._budget.total and self._budget.used >= self._budget.total * self._share:
            raise OutOfBudget

    async def _sign_in(self) -> None:
        known = self._credentials
        form = {"grant_type": "client_credentials", "client_id": known.client_id, "client_secret": known.client_secret}
        if known.username:
            form |= {"grant_type": "password", "username": known.username, "password": known.password}
        answer = await self._outgoing.send(
            _NOWHERE, "POST", f"{self._url}/services/oauth2/token",
            {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"},
            urlencode(form).encode(), _SECONDS,
        )  # fmt: skip
        said = answer.json if isinstance(answer.json, dict) else {}
        if answer.status != 200 or not said.get("access_token"):
            why = said.get("error_description") or said.get("error") or answer.text[:200]
            raise OSError(f"Salesforce let nobody in: {why}")
        self._session = said["access_token"]


def _done(said: Any) -> list[Done]:
    return [
        Done(one.get("id") or "")
        if one["success"]
        else Done("", "; ".join(f"{error['statusCode']}: {error['message']}" for error in one["errors"]))
        for one in said
    ]


def _moment(stamp: str) -> str:
    """A stamp of an answer as a query says it."""
    return stamp.replace("+0000", "Z")


def _whole(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
