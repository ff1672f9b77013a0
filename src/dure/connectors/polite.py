"""How networks are asked: redirects are followed within bounds, limits are kept, a status means what it says.

Networks say in many ways that they want to be left alone: Retry-After (RFC 9110) in seconds or as a date, and
X-RateLimit-Reset as a moment (GitHub), as a date (Mastodon) or as seconds from now (Reddit).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from dure.automation.plugs import Answer, Unreached
from dure.kernel.errors import NotAllowed
from dure.social.plugs import Given, Refused, Trouble, TroubleCode, Unknown, Web

SECONDS = 20.0
MOST = 4 << 20
_BUSY = 60.0
_LONGEST = 24 * 3600.0
_HOPS = 5
_AGENT = "Dure social listening"


async def ask(
    web: Web, given: Given, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None,
    query: Mapping[str, Any] | None = None, body: bytes = b"", also: tuple[int, ...] = (),
) -> Answer:  # fmt: skip
    """The answer to a question that may be asked again. Trouble for what is no success (nor one of `also`)."""
    sent = {"user-agent": _AGENT, "accept": "application/json", **(headers or {})}
    target = with_query(url, query)
    for _ in range(_HOPS):
        answer = await web.send(given.tenant, method, target, sent, body, SECONDS, MOST)
        if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers or method != "GET":
            break
        following = urljoin(target, answer.headers["location"])
        if urlsplit(following).netloc != urlsplit(target).netloc:
            # Another host is not told this one's secrets.
            sent = {name: value for name, value in sent.items() if name.lower() not in ("authorization", "cookie")}
        target = following
    if 200 <= answer.status < 300 or answer.status in also:
        return answer
    raise Trouble(*_meaning(answer, given.now))


async def told(
    web: Web, given: Given, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None,
    query: Mapping[str, Any] | None = None, body: bytes = b"",
) -> tuple[Any, Answer]:  # fmt: skip
    """The JSON of an answer, and the answer."""
    answer = await ask(web, given, url, method=method, headers=headers, query=query, body=body)
    if answer.json is not None:
        return answer.json, answer
    try:
        return json.loads(answer.text), answer
    except ValueError as error:
        raise Trouble("unreadable", f"{urlsplit(url).netloc} did not answer with JSON.") from error


async def say(
    web: Web, given: Given, url: str, *, method: str = "POST", headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer | Refused | Unknown:  # fmt: skip
    """Hands something over, once. Refused where it was certainly not taken, Unknown where nobody can say."""
    try:
        sent = {"user-agent": _AGENT, "accept": "application/json", **(headers or {})}
        answer = await web.send(given.tenant, method, url, sent, body, SECONDS, MOST)
    except NotAllowed as error:
        return Refused("settings", error.message)
    except Unreached as error:
        return Refused("unreached", str(error), wait=_BUSY)
    except OSError as error:
        return Unknown(str(error) or type(error).__name__)
    if 200 <= answer.status < 300:
        return answer
    if answer.status >= 500 and answer.status != 503:
        return Unknown(f"{answer.status} {answer.text[:200]}")
    code, detail, wait = _meaning(answer, given.now)
    return Refused(code, detail, wait)


def rest(answer: Answer, now: datetime) -> float:
    """Seconds until the next question where this answer says that none is left for now; 0 where some are."""
    left = answer.headers.get("x-ratelimit-remaining", "").split(".")[0]
    return _reset(answer.headers, now) if left.isdigit() and int(left) < 1 else 0.0


def with_query(url: str, query: Mapping[str, Any] | None) -> str:
    """The address with what is asked, empty values left out."""
    asked = {name: value for name, value in (query or {}).items() if value not in ("", None, [])}
    if not asked:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked, doseq=True)}"


def as_json(value: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of a question in JSON."""
    return {"content-type": "application/json"}, json.dumps(value, ensure_ascii=False).encode()


def as_form(value: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Headers and body of a form."""
    kept = {name: one for name, one in value.items() if one not in ("", None)}
    return {"content-type": "application/x-www-form-urlencoded"}, urlencode(kept).encode()


def moment(text: Any) -> datetime | None:
    """A time as APIs write it: ISO 8601, or seconds since 1970. None where it cannot be read."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return datetime.fromtimestamp(text, UTC)
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _meaning(answer: Answer, now: datetime) -> tuple[TroubleCode, str, float]:
    detail = f"{answer.status} {' '.join(answer.text.split())[:200]}"
    limited = answer.headers.get("x-ratelimit-remaining", "").split(".")[0] == "0"
    if answer.status in (420, 429, 503) or (answer.status == 403 and (limited or "retry-after" in answer.headers)):
        return "busy", detail, _retry_after(answer.headers, now) or _reset(answer.headers, now)
    if answer.status in (401, 403):
        return "refused_key", detail, 0.0
    if answer.status in (404, 410):
        return "not_found", detail, 0.0
    return "answered", detail, 0.0


def _retry_after(headers: Mapping[str, str], now: datetime) -> float:
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return min(max(float(text), 1.0), _LONGEST)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 1.0), _LONGEST)


def _reset(headers: Mapping[str, str], now: datetime) -> float:
    text = headers.get("x-ratelimit-reset", "").strip()
    if text.replace(".", "", 1).isdigit():
        number = float(text)
        # A moment is a number of ten digits; what is smaller are seconds from now.
        seconds = number - now.timestamp() if number > 1e9 else number
    elif (at := moment(text)) is not None:
        seconds = (at - now).total_seconds()
    else:
        return _BUSY
    return min(max(seconds, 1.0), _LONGEST)
