"""What channels offer automations: rooms made and kept, and things said in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.api import Channels, Draft, ts_of, ts_text
from dure.channels.blockkit.fit import fit
from dure.channels.customer import steps as customer_steps
from dure.channels.events import EVENTS
from dure.channels.forms import store as cards
from dure.channels.model import Message
from dure.channels.refusals import (
    AlreadyArchived,
    AlreadyPinned,
    ChannelNotFound,
    MessageNotFound,
    NotInChannel,
)
from dure.channels.saying import Saying
from dure.governance.api import Governance
from dure.kernel.errors import Invalid
from dure.state import Tx

__all__ = ["EVENTS", "steps"]


class Create(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any text may be the name: it is made fit for a channel and free. `members` and `creator` are user ids."""

    name: str
    purpose: str = ""
    topic: str = ""
    private: bool = False
    creator: str = ""
    members: list[str] = []


class Room(msgspec.Struct, frozen=True):
    """The channel's id and the name that it got."""

    channel: str
    name: str


class Invite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name. User ids, or a function (sales, ad_ops, …) whose people are all meant, or both."""

    channel: str
    users: list[str] = []
    function: str = ""


class Invited(msgspec.Struct, frozen=True):
    """The ids of those who were not in before."""

    users: list[str]


class Kick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Those of `users` who are in the channel have to go."""

    channel: str
    users: list[str]


class Kicked(msgspec.Struct, frozen=True):
    """The ids of those who were in."""

    users: list[str]


class Archive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`say` is a last word before it is closed."""

    channel: str
    say: str = ""


class Describe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays. Any text may be the name: it is made fit and free."""

    channel: str
    name: str | None = None
    topic: str | None = None
    purpose: str | None = None


