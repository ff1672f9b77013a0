"""ActivityPub: what actors of the fediverse publish, read from their outboxes, and what servers deliver to an inbox.

A delivery has to be signed (HTTP Signatures, draft-cavage-http-signatures-12, as the fediverse writes them): its digest
must be the body's, its date of now, and its key the one that the acting actor's own document names.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from dure.connectors.pages import newest_first, watched
from dure.connectors.plain import plain
from dure.connectors.polite import ask, moment, rest, told
from dure.social.model import NewMention
from dure.social.plugs import Call, Field, Given, Manifest, Pulled, Raw, Trouble, Web

_KINDS = frozenset({"Note", "Article", "Question", "Page", "Video", "Audio", "Event"})
_ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_COVERED = frozenset({"(request-target)", "host", "date", "digest"})
_PART = re.compile(r'(\w+)="([^"]*)"')
_LATE = timedelta(hours=1)
_LOOK = 20  # objects that are asked for again at a pull


class ActivityPub:
    """Fills `Pulls` and `Hears`."""

    manifest = Manifest(
        name="activitypub", network="fediverse", title={"ko": "액티비티펍", "en": "ActivityPub"},
        about={"ko": "페디버스 계정이 올린 글을 읽고, 받은편지함으로 온 서명된 글을 받습니다.",
               "en": "Reads what actors of the fediverse publish, and takes signed deliveries to an inbox."},
        basis="official", can=frozenset({"pull", "hear", "edits", "deletions"}),
        settings=(
            Field("actors", {"ko": "계정", "en": "Actors"}, "list", required=False,
                  hint={"ko": "@이름@서버 또는 주소", "en": "@name@server, or an address"}),
            Field("words", {"ko": "이 낱말이 있는 글만", "en": "Only with these words"}, "list", required=False),
        ),
        terms={"ko": "공개 글만 읽고, 삭제와 수정을 따릅니다.", "en": "Only public posts; deletions are followed."},
        every=300,
    )  # fmt: skip

    def __init__(self, web: Web) -> None:
        self._web = web

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """A page of one actor's outbox, newest first; then objects that were seen of late, one by one."""
        actors = given.several("actors")
        at, marks = min(int(cursor.get("at", 0)), len(actors)), dict(cursor.get("marks", {}))
        if at == len(actors):
            return await self._look_again(given, cursor, marks)
        way = dict(marks.get(actors[at], {}))
        place = way.get("page") or await self._first_page(given, actors[at])
        found, answer = await self._document(given, place)
        items = [
            (one.posted_at or given.now, one) for activity in found.get("orderedItems") or found.get("items") or ()
            if (one := _published(activity)) is not None
        ]  # fmt: skip
        following = found.get("next") if found.get("type", "").endswith("Page") else None
        kept, way, more = newest_first(way, items, following, given.since)
        kept = [one for one in kept if _wanted(given, one)]
        marks[actors[at]] = way
        raw = [Raw(place, answer.text, [one.id for one in kept])] if kept else []
        cursor = {"at": at if more else at + 1, "marks": marks, "watch": watched(cursor, kept)}
        return Pulled(cursor, kept, more=True, wait=rest(answer, given.now), raw=raw)

    async def _first_page(self, given: Given, actor: str) -> str:
        """An outbox's first page, or the outbox itself where it has none."""
        outbox = str((await self._actor(given, actor)).get("outbox") or "")
        if not outbox:
            raise Trouble("unreadable", f"{actor} has no outbox.")
        found, _ = await self._document(given, outbox)
        first = found.get("first")
        return str(first.get("id") if isinstance(first, dict) else first or outbox)

    async def _actor(self, given: Given, actor: str) -> Any:
        if "://" not in actor:
            name, at, host = actor.lstrip("@").partition("@")
            if not at or not host:
                raise Trouble("settings", f"{actor!r} is written @name@server.")
            url = f"https://{host}/.well-known/webfinger"
            query = {"resource": f"acct:{name}@{host}"}
            found, _ = await told(self._web, given, url, query=query, headers={"accept": "application/jrd+json"})
            links = [one.get("href") for one in found.get("links", ()) if one.get("rel") == "self"]
            if not links:
                raise Trouble("not_found", f"{actor} is not known there.")
            actor = str(links[0])
        return (await self._document(given, actor))[0]

    async def _document(self, given: Given, url: str) -> tuple[Any, Any]:
        found, answer = await told(self._web, given, url, headers={"accept": _ACCEPT})
        if not isinstance(found, dict):
            raise Trouble("unreadable", f"{url} is no object.")
        return found, answer

    async def _look_again(self, given: Given, cursor: Mapping[str, Any], marks: Mapping[str, Any]) -> Pulled:
        """The objects that were not asked for longest: Tombstones and those that are gone were taken back."""
        watch = list(cursor.get("watch", ()))
        edited, gone = [], []
        for known in watch[:_LOOK]:
            answer = await ask(self._web, given, known, headers={"accept": _ACCEPT}, also=(404, 410))
            found = answer.json if isinstance(answer.json, dict) else json.loads(answer.text or "{}")
            if answer.status in (404, 410) or found.get("type") == "Tombstone":
                gone.append(known)
            elif found.get("updated") and (one := _mention(found)) is not None:
                edited.append(one)
        kept = [one for one in (*watch[_LOOK:], *watch[:_LOOK]) if one not in gone]
        return Pulled({"marks": marks, "watch": kept}, edited, gone)

    async def hear(self, given: Given, call: Call) -> Pulled:
        try:
            activity = json.loads(call.body)
        except ValueError as error:
            raise Trouble("unreadable", "The delivery is not JSON.") from error
        actor = _id(activity.get("actor"))
        await self._prove(given, call, actor)
        kind, thing = activity.get("type"), activity.get("object")
        if kind == "Delete":
            # Only its own server's word counts: whose name an object bears is whose it is.
            known = _id(thing)
            return Pulled({}, gone=[known] if _same_host(known, actor) else [])
        if kind not in ("Create", "Update") or not isinstance(thing, dict) or not _same_host(_id(thing), actor):
            return Pulled({})
        one = _mention(thing, actor)
        if one is None or not _wanted(given, one):
            return Pulled({})
        return Pulled({}, [one], raw=[Raw("inbox", call.body.decode("utf-8", "replace"), [one.id])])

    async def _prove(self, given: Given, call: Call, actor: str) -> None:
        """Trouble("unsigned") where the call is not the actor's."""
        parts = dict(_PART.findall(call.headers.get("signature", "")))
        covered = parts.get("headers", "").split()
        if not actor or not _COVERED.issubset(covered) or "keyId" not in parts:
            raise Trouble("unsigned", "The signature does not cover target, host, date and digest.")
        _check_date(given, call.headers.get("date", ""))
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(call.body).digest()).decode()
        if not hmac.compare_digest(digest.encode(), call.headers.get("digest", "").encode()):
            raise Trouble("unsigned", "The digest is not the body's.")
        if not _same_host(parts["keyId"], actor):
            raise Trouble("unsigned", "The key is another server's.")
        found, _ = await self._document(given, actor)
        key = found.get("publicKey") or {}
        if found.get("id") != actor or key.get("id") != parts["keyId"] or key.get("owner", actor) != actor:
            raise Trouble("unsigned", "The key is not the actor's.")
        lines = [
            f"(request-target): {call.method.lower()} {call.path}" if name == "(request-target)"
            else f"{name}: {call.headers.get(name, '')}" for name in covered
        ]  # fmt: skip
        try:
            public = load_pem_public_key(str(key.get("publicKeyPem", "")).encode())
            if not isinstance(public, rsa.RSAPublicKey):
                raise Trouble("unsigned", "The key is no RSA key.")
            signature = base64.b64decode(parts.get("signature", ""), validate=True)
            public.verify(signature, "\n".join(lines).encode(), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError) as error:
            raise Trouble("unsigned", "The signature does not fit.") from error


