"""YouTube: comments under a channel's or some videos' films, and answers to them.

The Data API counts units: a project has ten thousand a day, renewed at midnight in California. A page of comments costs
one, an answer fifty. What was used is kept with the source, and where the day's share is used up the next day is waited
for, instead of being refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.connectors.google_keys import TOKENS, GoogleKeys
from dure.connectors.pages import newest_first, watched
from dure.connectors.polite import as_json, moment, say, told, with_query
from dure.social.model import Mention, NewMention
from dure.social.plugs import Field, Given, Manifest, Outcome, Pulled, Raw, Refused, Said, Trouble, Unknown, Web

_PAGE = 100
_LOOK = 50
_SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
_PACIFIC = ZoneInfo("America/Los_Angeles")


class YouTube:
    """Fills `Pulls` and `Replies`."""

    manifest = Manifest(
        name="youtube", network="youtube", title={"ko": "유튜브 댓글", "en": "YouTube comments"},
        about={"ko": "채널이나 동영상에 달린 댓글을 읽고 답합니다.",
               "en": "Reads comments under a channel's or some videos' films, and answers them."},
        basis="official", can=frozenset({"pull", "reply", "edits", "deletions"}),
        settings=(
            Field("channel", {"ko": "채널 ID", "en": "Channel id"}, required=False,
                  hint={"ko": "채널의 모든 동영상", "en": "Every video of the channel"}),
            Field("videos", {"ko": "동영상 ID", "en": "Video ids"}, "list", required=False),
            Field("units", {"ko": "하루에 쓸 단위", "en": "Units a day"}, "number", default="5000"),
            Field("server", {"ko": "API 주소", "en": "API address"}, "address", default="https://youtube.googleapis.com"),
            Field("tokens", {"ko": "토큰 주소", "en": "Token address"}, "address", default=TOKENS),
        ),
        secrets=(
            Field("key", {"ko": "API 키", "en": "API key"}),
            Field("client", {"ko": "답글용 OAuth (JSON)", "en": "OAuth for answers (JSON)"}, "long", required=False,
                  hint={"ko": "client_id, client_secret, refresh_token",
                        "en": "client_id, client_secret, refresh_token"}),
        ),
        terms={"ko": "구글 API 서비스 약관과 하루 단위 한도를 따릅니다. 지운 댓글은 비웁니다.",
               "en": "Google's API terms and daily units hold. Deleted comments are emptied."},
        every=300,
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web
        self._keys = GoogleKeys(web)

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of one place's threads with their answers, newest first; then the last hundred again."""
        places = [*([f"c:{given.settings['channel']}"] if given.settings.get("channel") else []),
                  *(f"v:{one}" for one in given.several("videos"))]  # fmt: skip
        if not places:
            raise Trouble("settings", "Name a channel or videos.")
        at, marks = min(int(cursor.get("at", 0)), len(places)), dict(cursor.get("marks", {}))
        if at == len(places):
            return await self._look_again(given, cursor, marks)
        quota = _spend(given, 1)
        way = dict(marks.get(places[at], {}))
        name = "allThreadsRelatedToChannelId" if places[at][0] == "c" else "videoId"
        url, query = f"{_server(given)}/youtube/v3/commentThreads", {
            "part": "snippet,replies", "order": "time", "maxResults": _PAGE, "textFormat": "plainText",
            name: places[at][2:], "pageToken": way.get("page", ""), "key": given.secrets["key"],
        }  # fmt: skip
        found, answer = await told(self._web, given, url, query=query)
        items = [(one.posted_at or given.now, one) for thread in found.get("items", ()) for one in _thread(thread)]
        # A thread's place is when it began: an old thread's new answers do not hold up the end of the way.
        begun = [item for item in items if not item[1].parent]
        kept, way, more = newest_first(way, begun, found.get("nextPageToken"), given.since)
        kept += [one for posted, one in items if one.parent and posted >= given.since]
        marks[places[at]] = way
        following = {"at": at if more else at + 1, "marks": marks, "watch": watched(cursor, kept)}
        raw = [Raw(places[at], answer.text, [one.id for one in kept])] if kept else []
        return Pulled(following, kept, more=True, raw=raw, quota=quota)

    async def _look_again(self, given: Given, cursor: Mapping[str, Any], marks: Mapping[str, Any]) -> Pulled:
        watch = list(cursor.get("watch", ()))
        quota, there = given.quota, []
        for begin in range(0, len(watch), _LOOK):
            quota = _spend(given, 1, quota)
            query = {"part": "snippet", "id": ",".join(watch[begin : begin + _LOOK]), "textFormat": "plainText",
                     "maxResults": _PAGE, "key": given.secrets["key"]}  # fmt: skip
            found, _ = await told(self._web, given, f"{_server(given)}/youtube/v3/comments", query=query)
            there += [_mention(one) for one in found.get("items", ())]
        known = {one.id for one in there}
        gone = [one for one in watch if one not in known]
        kept = [one for one in watch if one in known]
        return Pulled({"marks": marks, "watch": kept}, [one for one in there if one.edited_at], gone, quota=quota)

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        """Answers stand under the thread's first comment, whichever of it they answer."""
        del key  # YouTube knows none: what has no answer stays unknown
        if not given.secrets.get("client"):
            return Refused("settings", "Answers need OAuth: an API key only reads.")
        token = await self._keys.token(given, _SCOPE, given.settings["tokens"])
        headers, body = as_json({"snippet": {"parentId": mention.parent or mention.external, "textOriginal": text}})
        headers["authorization"] = f"Bearer {token}"
        url = with_query(f"{_server(given)}/youtube/v3/comments", {"part": "snippet"})
        answer = await say(self._web, given, url, headers=headers, body=body)
        if isinstance(answer, Refused | Unknown):
            return answer
        made = answer.json or {}
        return Said(str(made["id"]), mention.url) if "id" in made else Unknown(answer.text[:200])


def _server(given: Given) -> str:
    return given.settings["server"].rstrip("/")


def _spend(given: Given, units: int, quota: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The day's count with these units; Trouble("busy") until the next day where the share is used up."""
    local = given.now.astimezone(_PACIFIC)
    kept = given.quota if quota is None else quota
    used = int(kept.get("used", 0)) if kept.get("day") == local.date().isoformat() else 0
    if used + units > int(given.settings["units"]):
        tomorrow = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), _PACIFIC)
        raise Trouble("busy", f"{used} units were used today.", (tomorrow - given.now).total_seconds())
    return {"day": local.date().isoformat(), "used": used + units}


def _thread(thread: Mapping[str, Any]) -> list[NewMention]:
    first = thread["snippet"]["topLevelComment"]
    answers = (thread.get("replies") or {}).get("comments", ())
    return [_mention(one, str(first["id"])) for one in (first, *answers)]


def _mention(comment: Mapping[str, Any], thread: str = "") -> NewMention:
    said = comment["snippet"]
    posted, updated = moment(said.get("publishedAt")), moment(said.get("updatedAt"))
    parent = str(said.get("parentId") or "")
    video = str(said.get("videoId") or "")
    return NewMention(
        network="youtube", id=str(comment["id"]), text=str(said.get("textOriginal") or said.get("textDisplay", "")),
        author=str(said.get("authorDisplayName", "")),
        handle=str((said.get("authorChannelId") or {}).get("value") or said.get("authorDisplayName", "")),
        url=f"https://www.youtube.com/watch?v={video}&lc={comment['id']}" if video else "", posted_at=posted,
        edited_at=updated if updated and posted and updated > posted else None, kind="comment", parent=parent,
        thread=thread or parent or str(comment["id"]),
    )  # fmt: skip
