"""What automations may do about waiting customers: hand a question to somebody else, and read the numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.api import Channels
from dure.channels.model import ts_of
from dure.kernel.errors import Invalid
from dure.state import Tx

_MOST_DAYS = 366


class Escalate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The question by its channel and `asked_ts`; `to` are user ids of one's own workspace."""

    channel: str
    asked_ts: str
    to: list[str]


class Escalated(msgspec.Struct, frozen=True):
    """`waiting` is false where the question was answered, or waits for the customer, by now: nothing was done then.
    `added` are those who were not in the channel before."""

    waiting: bool
    added: list[str]


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions of the last `days`, of one channel (an id) or of all."""

    channel: str = ""
    days: int = 7


class Counted(msgspec.Struct, frozen=True):
    """Medians and ninetieth percentiles are open minutes, empty where nothing was answered; `within` is a share in
    percent, empty where nothing was decided. `waiting` is how many are open, `oldest` since when."""

    asked: int = 0
    answered: int = 0
    median_minutes: float | None = None
    p90_minutes: float | None = None
    within: float | None = None
    missed: int = 0
    waiting: int = 0
    oldest: datetime | None = None


def steps(api: Channels) -> list[StepKind]:
    """channels.escalate and channels.response_numbers."""

    async def escalate(tx: Tx, call: StepCall, given: Escalate) -> Escalated:
        if not given.to:
            raise Invalid("Say to whom.", field="to")
        held, added = await api.escalate_in(tx, call.principal, given.channel, ts_of(given.asked_ts), given.to)
        return Escalated(held is not None, list(added))

    async def numbers(tx: Tx, call: StepCall, given: Numbers) -> Counted:
        if not 1 <= given.days <= _MOST_DAYS:
            raise Invalid(f"`days` is between 1 and {_MOST_DAYS}.", field="days")
        channel = (await api.info_in(tx, call.principal, given.channel)).id if given.channel else ""
        start, channels = call.now - timedelta(days=given.days), [channel] if channel else []
        rows = await api.waits.rows_in(tx, call.principal, start, call.now, channels=channels)
        if not rows:
            return Counted()
        (row,) = rows
        return Counted(
            row.asked, row.answered, _minutes(row.median), _minutes(row.p90),
            None if row.within is None else round(row.within * 100, 1), row.missed, row.waiting, row.oldest,
        )  # fmt: skip

    return [
        StepKind(
            "channels.escalate", {"ko": "기다리는 질문을 다른 사람에게 넘기기", "en": "Escalate a waiting question"},
            Escalate, Escalated, escalate,
            about={"ko": "아직 답이 없는 고객의 질문에 사람을 더 불러들입니다."
                   " 이미 답했거나 고객 차례면 아무것도 하지 않습니다.",
                   "en": "Brings people in on a customer's question that still waits. Does nothing where it was"
                   " answered or waits for the customer."},
        ),
        StepKind(
            "channels.response_numbers", {"ko": "응답 수치 읽기", "en": "Read the response numbers"}, Numbers, Counted,
            numbers,
            about={"ko": "정한 날수 동안 고객이 얼마나 기다렸는지: 중앙값, 90백분위,"
                   " 약속을 지킨 비율, 지금 기다리는 수.",
                   "en": "How long customers waited: median, ninetieth percentile, promises kept, who waits now."},
        ),
    ]  # fmt: skip


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
