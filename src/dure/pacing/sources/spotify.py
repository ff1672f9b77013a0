"""Spotify Ads: ad sets and their figures by its API v3 (https://api-partner.spotify.com/ads/v3).

An ad set has a budget instead of a goal in impressions: its goal is what it may spend. Figures come by UTC days, at
most ninety at once; those of the last days are asked again, because they are still corrected.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from dure.automation.plugs import Answer, Outgoing
from dure.pacing.model import PacingKind
from dure.pacing.plugs import ForeignFigure, ForeignLine, Pull, Refused, ServerCall, ServerSetting

_API, _ACCOUNTS = "https://api-partner.spotify.com/ads/v3", "https://accounts.spotify.com"
_FIELDS = ("IMPRESSIONS", "CLICKS", "SPEND", "STARTS", "VIDEO_VIEWS")
_PAGE = 50
_FIRST_DAYS, _AGAIN_DAYS = 89, 4
_SECONDS = 30.0
_FOREVER = 365
_BEFORE_ITS_END = 60
_WHOLE = frozenset({"KRW", "JPY", "VND", "CLP"})
# The API's own file and its pages spell the second differently; both are taken.
_PACINGS: dict[str, PacingKind] = {
    "PACING_EVEN": "even", "PACING_ASAP": "asap", "PACING_ACCELERATED": "asap", "PACING_UNSPECIFIED": "even",
}  # fmt: skip


class SpotifyAds:
    """Fills `plugs.AdServer` with what goes through the guarded way out."""

    kind: str = "spotify"
    title: Mapping[str, str] = {"ko": "스포티파이 광고", "en": "Spotify Ads"}
    settings: Sequence[ServerSetting] = (
        ServerSetting("ad_account_id", {"ko": "광고 계정 ID", "en": "Ad account id"}),
        ServerSetting("client_id", {"ko": "클라이언트 ID", "en": "Client id"}, required=False),
        ServerSetting(
            "secret", {"ko": "비밀 값", "en": "Secret"}, secret=True,
            hint={"ko": 'JSON: {"client_secret", "refresh_token"}, 또는 접근 토큰',
                  "en": 'JSON: {"client_secret", "refresh_token"}, or an access token'},
        ),
        ServerSetting("endpoint", {"ko": "주소 (기본값 사용 권장)", "en": "Address, if not Spotify's"}, required=False),
    )  # fmt: skip

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._tokens: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def pull(self, call: ServerCall) -> Pull:
        """Ad sets page by page, then their figures page by page; the cursor says which comes next."""
        cursor = dict(call.cursor)
        token = await self._token(call)
        base = f"{call.settings.get('endpoint', _API).rstrip('/')}/ad_accounts/{call.settings['ad_account_id']}"
        if cursor.get("phase", "lines") == "lines":
            return await self._lines(call, base, token, cursor)
        return await self._figures(call, base, token, cursor)

    async def _lines(self, call: ServerCall, base: str, token: str, cursor: dict[str, Any]) -> Pull:
        offset = int(cursor.get("offset", 0))
        answer = await self._get(call, f"{base}/ad_sets?{urlencode({'limit': _PAGE, 'offset': offset})}", token)
        if isinstance(answer, float):
            return Pull(cursor, more=True, wait=answer)
        sets = answer.get("ad_sets") or []
        lines = [line for one in sets if (line := _line(one)) is not None]
        if lines and lines[0].currency:
            cursor["currency"] = lines[0].currency
        total = int((answer.get("paging") or {}).get("total_results", 0))
        if sets and offset + len(sets) < total:
            return Pull({**cursor, "phase": "lines", "offset": offset + len(sets)}, lines, more=True)
        since = date.fromisoformat(cursor["through"]) - timedelta(days=_AGAIN_DAYS) if "through" in cursor else (
            call.today - timedelta(days=_FIRST_DAYS)
        )  # fmt: skip
        since = max(since, call.today - timedelta(days=_FIRST_DAYS))
        cursor.pop("offset", None)
        return Pull({**cursor, "phase": "figures", "since": since.isoformat()}, lines, more=True)

    async def _figures(self, call: ServerCall, base: str, token: str, cursor: dict[str, Any]) -> Pull:
        asked = [
            ("entity_type", "AD_SET"), ("granularity", "DAY"), ("limit", str(_PAGE)),
            ("report_start", f"{cursor['since']}T00:00:00Z"),
            ("report_end", f"{(call.now.date() + timedelta(days=1)).isoformat()}T00:00:00Z"),
            *(("fields", field) for field in _FIELDS),
        ]  # fmt: skip
        if cursor.get("next"):
            asked.append(("continuation_token", cursor["next"]))
        answer = await self._get(call, f"{base}/aggregate_reports?{urlencode(asked)}", token)
        if isinstance(answer, float):
            return Pull(cursor, more=True, wait=answer)
        currency = cursor.get("currency") or call.currency
        figures = [_figure(row, currency) for row in answer.get("rows") or [] if row.get("entity_id")]
        following = answer.get("continuation_token")
        if following:
            return Pull({**cursor, "next": following}, (), figures, call.now, more=True)
        for name in ("next", "since"):
            cursor.pop(name, None)
        return Pull({**cursor, "phase": "lines", "through": call.today.isoformat()}, (), figures, call.now)

    async def _token(self, call: ServerCall) -> str:
        """An access token: the one that was given, or one for the refresh token, kept in memory while it holds."""
        try:
            secret = json.loads(call.secret)
        except ValueError:
            secret = None
        if not isinstance(secret, dict):
            if not call.secret:
                raise Refused("Spotify Ads needs a secret: an access token, or a refresh token with its client.")
            return call.secret
        key = (call.tenant.workspace, call.secret)
        token, until = self._tokens.get(key, ("", call.now))
        if token and call.now < until:
            return token
        body = urlencode(
            {
                "grant_type": "refresh_token", "refresh_token": secret.get("refresh_token", ""),
                "client_id": call.settings.get("client_id", ""), "client_secret": secret.get("client_secret", ""),
            }
        ).encode()  # fmt: skip
        base = call.settings.get("endpoint", _ACCOUNTS).rstrip("/")
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await self._outgoing.send(call.tenant, "POST", f"{base}/api/token", headers, body, _SECONDS)
        if answer.status != 200 or not isinstance(answer.json, dict) or "access_token" not in answer.json:
            raise Refused(f"Spotify did not take the refresh token ({answer.status}).")
        token = str(answer.json["access_token"])
        seconds = int(answer.json.get("expires_in", 3600)) - _BEFORE_ITS_END
        self._tokens[key] = token, call.now + timedelta(seconds=seconds)
        return token

    async def _get(self, call: ServerCall, url: str, token: str) -> Mapping[str, Any] | float:
        """The answer's object; or the seconds that the server wants to be left alone."""
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        answer = await self._outgoing.send(call.tenant, "GET", url, headers, b"", _SECONDS)
        if answer.status == 429:
            return _retry_after(answer)
        if answer.status != 200 or not isinstance(answer.json, dict):
            raise Refused(f"Spotify Ads answered {answer.status}: {answer.text[:200]}")
        return answer.json


