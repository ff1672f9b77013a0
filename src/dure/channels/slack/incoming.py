"""Incoming webhooks at `/slack/services/T…/B…/SECRET`: `ok` in plain text, or Slack's name for what was wrong."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from dure.channels.apps.api import Apps
from dure.channels.apps.webhooks import InvalidToken, NoService, NoTeam
from dure.channels.model import Draft, ts_of
from dure.channels.refusals import (
    BadTimestamp,
    BlocksTooLong,
    ChannelNotFound,
    InvalidBlocks,
    IsArchived,
    MessageTooLong,
    NoText,
    ThreadNotFound,
)
from dure.kernel.errors import DureError, TooMany
from dure.web.routing import APIRouter

log = structlog.get_logger("dure.channels.slack")

_LARGEST = 1024 * 1024
_MOST_ATTACHMENTS = 100

# What is answered, by what went wrong: Slack's word and its HTTP status.
_WORDS: tuple[tuple[type[DureError], str, int], ...] = (
    (NoTeam, "no_team", 404),
    (NoService, "no_service", 404),
    (InvalidToken, "invalid_token", 403),
    (ChannelNotFound, "channel_not_found", 404),
    (IsArchived, "channel_is_archived", 410),
    (NoText, "no_text", 400),
    (InvalidBlocks, "invalid_blocks", 400),
    (BlocksTooLong, "msg_blocks_too_long", 400),
    (MessageTooLong, "msg_too_long", 400),
    (ThreadNotFound, "thread_not_found", 400),
    (BadTimestamp, "invalid_thread_ts", 400),
)


class _Wrong(Exception):
    """A body that is answered with a word at once."""

    def __init__(self, word: str, status: int = 400) -> None:
        self.word = word
        self.status = status
        super().__init__(word)


def incoming_router(apps: Apps) -> APIRouter:
    router = APIRouter()

    async def answer(request: Request) -> PlainTextResponse:
        team, hook, secret = (request.path_params[name] for name in ("team", "hook", "secret"))
        try:
            await apps.post_by_webhook(team, hook, secret, _draft(await _payload(request)))
        except _Wrong as wrong:
            return PlainTextResponse(wrong.word, wrong.status)
        except TooMany as error:
            return PlainTextResponse("rate_limited", 429, {"retry-after": str(error.retry_after)})
        except DureError as error:
            return _refusal(error)
        except RecursionError:  # nested as deeply as JSON may be, and deeper than what looks into it
            return PlainTextResponse("invalid_payload", 400)
        except Exception:
            log.exception("a webhook failed", webhook=hook)
            return PlainTextResponse("rollup_error", 500)
        return PlainTextResponse("ok")

    router.add_api_route(
        "/slack/services/{team}/{hook}/{secret}", answer, methods=["POST", "GET"], include_in_schema=False,
        response_model=None,
    )  # fmt: skip
    return router


async def _payload(request: Request) -> dict[str, Any]:
    """The message: JSON, or JSON in a form's `payload`. Whatever the type says, what begins as JSON is read as such."""
    body = await _body(request)
    try:
        text = body.decode("utf-8")
        if not text.lstrip().startswith("{"):
            text = parse_qs(text, max_num_fields=50, errors="strict").get("payload", [""])[0]
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Wrong("invalid_payload") from error
    if not isinstance(found, dict):
        raise _Wrong("invalid_payload")
    return found


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST:
            raise _Wrong("request_too_large", 413)
        parts.append(part)
    return b"".join(parts)


def _draft(said: dict[str, Any]) -> Draft:
    """What is to be said. Channel, name and picture are the app's, whatever the message says of them."""
    text = said.get("text")
    if text is not None and not isinstance(text, str | int | float):
        raise _Wrong("invalid_payload")
    attachments, blocks, metadata = _list(said, "attachments"), _list(said, "blocks"), said.get("metadata")
    if attachments and len(attachments) > _MOST_ATTACHMENTS:
        raise _Wrong("too_many_attachments")
    if attachments and not all(isinstance(one, dict) for one in attachments):
        raise _Wrong("invalid_attachments")
    return Draft(
        "" if text is None else str(text),
        blocks=blocks,
        attachments=attachments,
        metadata=metadata if isinstance(metadata, dict) else None,
        thread=ts_of(said["thread_ts"]) if said.get("thread_ts") else None,
        broadcast=said.get("reply_broadcast") in (True, "true", "1"),
    )


def _list(said: dict[str, Any], name: str) -> list[Any] | None:
    """A list, as such or written as JSON."""
    value = said.get(name)
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise _Wrong(f"invalid_{name}") from error
    if not value:
        return None
    if not isinstance(value, list):
        raise _Wrong(f"invalid_{name}")
    return value


def _refusal(error: DureError) -> PlainTextResponse:
    for kind, word, status in _WORDS:
        if isinstance(error, kind):
            return PlainTextResponse(word, status)
    return PlainTextResponse(error.code, error.status)
