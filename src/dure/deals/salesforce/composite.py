"""Several calls in one: each may refer to what another gave back; together they may be all or none."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.faults import Fault

MOST = 25
_MOST_QUERIES = 5
_REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d{1,5}\])*)\}", re.ASCII)
_STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_]{1,80}", re.ASCII)
_HALTED = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same transaction failed.",
    }
]

Dispatch = Callable[[Call], Awaitable[Answer]]
# Calls that may stand inside another: of the same version, and none that has calls inside itself.
_INSIDE = re.compile(r"/services/data/v(\d{1,3}\.\d)/(.+)")


class Composite:
    def __init__(self, dispatch: Dispatch, inner: Callable[..., Call]) -> None:
        self._dispatch = dispatch
        self._inner = inner

    async def composite(self, call: Call) -> Answer:
        """`compositeRequest`: in order, `@{reference.path}` standing for what an earlier one gave."""
        body = call.json_object()
        asked = body.get("compositeRequest")
        if not isinstance(asked, list) or not asked or not all(isinstance(one, dict) for one in asked):
            raise Fault("JSON_PARSER_ERROR", "`compositeRequest` is a list of requests")
        if len(asked) > MOST:
            raise Fault("LIMIT_EXCEEDED", f"A composite request has at most {MOST} subrequests.")
        if sum("/query" in str(one.get("url", "")) for one in asked) > _MOST_QUERIES:
            raise Fault("LIMIT_EXCEEDED", f"A composite request has at most {_MOST_QUERIES} queries.")
        names = [one.get("referenceId") for one in asked]
        if any(not isinstance(name, str) or not _NAME.fullmatch(name) for name in names) or len({*names}) < len(names):
            raise Fault("INVALID_REFERENCE_ID", "Each subrequest has a `referenceId` of its own.")
        if body.get("allOrNone") is not True:
            return Answer(body={"compositeResponse": await self._in_order(call, asked, stop=False)})
        results: list[dict[str, Any]] = []
        try:
            async with call.begin() as tx:
                results = await self._in_order(replace(call, tx=tx), asked, stop=True)
                if any(one["httpStatusCode"] >= 300 for one in results):
                    raise _Undo
        except _Undo:
            failed = next(n for n, one in enumerate(results) if one["httpStatusCode"] >= 300)
            results = [
                one if n == failed else {**one, "body": _HALTED, "httpHeaders": {}, "httpStatusCode": 400}
                for n, one in enumerate(results)
            ]
        return Answer(body={"compositeResponse": results})

    async def _in_order(self, call: Call, asked: list[dict[str, Any]], *, stop: bool) -> list[dict[str, Any]]:
        given: dict[str, Any] = {}
        failed: set[str] = set()
        results: list[dict[str, Any]] = []
        halted = False
        for one in asked:
            name = one["referenceId"]
            if halted:
                results.append(_result(name, Answer(400, _HALTED)))
                continue
            try:
                filled = _filled(one, given, failed)
                answer = await self._dispatch(self._inside(call, filled))
            except Fault as fault:
                answer = Answer(fault.status, [fault.as_salesforce()])
            results.append(_result(name, answer))
            if answer.ok:
                given[name] = answer.body
            else:
                failed.add(name)
                halted = stop
        return results

    def _inside(self, call: Call, one: Mapping[str, Any]) -> Call:
        method, url = one.get("method"), one.get("url")
        if not isinstance(method, str) or not isinstance(url, str):
            raise Fault("JSON_PARSER_ERROR", "A subrequest has a `method` and a `url`.")
        parts = urlsplit(url)
        match = _INSIDE.fullmatch(parts.path)
        if match is None:
            raise Fault("INVALID_SUBREQUEST", f"The url {url[:200]!r} is not one of this API's.")
        body = json.dumps(one["body"]).encode() if one.get("body") is not None else b""
        headers = one.get("httpHeaders") or one.get("richInput") or {}
        made = self._inner(call, method.upper(), match[1], match[2], parts.query, body, headers)
        if made.parts[:1] == ("composite",) and made.parts[1:2] not in (("sobjects",), ("tree",)):
            raise Fault("INVALID_SUBREQUEST", "A composite request cannot hold another.")
        if made.parts[:1] == ("jobs",):
            raise Fault("INVALID_SUBREQUEST", "Jobs cannot be part of a composite request.")
        return made

    async def batch(self, call: Call) -> Answer:
        """`batchRequests`: independent of each other."""
        body = call.json_object()
        asked = body.get("batchRequests")
        if not isinstance(asked, list) or not asked or not all(isinstance(one, dict) for one in asked):
            raise Fault("JSON_PARSER_ERROR", "`batchRequests` is a list of requests")
        if len(asked) > MOST:
            raise Fault("LIMIT_EXCEEDED", f"A batch has at most {MOST} subrequests.")
        halt = body.get("haltOnError") is True
        results: list[dict[str, Any]] = []
        for one in asked:
            if halt and any(done["statusCode"] >= 300 for done in results):
                said = "The subrequest was skipped: an earlier one failed."
                results.append(
                    {"statusCode": 412, "result": [{"errorCode": "BATCH_PROCESSING_HALTED", "message": said}]}
                )
                continue
            url = str(one.get("url", ""))
            # Here an address may begin with the version alone.
            url = url if url.startswith("/services/") else f"/services/data/{url.lstrip('/')}"
            try:
                asked_for = {"method": one.get("method"), "url": url, "body": one.get("richInput")}
                answer = await self._dispatch(self._inside(call, asked_for))
            except Fault as fault:
                answer = Answer(fault.status, [fault.as_salesforce()])
            results.append({"statusCode": answer.status, "result": answer.body})
        return Answer(body={"hasErrors": any(one["statusCode"] >= 300 for one in results), "results": results})


class _Undo(Exception):
    """Takes back a transaction whose results are told nevertheless."""


def _result(name: str, answer: Answer) -> dict[str, Any]:
    headers = {"Location": answer.headers["location"]} if "location" in answer.headers else {}
    return {"body": answer.body, "httpHeaders": headers, "httpStatusCode": answer.status, "referenceId": name}


def _filled(one: dict[str, Any], given: Mapping[str, Any], failed: set[str]) -> dict[str, Any]:
    """The request with every reference in its url and body filled in."""

    def value_of(match: re.Match[str]) -> Any:
        name, path = match[1], match[2]
        if name in failed:
            raise Fault("PROCESSING_HALTED", f"Invalid reference specified. {name} was not successful.")
        if name not in given:
            raise Fault("PROCESSING_HALTED", f"Invalid reference specified. No value for {name}{path} found.")
        at = given[name]
        for key, index in _STEP.findall(path):
            if key and isinstance(at, dict) and key in at:
                at = at[key]
            elif index and isinstance(at, list) and int(index) < len(at):
                at = at[int(index)]
            else:
                raise Fault("PROCESSING_HALTED", f"Invalid reference specified. No value for {name}{path} found.")
        return at

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            whole = _REFERENCE.fullmatch(value)
            return value_of(whole) if whole else _REFERENCE.sub(lambda match: str(value_of(match)), value)
        if isinstance(value, dict):
            return {key: fill(inner) for key, inner in value.items()}
        return [fill(inner) for inner in value] if isinstance(value, list) else value

    return {**one, "url": fill(one.get("url")), "body": fill(one.get("body"))}
