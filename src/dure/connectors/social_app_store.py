"""Reviews of the company's apps in the App Store, by Apple's App Store Connect API, and answers to them.

A token is signed by the company's own key (ES256) and lives for minutes. There is one answer a review: a second one
takes the first one's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dure.connectors.jwt import signed
from dure.connectors.pages import newest_first
from dure.connectors.polite import as_json, moment, rest, say, told, with_query
from dure.social.model import Mention, NewMention
from dure.social.plugs import Field, Given, Manifest, Outcome, Pulled, Raw, Refused, Said, Trouble, Unknown, Web

_PAGE = 200
_LIVES = 600
_AUDIENCE = "appstoreconnect-v1"


class AppStore:
    """Fills `Pulls` and `Replies`."""

    manifest = Manifest(
        name="app_store", network="app_store", title={"ko": "앱 스토어 리뷰", "en": "App Store reviews"},
        about={"ko": "우리 앱의 리뷰와 별점을 읽고 답합니다.", "en": "Reads reviews of your apps, and answers them."},
        basis="own_data", can=frozenset({"pull", "reply", "edits"}),
        settings=(
            Field("app", {"ko": "앱 ID", "en": "App id"}, hint={"ko": "숫자", "en": "A number"}),
            Field("issuer", {"ko": "발급자 ID", "en": "Issuer id"}),
            Field("key_id", {"ko": "키 ID", "en": "Key id"}),
            Field("server", {"ko": "API 주소", "en": "API address"}, "address",
                  default="https://api.appstoreconnect.apple.com"),
        ),
        secrets=(Field("key", {"ko": "개인 키 (.p8)", "en": "Private key (.p8)"}, "long"),),
        terms={"ko": "우리 앱의 리뷰를 애플의 공식 API로 읽습니다.", "en": "Your own apps' reviews, by Apple's API."},
        every=600,
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of reviews, newest first."""
        server = given.settings["server"].rstrip("/")
        url = with_query(
            f"{server}/v1/apps/{given.settings['app']}/customerReviews",
            {"sort": "-createdDate", "limit": _PAGE, "include": "response"},
        )
        if cursor.get("page"):
            url = str(cursor["page"])
            if urlsplit(url).netloc != urlsplit(server).netloc:
                raise Trouble("unreadable", "The next page is at another host.")
        found, answer = await told(self._web, given, url, headers=_headers(given))
        items = [(one.posted_at or given.now, one) for review in found.get("data", ()) if (one := _mention(review))]
        kept, following, more = newest_first(cursor, items, (found.get("links") or {}).get("next"), given.since)
        raw = [Raw("customerReviews", answer.text, [one.id for one in kept])] if kept else []
        total = int(((found.get("meta") or {}).get("paging") or {}).get("total", 0))
        return Pulled(following, kept, more=more, wait=rest(answer, given.now), raw=raw, total=total)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        del key  # a review has one answer: the same text twice stands there once
        review = {"data": {"type": "customerReviews", "id": mention.external}}
        data = {"type": "customerReviewResponses", "attributes": {"responseBody": text}}
        headers, body = as_json({"data": {**data, "relationships": {"review": review}}})
        url = f"{given.settings['server'].rstrip('/')}/v1/customerReviewResponses"
        answer = await say(self._web, given, url, headers=headers | _headers(given), body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        made = (answer.json or {}).get("data") or {}
        return Said(str(made["id"])) if "id" in made else Unknown(answer.text[:200])


def _headers(given: Given) -> dict[str, str]:
    now = int(given.now.timestamp())
    claims = {"iss": given.settings["issuer"], "iat": now, "exp": now + _LIVES, "aud": _AUDIENCE}
    try:
        token = signed(given.secrets["key"], {"kid": given.settings["key_id"]}, claims)
    except (ValueError, TypeError) as error:
        raise Trouble("refused_key", f"The private key cannot be read: {error}") from error
    return {"authorization": f"Bearer {token}"}


def _mention(review: Mapping[str, Any]) -> NewMention | None:
    said = review.get("attributes") or {}
    title, text = str(said.get("title") or ""), str(said.get("body") or "")
    if not (title or text):
        return None
    return NewMention(
        network="app_store", id=str(review["id"]), text=text or title, title=title,
        author=str(said.get("reviewerNickname", "")), posted_at=moment(said.get("createdDate")), kind="review",
        rating=int(said["rating"]) if said.get("rating") else None,
    )  # fmt: skip