class Post(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name; `thread` the ts of what it answers. Under a `card` name there is one message in the
    channel: it is posted the first time and changed from then on, by whichever automation or run."""

    channel: str
    text: str = ""
    blocks: list[Any] | None = None
    thread: str = ""
    username: str = ""
    card: str = ""


class Posted(msgspec.Struct, frozen=True):
    """Where the message stands, for a later channels.update or an answer in its thread."""

    channel: str
    ts: str


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message under a name: posted the first time and changed from then on."""

    card: str
    text: str = ""
    blocks: list[Any] | None = None


class Cards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channel` is an id or a name; where there is none of it they go to `otherwise`. `only_known` changes those that
    stand there and posts none; without a channel, in whatever channels they stand."""

    channel: str
    cards: list[Card]
    otherwise: str = ""
    only_known: bool = False


class CardsPosted(msgspec.Struct, frozen=True):
    """How many were posted and how many changed, and in which channel."""

    channel: str
    posted: int
    changed: int


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ts` is of the message that is answered, or of any in its thread; `broadcast` shows it in the channel too."""

    channel: str
    ts: str
    text: str = ""
    blocks: list[Any] | None = None
    broadcast: bool = False


class Direct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One to eight user ids: they get it in one conversation with the app."""

    users: list[str]
    text: str = ""
    blocks: list[Any] | None = None


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message that an automation posted before, and what it says from now on."""

    channel: str
    ts: str
    text: str = ""
    blocks: list[Any] | None = None


class At(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message: its channel and its ts."""

    channel: str
    ts: str


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`url` is where the picture lies, such as metrics.picture answers; `alt` says what it shows."""

    channel: str
    url: str
    alt: str
    title: str = ""
    text: str = ""
    thread: str = ""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is the key in each row."""

    name: str
    title: str = ""
    align: str = "left"


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rows` are objects, usually of an earlier step (`{{ steps.ask.rows }}`); without `columns` the first row's keys
    are. The first 50 rows are shown, and how many more there are."""

    channel: str
    rows: list[dict[str, Any]]
    columns: list[Column] = []
    text: str = ""
    thread: str = ""
    card: str = ""


_ROWS, _COLUMNS, _CELL = 50, 10, 150
_CARDS = 1_000


def steps(api: Channels, governance: Governance) -> list[StepKind]:
    """channels.create, invite, kick, rename, archive; post, cards, reply, dm, update, pin, picture, table,
    link_customer. Each once, in the run's transaction."""

    async def create(tx: Tx, call: StepCall, inputs: Create) -> Room:
        made = await api.create_in(
            tx, call.principal, inputs.name, private=inputs.private, purpose=inputs.purpose, topic=inputs.topic,
            members=inputs.members, creator=inputs.creator, unique=True,
        )  # fmt: skip
        return Room(made.id, made.name)

    async def invite(tx: Tx, call: StepCall, inputs: Invite) -> Invited:
        found = await api.info_in(tx, call.principal, inputs.channel)
        users = list(inputs.users)
        if inputs.function:
            everybody = await governance.users_in(tx, call.tenant)
            users += [user.id for user in everybody if user.function == inputs.function and not user.deleted]
        if not users:
            return Invited([])
        return Invited([*await api.invite_in(tx, call.principal, found.id, users)])

    async def kick(tx: Tx, call: StepCall, inputs: Kick) -> Kicked:
        found, gone = await api.info_in(tx, call.principal, inputs.channel), []
        for user in dict.fromkeys(inputs.users):
            try:
                await api.kick_in(tx, call.principal, found.id, user)
            except NotInChannel:
                continue
            gone.append(user)
        return Kicked(gone)

    async def archive(tx: Tx, call: StepCall, inputs: Archive) -> Room:
        found = await api.info_in(tx, call.principal, inputs.channel)
        if found.side.archived:
            return Room(found.id, found.name)
        if inputs.say:
            await api.post_in(tx, call.principal, found.id, Draft(inputs.say))
        with suppress(AlreadyArchived):  # by somebody, in this very moment
            await api.set_archived_in(tx, call.principal, found.id, True)
        return Room(found.id, found.name)

    async def rename(tx: Tx, call: StepCall, inputs: Describe) -> Room:
        if (inputs.name, inputs.topic, inputs.purpose) == (None, None, None):
            raise Invalid("Give a `name`, a `topic` or a `purpose`.", field="name")
        found = await api.info_in(tx, call.principal, inputs.channel)
        if inputs.name is not None:
            found = await api.rename_in(tx, call.principal, found.id, inputs.name, unique=True)
        for what, text in (("topic", inputs.topic), ("purpose", inputs.purpose)):
            if text is not None and text[:250] != getattr(found, what):
                found = await api.describe_in(tx, call.principal, found.id, what, text[:250])
        return Room(found.id, found.name)

    async def post(tx: Tx, call: StepCall, inputs: Post) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        return await say(tx, call, found.id, _draft(inputs), inputs.card)

    async def say(tx: Tx, call: StepCall, channel: str, draft: Draft, card: str = "") -> Posted:
        """Posts, or changes the message of that name where it still stands."""
        workspace = call.tenant.workspace
        ts = await cards.card(tx, workspace, channel, card[:200]) if card else 0
        if ts:
            try:
                await api.update_in(tx, call.principal, channel, ts, draft)
            except MessageNotFound:  # somebody deleted it: the card begins anew
                ts = 0
        if not ts:
            ts = (await api.post_in(tx, call.principal, channel, draft)).ts
            if card:
                await cards.set_card(tx, workspace, channel, card[:200], ts)
        return Posted(channel, ts_text(ts))

    async def post_many(tx: Tx, calls: Sequence[StepCall], given: Sequence[Post]) -> list[Posted | Exception]:
        """What many runs say at one moment is one writing for each workspace; cards are found one by one."""
        answers: dict[int, Posted | Exception] = {}
        sayings: dict[str, list[tuple[int, Saying]]] = defaultdict(list)
        rooms: dict[tuple[str, str], str] = {}
        for number, (call, one) in enumerate(zip(calls, given, strict=True)):
            place = (call.tenant.workspace, one.channel)
            if place not in rooms:
                rooms[place] = (await api.info_in(tx, call.principal, one.channel)).id
            if one.card:
                answers[number] = await say(tx, call, rooms[place], _draft(one), one.card)
                continue
            sayings[call.tenant.workspace].append((number, Saying(call.principal, rooms[place], _draft(one))))
        for some in sayings.values():
            said = await api.post_many_in(tx, [saying for _, saying in some])
            for (number, saying), message in zip(some, said, strict=True):
                answers[number] = (
                    Posted(saying.channel, ts_text(message.ts)) if isinstance(message, Message) else message
                )
        return [answers[number] for number in range(len(calls))]

    async def post_cards(tx: Tx, call: StepCall, inputs: Cards) -> CardsPosted:
        if len(inputs.cards) > _CARDS:
            raise Invalid(f"At most {_CARDS} cards at once.", field="cards")
        if inputs.only_known and not inputs.channel:
            return await change_everywhere(tx, call, inputs)
        try:
            found = await api.info_in(tx, call.principal, inputs.channel)
        except ChannelNotFound:
            if not inputs.otherwise:
                raise
            found = await api.info_in(tx, call.principal, inputs.otherwise)
        workspace = call.tenant.workspace
        drafts = {one.card[:200]: Draft(one.text, fit(one.blocks)) for one in inputs.cards}
        stands = await cards.cards(tx, workspace, found.id, list(drafts), only_known=inputs.only_known)
        changed, fresh = 0, [name for name, ts in stands.items() if not ts]
        for name, ts in stands.items():
            if ts:
                try:
                    await api.update_in(tx, call.principal, found.id, ts, drafts[name])
                    changed += 1
                except MessageNotFound:  # somebody deleted it: the card begins anew
                    fresh.append(name)
        if inputs.only_known or not fresh:
            return CardsPosted(found.id, 0, changed)
        said = await api.post_many_in(tx, [Saying(call.principal, found.id, drafts[name]) for name in fresh])
        for one in said:
            if isinstance(one, Exception):
                raise one
        posted = {name: one.ts for name, one in zip(fresh, said, strict=True) if isinstance(one, Message)}
        await cards.set_cards(tx, workspace, found.id, posted)
        return CardsPosted(found.id, len(posted), changed)

    async def change_everywhere(tx: Tx, call: StepCall, inputs: Cards) -> CardsPosted:
        drafts = {one.card[:200]: Draft(one.text, fit(one.blocks)) for one in inputs.cards}
        changed = 0
        for channel, name, ts in await cards.cards_anywhere(tx, call.tenant.workspace, list(drafts)):
            with suppress(MessageNotFound):
                await api.update_in(tx, call.principal, channel, ts, drafts[name])
                changed += 1
        return CardsPosted("", 0, changed)

    async def reply(tx: Tx, call: StepCall, inputs: Reply) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        draft = Draft(inputs.text, fit(inputs.blocks), thread=ts_of(inputs.ts), broadcast=inputs.broadcast)
        return await say(tx, call, found.id, draft)

    async def direct(tx: Tx, call: StepCall, inputs: Direct) -> Posted:
        opened, _ = await api.open_direct_in(tx, call.principal, inputs.users)
        return await say(tx, call, opened.id, Draft(inputs.text, fit(inputs.blocks)))

    async def update(tx: Tx, call: StepCall, inputs: Update) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        draft = Draft(inputs.text, fit(inputs.blocks))
        await api.update_in(tx, call.principal, found.id, ts_of(inputs.ts), draft)
        return Posted(found.id, inputs.ts)

    async def pin(tx: Tx, call: StepCall, inputs: At) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        with suppress(AlreadyPinned):
            await api.pin_in(tx, call.principal, found.id, ts_of(inputs.ts))
        return Posted(found.id, inputs.ts)

    async def picture(tx: Tx, call: StepCall, inputs: Picture) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        image: dict[str, Any] = {"type": "image", "image_url": inputs.url, "alt_text": inputs.alt[:2000]}
        if inputs.title:
            image["title"] = {"type": "plain_text", "text": inputs.title[:2000]}
        words = [{"type": "section", "text": {"type": "mrkdwn", "text": inputs.text}}] if inputs.text else []
        draft = Draft(inputs.text or inputs.alt, fit([*words, image]), thread=_thread(inputs.thread))
        return await say(tx, call, found.id, draft)

    async def table(tx: Tx, call: StepCall, inputs: Table) -> Posted:
        found = await api.info_in(tx, call.principal, inputs.channel)
        draft = Draft(inputs.text, fit(_table(inputs)), thread=_thread(inputs.thread))
        return await say(tx, call, found.id, draft, inputs.card)

    def kind(name: str, ko: str, en: str, shape: Any, answer: Any, run: Any, about: Any = (), **more: Any) -> StepKind:
        told = dict(zip(("ko", "en"), about, strict=True)) if about else {}
        return StepKind(f"channels.{name}", {"ko": ko, "en": en}, shape, answer, run, about=told, **more)

    return [
        kind("create", "채널 만들기", "Create a channel", Create, Room, create),
        kind("invite", "채널에 초대", "Invite to a channel", Invite, Invited, invite),
        kind("kick", "채널에서 내보내기", "Remove from a channel", Kick, Kicked, kick),
        kind(
            "rename", "채널 이름, 주제, 목적 바꾸기", "Rename or describe a channel", Describe, Room, rename,
            ("이름, 주제, 목적 가운데 준 것만 바꿉니다.", "Changes name, topic and purpose, as far as they are given."),
        ),
        kind(
            "archive", "채널 보관", "Archive a channel", Archive, Room, archive,
            ("채널을 닫습니다. 쓴 것은 계속 읽을 수 있습니다.", "Closes a channel; what was said stays readable."),
        ),
        kind(
            "post", "메시지 보내기", "Post a message", Post, Posted, post,
            ("채널에 메시지를 올립니다. card 이름을 주면 같은 카드를 다음부터 고칩니다.",
             "Posts in a channel. With a `card` name the same message is changed from then on."),
            run_many=post_many,
        ),
        kind(
            "cards", "카드 여러 장 올리기", "Post many cards", Cards, CardsPosted, post_cards,
            ("이름 있는 카드들을 한 번에 올리고 있던 것은 고칩니다. 누르면 Card Pressed 이벤트가 됩니다.",
             "Posts named cards at once and changes those that stand there. A press on one is a Card Pressed."),
        ),
        kind("reply", "스레드에 답하기", "Reply in a thread", Reply, Posted, reply),
        kind("dm", "다이렉트 메시지 보내기", "Send a direct message", Direct, Posted, direct),
        kind("update", "메시지 고치기", "Change a message", Update, Posted, update),
        kind("pin", "메시지 고정", "Pin a message", At, Posted, pin),
        kind("picture", "그림 올리기", "Post a picture", Picture, Posted, picture),
        kind(
            "table", "표 올리기", "Post a table", Table, Posted, table,
            ("앞 단계의 행들을 표로 올립니다.", "Posts the rows of an earlier step as a table."),
        ),
        *customer_steps.steps(api.relations.rooms),
    ]  # fmt: skip


def _draft(given: Post) -> Draft:
    return Draft(given.text, fit(given.blocks), thread=_thread(given.thread), username=given.username)


def _thread(ts: str) -> int | None:
    return ts_of(ts) if ts else None


def _table(given: Table) -> list[dict[str, Any]]:
    """The rows as Block Kit's table, with what is above and below it."""
    columns = given.columns[:_COLUMNS] or [
        Column(name) for name in list(given.rows[0] if given.rows else ())[:_COLUMNS]
    ]
    if not columns:
        raise Invalid("There are neither rows nor `columns`.", field="rows")
    shown = given.rows[:_ROWS]
    cells = [[_cell(one.title or one.name) for one in columns]]
    cells += [[_cell(row.get(one.name)) for one in columns] for row in shown]
    aligned = [{"align": one.align if one.align in ("left", "center", "right") else "left"} for one in columns]
    blocks: list[dict[str, Any]] = [{"type": "table", "rows": cells, "column_settings": aligned}]
    if given.text:
        blocks.insert(0, {"type": "section", "text": {"type": "mrkdwn", "text": given.text}})
    if left := len(given.rows) - len(shown):
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": f"+ {left:,}"}]})
    return blocks


def _cell(value: Any) -> dict[str, str]:
    if isinstance(value, float):
        value = f"{value:,.2f}".rstrip("0").rstrip(".")
    elif isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:,}"
    text = "–" if value is None or value == "" else str(value)
    return {"type": "raw_text", "text": text if len(text) <= _CELL else text[: _CELL - 1] + "…"}