def _check_date(given: Given, text: str) -> None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError) as error:
        raise Trouble("unsigned", "The date cannot be read.") from error
    if abs((at if at.tzinfo else at.replace(tzinfo=UTC)) - given.now) > _LATE:
        raise Trouble("unsigned", "The date is not now.")


def _published(activity: Any) -> NewMention | None:
    """What an outbox's entry published; None for boosts and whatever else is there."""
    if not isinstance(activity, dict):
        return None
    if activity.get("type") in _KINDS:
        return _mention(activity)
    if activity.get("type") != "Create" or not isinstance(activity.get("object"), dict):
        return None
    return _mention(activity["object"], _id(activity.get("actor")))


def _mention(thing: Mapping[str, Any], actor: str = "") -> NewMention | None:
    if thing.get("type") not in _KINDS or not thing.get("id"):
        return None
    author = _id(thing.get("attributedTo")) or actor
    language = next(iter(thing.get("contentMap") or {}), "")
    parent = _id(thing.get("inReplyTo"))
    url = thing.get("url")
    return NewMention(
        network="fediverse", id=str(thing["id"]), title=plain(str(thing.get("name") or "")),
        text=plain(str(thing.get("content") or thing.get("summary") or thing.get("name") or "")),
        author=author.rstrip("/").rpartition("/")[2].lstrip("@"), handle=_handle(author),
        url=url if isinstance(url, str) else str(thing["id"]), language=str(language)[:2],
        posted_at=moment(thing.get("published")), edited_at=moment(thing.get("updated")),
        kind="article" if thing.get("type") in ("Article", "Page") else "comment" if parent else "post",
        parent=parent, thread=str(thing.get("context") or thing.get("conversation") or ""),
    )  # fmt: skip


def _handle(actor: str) -> str:
    host, name = urlsplit(actor).hostname or "", actor.rstrip("/").rpartition("/")[2].lstrip("@")
    return f"@{name}@{host}" if host else actor


def _id(thing: Any) -> str:
    if isinstance(thing, list):
        thing = thing[0] if thing else ""
    return str(thing.get("id") or "") if isinstance(thing, dict) else str(thing or "")


def _same_host(one: str, other: str) -> bool:
    host = urlsplit(one).netloc
    return bool(host) and host == urlsplit(other).netloc


def _wanted(given: Given, one: NewMention) -> bool:
    words = [word.lower() for word in given.several("words")]
    return not words or any(word in f"{one.title} {one.text}".lower() for word in words)
