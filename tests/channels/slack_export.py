"""Exports of Slack as Slack makes them, generated: people, bots, guests, channels of every kind, days of messages."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST_DAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
TEAM = "T0SLACKED"
MINA, JOON, HANA, GUEST, BOT, STRANGER = "U0MINA", "U0JOON", "U0HANA", "U0GUEST", "U0BOT", "U0STRANGER"


def user(who: str, name: str, email: str = "", **more: Any) -> dict[str, Any]:
    profile = {"real_name": name, "display_name": "", "title": "", **({"email": email} if email else {})}
    return {
        "id": who, "team_id": TEAM, "name": name.lower().replace(" ", "."), "real_name": name, "deleted": False,
        "is_bot": False, "is_restricted": False, "profile": profile, **more,
    }  # fmt: skip


PEOPLE = [
    user(MINA, "김미나", "Mina@sorimaru.example"), user(JOON, "박준", "joon@sorimaru.example"),
    user(HANA, "이하나", "hana@sorimaru.example", deleted=True),
    user(GUEST, "Guest of Hanbit", "guest@hanbit.example", is_restricted=True),
    user(BOT, "Deal Bot", is_bot=True, profile={"real_name": "Deal Bot", "bot_id": "B0DEAL"}),
    user(STRANGER, "Stranger", is_stranger=True, team_id="T0OTHER"),
]  # fmt: skip


def ts(at: datetime, micro: int = 100) -> str:
    return f"{int(at.timestamp())}.{micro:06d}"


def said(who: str, at: datetime, text: str, **more: Any) -> dict[str, Any]:
    """A message as somebody's client sends it, with the text once more as blocks."""
    return {
        "client_msg_id": f"{who}-{ts(at)}", "type": "message", "user": who, "text": text, "ts": ts(at), "team": TEAM,
        "user_team": TEAM, "source_team": TEAM, "user_profile": {"real_name": who.title(), "name": who.lower()}, **more,
    }  # fmt: skip


def channel(room: str, name: str, members: Sequence[str], **more: Any) -> dict[str, Any]:
    about = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": room, "name": name, "created": int(FIRST_DAY.timestamp()), "creator": MINA, "is_archived": False,
        "is_general": False, "members": list(members), "topic": about, "purpose": about, **more,
    }  # fmt: skip


