"""Reviews of the company's apps on Google Play, by the Play Developer API, and answers to them.

The API tells the last week only, so it is asked every hour and what was told is kept. A review that its author changed
has a later time; a review has one answer, and a second takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dure.connectors.google_keys import TOKENS, GoogleKeys
from dure.connectors.polite import as_json, moment, say, told
from dure.social.model import Mention, NewMention
from dure.social.plugs import Field, Given, Manifest, Outcome, Pulled, Raw, Refused, Said, Unknown, Web

_PAGE = 100
_SCOPE = "https://www.googleapis.com/auth/androidpublisher"
_MOST_ANSWER = 350  # characters


class PlayStore:
    """Fills `Pulls` and `Replies`."""

    manifest = Manifest(
        name="play_store", network="play_store", title={"ko": "구글 플레이 리뷰", "en": "Google Play reviews"},
        about={"ko": "우리 앱의 지난 한 주 리뷰를 읽고 답합니다.",
               "en": "Reads the last week's reviews of your apps, and answers them."},
        basis="own_data", can=frozenset({"pull", "reply", "edits"}),
        settings=(
            Field("package", {"ko": "패키지 이름", "en": "Package name"}, hint={"ko": "com.example.app",
                                                                              "en": "com.example.app"}),
            Field("server", {"ko": "API 주소", "en": "API address"}, "address",
                  default="https://androidpublisher.googleapis.com"),
            Field("tokens", {"ko": "토큰 주소", "en": "Token address"}, "address", default=TOKENS),
        ),
        secrets=(
            Field("account", {"ko": "서비스 계정 키", "en": "Service account key"}, "long",
                  hint={"ko": "JSON 키 파일의 내용", "en": "The JSON key file's content"}),
        ),
        terms={"ko": "우리 앱의 리뷰를 구글의 공식 API로 읽습니다. 일주일보다 오래된 것은 알려 주지 않습니다.",
               "en": "Your own apps' reviews, by Google's official API. What is older than a week is not told."},
        every=3600, history=7,
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web
        self._keys = GoogleKeys(web)

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of the week. There is no mark to stop at: the week is short, and what is known is known by its id."""
        url = f"{_reviews(given)}"
        query = {"maxResults": _PAGE, "token": cursor.get("page", "")}
        found, answer = await told(self._web, given, url, headers=await self._headers(given), query=query)
        kept = [one for review in found.get("reviews", ()) if (one := _mention(review)) is not None]
        following = str((found.get("tokenPagination") or {}).get("nextPageToken") or "")
        raw = [Raw("reviews", answer.text, [one.id for one in kept])] if kept else []
        return Pulled({"page": following} if following else {}, kept, more=bool(following), raw=raw)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        del key  # a review has one answer: the same text twice stands there once
        if len(text) > _MOST_ANSWER:
            return Refused("settings", f"An answer on Google Play has at most {_MOST_ANSWER} characters.")
        headers, body = as_json({"replyText": text})
        url = f"{_reviews(given)}/{quote(mention.external)}:reply"
        answer = await say(self._web, given, url, headers=headers | await self._headers(given), body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        return Said(mention.external) if "result" in (answer.json or {}) else Unknown(answer.text[:200])

    async def _headers(self, given: Given) -> dict[str, str]:
        return {"authorization": f"Bearer {await self._keys.token(given, _SCOPE, given.settings['tokens'])}"}


def _reviews(given: Given) -> str:
    package = quote(given.settings["package"])
    return f"{given.settings['server'].rstrip('/')}/androidpublisher/v3/applications/{package}/reviews"


def _mention(review: Mapping[str, Any]) -> NewMention | None:
    """A review as its author's newest words; a title is parted from the text by a tab."""
    said = [one["userComment"] for one in review.get("comments", ()) if "userComment" in one]
    if not said:
        return None
    newest = said[-1]
    title, tab, text = str(newest.get("text", "")).partition("\t")
    written: datetime | None = None
    if seconds := (newest.get("lastModified") or {}).get("seconds"):
        written = moment(int(seconds))
    return NewMention(
        network="play_store", id=str(review["reviewId"]), text=(text if tab else title).strip(),
        title=title.strip() if tab else "", author=str(review.get("authorName", "")), posted_at=written,
        edited_at=written, language=str(newest.get("reviewerLanguage", ""))[:2], kind="review",
        rating=int(newest["starRating"]) if newest.get("starRating") else None,
    )  # fmt: skip