def _line(one: Mapping[str, Any]) -> ForeignLine | None:
    """An ad set; its goal is its budget: that of its life, or of a day times its days."""
    budget, start = one.get("budget") or {}, _day(one.get("start_time"))
    if start is None or not budget.get("micro_amount"):
        return None
    end = _day(one.get("end_time")) or start + timedelta(days=_FOREVER)
    currency = str(budget.get("currency") or "")
    amount = _minor(float(budget["micro_amount"]) / 1_000_000, currency)
    total = amount * ((end - start).days + 1) if budget.get("type") == "DAILY" else amount
    paused = one.get("status") == "PAUSED" or one.get("delivery") == "OFF"
    gone = one.get("status") in ("ARCHIVED", "DELETED")
    return ForeignLine(
        str(one["id"]), str(one.get("name") or one["id"]), total, "spend", start, max(end, start), total, currency,
        _PACINGS.get(str(one.get("pacing")), "even"), state="cancelled" if gone else "paused" if paused else "active",
        order=str(one.get("campaign_id") or ""),
    )  # fmt: skip


def _figure(row: Mapping[str, Any], currency: str) -> ForeignFigure:
    stats = {str(one["field_type"]): float(one["field_value"] or 0) for one in row.get("stats") or []}
    day = _day(row.get("start_time"))
    if day is None:
        raise Refused("Spotify Ads told figures without a day.")
    # Spend is in the account's currency here, not in millionths as budgets are.
    return ForeignFigure(
        str(row["entity_id"]), day, round(stats.get("IMPRESSIONS", 0)), round(stats.get("CLICKS", 0)),
        _minor(stats.get("SPEND", 0.0), currency), views=round(stats.get("VIDEO_VIEWS", 0)),
        listens=round(stats.get("STARTS", 0)),
    )  # fmt: skip


def _minor(amount: float, currency: str) -> int:
    return round(amount if currency in _WHOLE else amount * 100)


def _day(text: Any) -> date | None:
    return datetime.fromisoformat(str(text)).date() if text else None


def _retry_after(answer: Answer) -> float:
    text = answer.headers.get("retry-after", "")
    return min(max(float(text), 1.0), 3600.0) if text.replace(".", "", 1).isdigit() else 60.0