def zipped(members: Mapping[str, Any], *, prefix: str = "") -> bytes:
    """An archive of JSON (or of bytes as they are) by name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in members.items():
            content = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
            archive.writestr(prefix + name, content)
    return written.getvalue()


def by_day(folder: str, messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    days: dict[str, list[Mapping[str, Any]]] = {}
    for one in messages:
        day = datetime.fromtimestamp(int(str(one["ts"]).split(".")[0]), UTC).strftime("%Y-%m-%d")
        days.setdefault(f"{folder}/{day}.json", []).append(one)
    return dict(days)


def realistic() -> dict[str, Any]:
    """A small company's export with one of everything."""
    at = [FIRST_DAY + timedelta(hours=n) for n in range(60)]
    root = ts(at[1])
    deal = [
        {"type": "message", "subtype": "channel_join", "user": JOON, "text": f"<@{JOON}> has joined the channel",
         "ts": ts(at[0])},
        said(JOON, at[1], f"제안서 v3입니다 <@{MINA}> <@{STRANGER}> <#C0OPEN|general> <!subteam^S0SALES|@sales>"
             " <!here>",
             reply_count=2, replies=[{"user": MINA, "ts": ts(at[2])}], thread_ts=root, edited={"user": JOON,
             "ts": ts(at[3])}, reactions=[{"name": "tada", "users": [MINA, GUEST], "count": 2},
                                          {"name": "+1::skin-tone-2", "users": [HANA], "count": 5}],
             blocks=[{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                 {"type": "text", "text": "제안서 v3입니다 "}, {"type": "user", "user_id": MINA},
                 {"type": "user", "user_id": STRANGER}, {"type": "channel", "channel_id": "C0OPEN"},
                 {"type": "usergroup", "usergroup_id": "S0SALES"}, {"type": "broadcast", "range": "here"}]}]}]),
        said(MINA, at[2], "보고 있어요", thread_ts=root, parent_user_id=JOON),
        said(HANA, at[4], "채널에도", thread_ts=root, subtype="thread_broadcast", root={"ts": root}),
        said(MINA, at[5], f"링크 <https://sori.slack.com/archives/C0DEAL/p{root.replace('.', '')}?thread_ts={root}"
             "&cid=C0DEAL|여기>"),
        {"type": "message", "subtype": "bot_message", "bot_id": "B0ALERT", "username": "알림봇", "ts": ts(at[6]),
         "text": "", "icons": {"emoji": ":bell:"},
         "attachments": [{"fallback": "재계약", "title": "재계약", "text": "한빛커피", "callback_id": "x",
                          "actions": [{"type": "button", "text": "승인", "name": "ok"}]}]},
        {"type": "message", "user": BOT, "bot_id": "B0DEAL", "bot_profile": {"id": "B0DEAL", "name": "Deal Bot"},
         "ts": ts(at[7]), "text": "카드", "blocks": [
             {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{JOON}>의 카드"}},
             {"type": "actions", "elements": [{"type": "button", "action_id": "approve",
                                               "text": {"type": "plain_text", "text": "승인"}}]}]},
        said(JOON, at[26], "파일", files=[
            {"id": "F0PDF", "name": "제안서.pdf", "title": "제안서", "mimetype": "application/pdf", "size": 1_234_567,
             "url_private": "https://files.slack.example/files-pri/T0-F0PDF/a.pdf?t=xoxe-1-secret",
             "url_private_download": "https://files.slack.example/download/a.pdf?t=xoxe-1-secret", "mode": "hosted"},
            {"id": "F0GONE", "mode": "tombstone"}, {"id": "F0OLD", "mode": "hidden_by_limit"},
            {"id": "F0DRIVE", "name": "Sheet", "is_external": True, "url_private": "https://docs.example/sheet"}]),
        {"type": "message", "subtype": "huddle_thread", "user": MINA, "ts": ts(at[27]), "text": "", "room": {}},
        {"type": "message", "subtype": "channel_topic", "user": MINA, "ts": ts(at[28]), "topic": "4분기",
         "text": f"<@{MINA}> set the channel topic: 4분기"},
        {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": ts(at[29]),
         "text": "This message was deleted.", "thread_ts": ts(at[29]), "reply_count": 1},
        said(JOON, at[30], "지워진 글의 답", thread_ts=ts(at[29])),
        said(JOON, at[31], "어딘가의 답", thread_ts=ts(FIRST_DAY - timedelta(days=40))),
        said("U0UNLISTED", at[32], "목록에 없는 사람", user_profile={"real_name": "떠난 사람"}),
        {"type": "message", "subtype": "me_message", "user": MINA, "ts": ts(at[33]), "text": "웃는다"},
    ]  # fmt: skip
    members: dict[str, Any] = {
        "users.json": PEOPLE,
        "channels.json": [
            channel("C0OPEN", "general", [MINA, JOON, HANA], is_general=True),
            channel("C0DEAL", "deal-한빛커피", [MINA, JOON, GUEST, BOT],
                    topic={"value": "4분기"}, purpose={"value": "한빛커피와의 딜"},
                    pins=[{"id": root, "type": "C", "created": int(at[9].timestamp()), "user": MINA},
                          {"id": "1.000000", "type": "C", "user": MINA}],
                    bookmarks=[{"title": "계약서", "link": "https://docs.example/contract", "type": "link"}]),
            channel("C0OLD", "old-campaign", [JOON], is_archived=True),
        ],
        "groups.json": [channel("G0BOARD", "경영-비공개", [MINA, HANA])],
        "dms.json": [{"id": "D0MJ", "created": 1, "members": [MINA, JOON]}],
        "mpims.json": [channel("G0THREE", "mpdm-mina--joon--hana-1", [MINA, JOON, HANA])],
        "integration_logs.json": [{"app_id": "A0", "date": "1"}],
        "canvases.json": [],
        **by_day("general", [said(MINA, at[n], f"모두에게 {n}") for n in range(0, 48, 3)]),
        **by_day("deal-한빛커피", deal),
        **by_day("old-campaign", [said(JOON, at[8], "끝난 캠페인")]),
        **by_day("경영-비공개", [said(HANA, at[10], "임원만 보는 말")]),
        **by_day("D0MJ", [said(JOON, at[11], "우리끼리"), said(MINA, at[12], "응")]),
        **by_day("mpdm-mina--joon--hana-1", [said(HANA, at[13], "셋이서")]),
    }  # fmt: skip
    return members


def large(messages: int, channels: int = 20, people: int = 50, a_day: int = 250) -> dict[str, Any]:
    """Many messages of everyday kinds: a tenth in threads, some with reactions, blocks in all."""
    crowd = [user(f"U0N{n:04d}", f"Person {n}", f"person{n}@sorimaru.example") for n in range(people)]
    rooms = [channel(f"C0N{n:03d}", f"room-{n}", [one["id"] for one in crowd]) for n in range(channels)]
    members: dict[str, Any] = {"users.json": crowd, "channels.json": rooms}
    for place, room in enumerate(rooms):
        many, root, found = messages // channels, "", []
        for number in range(many):
            day, second = divmod(number, a_day)
            at = FIRST_DAY + timedelta(days=day, seconds=second * 60 + place)
            who = crowd[(number * 7 + place) % people]["id"]
            named = crowd[number % people]["id"]
            text = f"메시지 {number} of room {place}: 한빛커피 4분기 제안서를 <@{named}> 검토합니다"
            more: dict[str, Any] = {"blocks": [{"type": "rich_text", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]}]}  # fmt: skip
            if number % 10 == 0:
                root = ts(at)
            elif number % 10 == 5:
                more["thread_ts"] = root
            if number % 8 == 0:
                more["reactions"] = [{"name": "tada", "users": [crowd[0]["id"], crowd[1]["id"]], "count": 2}]
            found.append(said(who, at, text, **more))
        members |= by_day(room["name"], found)
    return members
