"""Rules of what may not be said: what they find, where they are asked, and that nobody is told before."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dure.channels.api import Draft
from dure.channels.audited import AUDITED
from dure.channels.canvas.model import Change
from dure.channels.guarding.api import Guards, Rule
from dure.channels.guarding.detectors import is_card, is_resident_number
from dure.channels.guarding.folding import Folded
from dure.channels.guarding.matching import Ready, check
from dure.channels.guarding.pieces import masked_draft, of_draft
from dure.channels.guarding.refusals import Decided, Guarded, Heed, KeptBack, RuleNotFound, ViolationNotFound
from dure.channels.refusals import RestrictedAction
from dure.governance.api import Principal
from dure.governance.audit.api import Wanted
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio
TODAY = date(2026, 11, 26)


def number(front: str, sex: str, *, right: bool = True) -> str:
    """A resident number with the check digit that it must have, or another one."""
    digits = f"{front}{sex}12345"
    total = sum(w * int(d) for w, d in zip((2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), digits, strict=True))
    last = ((13 if sex in "5678" else 11) - total % 11) % 10
    return f"{front}-{sex}12345{last if right else (last + 1) % 10}"


RESIDENT, CARD = number("880101", "1"), "4111-1111-1111-1111"


def found(rule: Rule, text: str) -> list[str]:
    folded = Folded(text)
    met = Ready(rule).met([folded], TODAY)
    return [text[find.start : find.end] for find in met.finds] if met else []


def rule(action: Any = "refuse", **more: Any) -> Rule:
    return Rule("", "", "", more.pop("name", "numbers"), action, enabled=True, **more)


@pytest.mark.parametrize(
    ("front", "sex", "right", "sure", "likely"),
    [
        ("880101", "1", True, True, True), ("880101", "1", False, False, True),
        ("050505", "4", True, True, True), ("990230", "2", True, False, False),
        ("900909", "5", True, True, True), ("900909", "5", False, False, True),  # a foreigner's
        ("201231", "3", False, True, True),  # born since numbers have no check digit
        ("301231", "3", True, False, False),  # not born yet
    ],
)  # fmt: skip
async def test_a_resident_number_has_a_date_and_a_check_digit_where_it_has_one(
    front: str, sex: str, right: bool, sure: bool, likely: bool
) -> None:
    digits = number(front, sex, right=right).replace("-", "")
    assert is_resident_number(digits, "sure", TODAY) is sure
    assert is_resident_number(digits, "likely", TODAY) is likely


@pytest.mark.parametrize(
    "text",
    [
        RESIDENT, RESIDENT.replace("-", ""), RESIDENT.replace("-", " - "), RESIDENT.replace("-", "–"),
        RESIDENT.translate({ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789-"}),  # full width
        "\u200b".join(RESIDENT), RESIDENT.replace("-", "*-*"), f"주민번호:{RESIDENT}입니다", f"({RESIDENT})",
        RESIDENT.translate({ord(str(n)): chr(0x0660 + n) for n in range(10)}),  # Arabic-Indic digits
    ],
)  # fmt: skip
async def test_a_resident_number_is_found_however_it_is_written(text: str) -> None:
    assert found(rule(detectors=("resident_number",)), text)


@pytest.mark.parametrize("text", ["20261126-1234567", "8801011234567890", "880101-9234567", "전화 02-1234-5678"])
async def test_what_only_looks_like_one_is_let_be(text: str) -> None:
    assert not found(rule(detectors=("resident_number",)), text)


async def test_cards_ibans_keys_and_many_addresses() -> None:
    cards = rule(detectors=("card",))
    assert found(cards, f"order 2024 {CARD} 12/27") == [CARD]
    assert found(cards, "4111 1111.1111_1111, 378282246310005") == ["4111 1111.1111_1111", "378282246310005"]
    assert not found(cards, "4111-1111-1111-1112 and 1234567812345670")
    assert not is_card("9999999999999999")
    iban = rule(detectors=("iban",))
    assert found(iban, "pay DE89 3704 0044 0532 0130 00 now") == ["DE89 3704 0044 0532 0130 00"]
    assert not found(iban, "DE88 3704 0044 0532 0130 00")
    keys = rule(detectors=("key",))
    token = "xoxb-" + "1234567890-abcdefghij"  # in two parts, so that nobody takes it for one
    assert found(keys, f"token={token}") == [token]
    many = rule(detectors=("contacts",), least=3)
    assert not found(many, "a@x.kr b@x.kr a@x.kr")
    assert len(found(many, "a@x.kr b@x.kr 010-1234-5678")) == 3


@pytest.mark.parametrize(
    ("word", "text", "hit"),
    [
        ("프로젝트 두레", "그 프로젝트두레는 비밀", True), ("프로젝트두레", "프로젝트 두레", True),
        ("프로젝트두레", "프-로-젝-트 두.레", True), ("Bluebird", "ＢＬＵＥＢＩＲＤ 출시", True),
        ("blue bird", "the bluebird.", True), ("tin", "waiting", False), ("tin", "tin은", True),
        ("두레", "두꺼운 레일", False), ("두레", "\u1103\u116e\u1105\u1166", True),  # taken apart
    ],
)  # fmt: skip
async def test_own_words_are_found_with_and_without_spaces(word: str, text: str, hit: bool) -> None:
    texts = of_draft(Draft(text))
    met = Ready(rule(words=(word,))).met([Folded(piece.text) for piece in texts], TODAY)
    assert (met is not None) is hit


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*b", r"(.*a){20}c", r"(x+x+)+y", r"([a-z]+)*[0-9]#"])
async def test_no_pattern_hangs_the_server(pattern: str) -> None:
    try:
        ready = Ready(check(rule(patterns=(pattern,))))
    except Invalid:
        return  # one that fits an empty text
    began = time.process_time()
    ready.met([Folded("a" * 40_000 + "!")], TODAY)
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"patterns": ("(",)}, "patterns"), ({"patterns": (r"(?<=a)b",)}, "patterns"),
        ({"patterns": ("a*",)}, "patterns"),
        ({"patterns": ("a" * 501,)}, "patterns"), ({"words": ("-",)}, "words"), ({"detectors": ("x",)}, "detectors"),
        ({}, "detectors"), ({"words": ("abc",), "least": 0}, "least"),
        ({"words": ("abc",), "where": "channels"}, "channels"),
    ],
)  # fmt: skip
async def test_a_rule_that_cannot_be_is_refused_by_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(rule(**wrong))
    assert refused.value.field == field


async def test_masking_reaches_every_place_and_a_number_that_is_half_bold() -> None:
    half = [{"type": "rich_text_section", "elements": [
        {"type": "text", "text": "no " + RESIDENT[:7]}, {"type": "text", "text": RESIDENT[7:], "style": {"bold": True}},
    ]}]  # fmt: skip
    draft = Draft(
        f"x {RESIDENT}", [{"type": "rich_text", "elements": half}], [{"fallback": RESIDENT, "footer": "ok"}],
        {"event_type": "a", "event_payload": {"no": int(RESIDENT.replace("-", ""))}},
    )  # fmt: skip
    met = Ready(rule(detectors=("resident_number",))).met([Folded(p.text) for p in of_draft(draft)], TODAY)
    assert met is not None
    told = str(masked_draft(draft, met.finds))
    assert "880101" not in told
    assert RESIDENT[8:] not in told
    assert "••••••-•••••••" in told
    assert RESIDENT in str(draft)  # what was given stays as it was


@pytest.fixture
async def room(state: State) -> Room:
    opened = await open_room(state)
    opened.cast.governance.audit.bring(AUDITED)
    return opened


def guards_of(room: Room) -> Guards:
    return Guards(room.state, room.clock, room.cast.governance, room.channels)


async def switch_on(room: Room, made: Rule, *, whole: bool = True) -> Rule:
    return await guards_of(room).put(room.cast.mina, made, whole=whole)


async def trail(room: Room, what: str) -> list[str]:
    """What the audit trail says was done, the oldest first."""
    found = await room.cast.governance.audit.logs(room.cast.mina, Wanted(entity=what))
    return [entry.told["action"] for entry in reversed(found.entries)]


async def everything_told(room: Room) -> str:
    workspaces = (room.cast.tenant.workspace, room.cast.rina.tenant.workspace)
    return str([await room.told(one) for one in workspaces])


Act = Callable[[Room, str, Principal, str], Awaitable[Any]]


async def _edit(room: Room, channel: str, who: Principal, bad: str) -> None:
    said = await room.say(who, channel, "fine")
    await room.channels.update(who, channel, said.ts, Draft(bad))


async def _file(room: Room, channel: str, who: Principal, bad: str, name: str = "a.txt") -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield bad.encode()

    file = await room.files.upload(who, name, parts())
    await room.channels.post(who, channel, Draft("look", files=(file.id,)))


async def _name(room: Room, channel: str, who: Principal, bad: str) -> None:
    await _file(room, channel, who, "fine", f"{bad}.txt")


async def _complete(room: Room, channel: str, who: Principal, bad: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield bad.encode()

    file, secret = await room.files.reserve(who, "a.csv", len(bad.encode()))
    await room.files.receive(secret, parts())
    await room.files.complete(who, [(file.id, "")], channels=[channel])


async def _page(room: Room, channel: str, who: Principal, bad: str) -> None:
    await room.pages.write(who, channel, "page", f"# x\n{bad}", 0)


async def _canvas(room: Room, channel: str, who: Principal, bad: str) -> None:
    made = await room.pages.create(who, "t", "fine")
    await room.pages.edit(who, made.id, [Change("insert_at_end", text=bad)])


async def _shown(room: Room, channel: str, who: Principal, bad: str) -> None:
    await room.channels.show(who, channel, room.cast.mina.user, Draft(bad))


async def _later(room: Room, channel: str, who: Principal, bad: str) -> None:
    await room.channels.schedule(who, channel, Draft(bad), room.clock.now() + timedelta(hours=1))


ACTS: dict[str, Act] = {
    "post": lambda room, channel, who, bad: room.say(who, channel, bad),
    "blocks": lambda room, channel, who, bad: room.channels.post(
        who, channel, Draft("x", [{"type": "section", "text": {"type": "mrkdwn", "text": bad}}])
    ),
    "attachments": lambda room, channel, who, bad: room.channels.post(
        who, channel, Draft("x", attachments=[{"fields": [{"title": "a", "value": bad}]}])
    ),
    "metadata": lambda room, channel, who, bad: room.channels.post(
        who, channel, Draft("x", metadata={"event_type": "a", "event_payload": {"deep": [{"b": bad}]}})
    ),
    "edit": _edit,
    "file": _file,
    "file name": _name,
    "upload v2": _complete,
    "page": _page,
    "canvas": _canvas,
    "ephemeral": _shown,
    "scheduled": _later,
    "topic": lambda room, channel, who, bad: room.channels.set_topic(who, channel, bad),
    "purpose": lambda room, channel, who, bad: room.channels.set_purpose(who, channel, bad),
    "name": lambda room, channel, who, bad: room.channels.rename(who, channel, bad),
    "new": lambda room, channel, who, bad: room.channels.create(who, bad),
    "bookmark": lambda room, channel, who, bad: room.channels.bookmark(who, channel, bad, "https://sori.example"),
}


async def test_every_way_to_say_something_is_asked_before_anybody_is_told(room: Room) -> None:
    channel, joon = await room.shared(), room.cast.joon
    await switch_on(room, rule(detectors=("resident_number",)))
    for name, act in ACTS.items():
        before = len((await guards_of(room).violations(room.cast.mina))[0])
        refused = None
        try:
            await act(room, channel, joon, RESIDENT)
        except RestrictedAction as error:
            refused = error
        assert refused is not None, name
        assert refused.code == "restricted_action", name
        noted, _ = await guards_of(room).violations(room.cast.mina)
        # Refused and written down once, though the act itself was undone.
        assert len(noted) == before + 1, name
        assert (noted[0].state, noted[0].user) == ("stopped", joon.user), name
        assert "••••••-•••••••" in noted[0].excerpt, name
    told = await everything_told(room)
    assert RESIDENT not in told
    assert told.count("'Guard Met'") == len(ACTS)
    async with room.state.begin_system() as tx:
        for table in ("message", "edit", "canvas", "scheduled", "ephemeral", "violation", "indexed"):
            assert RESIDENT not in str(await tx.rows(f"select * from channels.{table}")), table


async def test_a_masked_number_is_masked_in_the_other_organisation_too(room: Room) -> None:
    channel = await room.shared()
    await switch_on(room, rule("mask", detectors=("resident_number",)))
    said = await room.say(room.cast.joon, channel, f"my number is {RESIDENT}, ok?")
    assert said.text == "my number is ••••••-•••••••, ok?"
    (there,), _ = await room.channels.history(room.cast.rina, channel, limit=1)
    assert there.text == said.text
    assert RESIDENT not in await everything_told(room)
    changed = await room.channels.update(room.cast.joon, channel, said.ts, Draft(f"or {RESIDENT}"))
    assert changed.text == "or ••••••-•••••••"
    with pytest.raises(Guarded):  # what lies in a file cannot be masked there
        await _file(room, channel, room.cast.joon, RESIDENT)


async def test_what_is_kept_back_is_said_when_an_administrator_lets_it_through(room: Room) -> None:
    channel, joon, guards = await room.shared(), room.cast.joon, guards_of(room)
    await switch_on(room, rule("keep", words=("project bluebird",)))
    with pytest.raises(KeptBack):
        await room.channels.post(joon, channel, Draft("Project Bluebird is on", client_msg_id="1"))
    with pytest.raises(KeptBack):
        await _complete(room, channel, joon, "project-bluebird figures")
    (first, second) = await guards.mine(joon)
    assert (first.state, first.draft and first.draft["text"]) == ("waiting", "Project Bluebird is on")
    assert await guards.mine(room.cast.mina) == []
    with pytest.raises(NotAllowed):
        await guards.let(joon, first.id)
    room.clock.advance(timedelta(days=2))
    await room.files.sweep()
    before = len(await room.told(room.cast.rina.tenant.workspace))
    done = await guards.let(room.cast.mina, first.id)
    message = await room.channels.message(room.cast.rina, channel, done.ts)
    assert (message.text, message.user) == ("Project Bluebird is on", joon.user)
    assert len(await room.told(room.cast.rina.tenant.workspace)) == before + 1
    with pytest.raises(Decided):
        await guards.let(room.cast.mina, first.id)
    assert await trail(room, first.id) == ["native_dlp_rule_action_applied", "native_dlp_violation_let"]
    await guards.let(room.cast.mina, second.id)  # its file was not swept meanwhile
    (said,), _ = await room.channels.history(joon, channel, limit=1)
    assert [file.name for file in said.carried] == ["a.csv"]
    with pytest.raises(KeptBack):
        await _edit(room, channel, joon, "it is PROJECT-BLUEBIRD")
    (third,) = await guards.mine(joon)
    done = await guards.let(room.cast.mina, third.id)
    assert (await room.channels.message(joon, channel, done.ts)).text == "it is PROJECT-BLUEBIRD"
    told = [
        one.properties["state"] for one in await room.told(room.cast.tenant.workspace) if one.event == "Guard Decided"
    ]
    assert told == ["let"] * 3
    async with room.state.begin_system() as tx:
        assert await tx.rows("select from channels.violation where org = %s and draft is not null",
                             (room.cast.tenant.org,)) == []  # fmt: skip


async def test_what_is_kept_back_can_be_thrown_away_by_both(room: Room) -> None:
    channel, joon, guards = await room.channel(room.cast.mina, room.cast.joon), room.cast.joon, guards_of(room)
    await switch_on(room, rule("keep", words=("bluebird",)))
    for _ in range(2):
        with pytest.raises(KeptBack):
            await room.say(joon, channel, "bluebird")
    first, second = await guards.mine(joon)
    with pytest.raises(ViolationNotFound):
        await guards.take_back(room.cast.mina, first.id)
    await guards.take_back(joon, first.id)
    await guards.remove(room.cast.mina, second.id)
    assert await guards.mine(joon) == []
    assert await room.channels.history(joon, channel) == ([], False)
    for one in (first, second):
        assert await trail(room, one.id) == ["native_dlp_rule_action_applied", "native_dlp_violation_deleted"]


async def test_a_warning_asks_once_and_is_written_down_when_it_was_heeded_not(room: Room) -> None:
    channel, joon, guards = await room.channel(room.cast.mina, room.cast.joon), room.cast.joon, guards_of(room)
    await switch_on(room, rule("warn", words=("bluebird",)))
    with pytest.raises(Heed) as asked:
        await room.channels.post(joon, channel, Draft("bluebird", guard="ask"))
    assert asked.value.data["guard"]["action"] == "warn"  # type: ignore[index]
    assert await guards.violations(room.cast.mina) == ([], {})
    said = await room.channels.post(joon, channel, Draft("bluebird"))
    (noted,), counts = await guards.violations(room.cast.mina)
    assert (noted.state, noted.ts, counts) == ("noted", said.ts, {"noted": 1})
    await guards.remove(room.cast.mina, noted.id)
    assert "bluebird" not in str((await room.channels.history(joon, channel))[0])


async def test_where_a_rule_holds_and_whom_it_leaves_out(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    inside, outside = await room.channel(mina, joon), await room.shared()
    made = await switch_on(room, rule(words=("bluebird",), where="shared"))
    await room.say(joon, inside, "bluebird")
    with pytest.raises(Guarded):
        await room.say(joon, outside, "bluebird")
    await room.say(room.cast.rina, outside, "bluebird")  # another organisation's people go by its own rules
    await switch_on(room, replace(made, except_people=(joon.user,)))
    await room.say(joon, outside, "bluebird")
    with pytest.raises(Guarded):
        await room.say(mina, outside, "bluebird")
    await switch_on(room, replace(made, except_functions=("marketing",)))
    await room.say(joon, outside, "bluebird")
    await switch_on(room, replace(made, where="channels", channels=(inside,)))
    await room.say(joon, outside, "bluebird")
    with pytest.raises(Guarded):
        await room.say(joon, inside, "bluebird")
    await switch_on(room, replace(made, enabled=False))
    await room.say(joon, inside, "bluebird")


async def test_rules_are_those_of_who_answers_for_them(room: Room) -> None:
    guards, made = guards_of(room), rule(words=("bluebird",))
    for act in (
        guards.put(room.cast.joon, made, whole=False), guards.rules(room.cast.joon), guards.violations(room.cast.joon),
        guards.try_out(room.cast.gil, made, whole=False), guards.drop(room.cast.joon, "G1"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            await act
    own = await switch_on(room, made)
    rival = room.cast.rina
    for theirs in (guards.put(rival, own, whole=True), guards.drop(rival, own.id)):
        with pytest.raises(RuleNotFound):
            await theirs
    assert await guards.rules(rival) == []
    assert len(await guards.rules(room.cast.mina)) == 1
    channel = await room.channel(room.cast.mina)
    with pytest.raises(Guarded):
        await room.say(room.cast.mina, channel, "bluebird")
    ((stopped,), _) = await guards.violations(room.cast.mina)
    with pytest.raises(ViolationNotFound):
        await guards.let(rival, stopped.id)


async def test_a_rule_is_tried_on_what_was_said_with_progress_and_can_be_stopped(room: Room) -> None:
    guards, mina = guards_of(room), room.cast.mina
    channel = await room.channel(mina, room.cast.joon)
    await room.channels.post(mina, channel, Draft(f"old {CARD}"))
    for n in range(3):
        await room.say(room.cast.joon, channel, f"nothing {n}")
    begun = await guards.try_out(mina, rule(detectors=("card",)), whole=True)
    assert (begun.state, begun.total >= 4) == ("running", True)
    while await guards.go_on():
        pass
    done = await guards.trial(mina, begun.id)
    assert (done.state, done.hits, done.looked) == ("done", 1, done.total)
    assert done.examples[0]["excerpt"] == "old ••••-••••-••••-••••"
    stopped = await guards.try_out(mina, rule(detectors=("card",)), whole=False)
    assert (await guards.cancel(mina, stopped.id)).state == "cancelled"
    await guards.go_on()
    assert (await guards.trial(mina, stopped.id)).looked == 0
    with pytest.raises(NotAllowed):
        await guards.trial(room.cast.joon, begun.id)
