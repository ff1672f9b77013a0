"""The whole life of a share between a channel's home and one other workspace, in one table: state × act → state or why
not.

    requested ──allow──► offered ◄─ sent                     (sent: the home side has not approved yet; offered: it has)
        └─deny─► denied       └──accept──► accepted · home_approved · away_approved ──both──► connected · post_only
    connected ──ask_transfer──► moving ──take_transfer──► connected, the other way round
    any of them ──► declined · revoked · expired · disconnected, and from there ──invite──► sent again

Whoever asks whether something may happen asks `step`; nothing else decides it. Each act is one side's: who may do it
there (a member, an administrator) is asked before, by role and policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from dure.channels.connect.refusals import (
    AlreadyApproved,
    ApprovalInactive,
    CannotKickTeam,
    InviteOver,
    InviteUsed,
    NoTransfer,
    NotShared,
    PendingInvite,
    PostOnlyHost,
    TeamNotFound,
    TransferPending,
)
from dure.channels.refusals import AlreadyConnected, ChannelNotFound, InviteNotFound
from dure.kernel.errors import DureError

State = Literal[
    "none", "requested", "denied", "sent", "offered", "accepted", "home_approved", "away_approved", "connected",
    "post_only", "moving", "declined", "revoked", "expired", "disconnected",
]  # fmt: skip
Act = Literal[
    "invite", "offer", "request", "allow", "deny", "accept", "accept_approving", "approve_home", "approve_away",
    "take_back", "decline", "disconnect", "leave", "kick_home", "upgrade", "downgrade", "ask_transfer",
    "take_transfer", "refuse_transfer", "stop_transfer", "expire",
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)
ACTS: tuple[Act, ...] = get_args(Act)
AWAY: frozenset[Act] = frozenset(
    {"accept", "accept_approving", "approve_away", "decline", "leave", "kick_home", "take_transfer", "refuse_transfer"}
)
"""Acts of the other side; `expire` is time's, and the rest are the home side's."""

WAITING: tuple[State, ...] = ("requested", "sent", "offered", "accepted", "home_approved", "away_approved")
SHARED: tuple[State, ...] = ("connected", "post_only", "moving")
OVER: tuple[State, ...] = ("denied", "declined", "revoked", "expired", "disconnected")

Outcome = State | type[DureError]
_SENT: tuple[State, ...] = ("sent", "offered")
_AGREEING: tuple[State, ...] = ("accepted", "home_approved", "away_approved")


def _row(*cells: tuple[tuple[State, ...] | State, Outcome], otherwise: Outcome) -> Mapping[State, Outcome]:
    made: dict[State, Outcome] = dict.fromkeys(STATES, otherwise)
    for states, outcome in cells:
        made |= dict.fromkeys((states,) if isinstance(states, str) else states, outcome)
    return made


def _ask(into: State) -> Mapping[State, Outcome]:
    """At most one is pending for each target."""
    return _row((WAITING, PendingInvite), (SHARED, AlreadyConnected), otherwise=into)


TABLE: Mapping[Act, Mapping[State, Outcome]] = {
    # The home side asks.
    "invite": _ask("sent"),
    "offer": _ask("offered"),  # the same by who approves with it, or where nobody need approve
    "request": _ask("requested"),
    "allow": _row(
        ("requested", "offered"), ("none", InviteNotFound), (OVER, ApprovalInactive), otherwise=AlreadyApproved
    ),
    "deny": _row(("requested", "denied"), ("none", InviteNotFound), otherwise=ApprovalInactive),
    # The other side answers. Of a request nobody there knows.
    "accept": _row(
        ("sent", "accepted"), ("offered", "home_approved"), (_AGREEING, InviteUsed), (SHARED, InviteUsed),
        ("disconnected", InviteUsed), (("none", "requested", "denied"), InviteNotFound), otherwise=InviteOver,
    ),
    "accept_approving": _row(
        ("sent", "away_approved"), ("offered", "connected"), (_AGREEING, InviteUsed), (SHARED, InviteUsed),
        ("disconnected", InviteUsed), (("none", "requested", "denied"), InviteNotFound), otherwise=InviteOver,
    ),
    "approve_home": _row(
        ("accepted", "home_approved"), ("away_approved", "connected"), ("home_approved", AlreadyApproved),
        (SHARED, AlreadyApproved), ("none", InviteNotFound), otherwise=ApprovalInactive,
    ),
    "approve_away": _row(
        ("accepted", "away_approved"), ("home_approved", "connected"), ("away_approved", AlreadyApproved),
        (SHARED, AlreadyApproved), (("none", "requested", "denied"), InviteNotFound), otherwise=ApprovalInactive,
    ),
    # Either says no before it is connected.
    "take_back": _row(
        ("requested", "denied"), (_SENT, "revoked"), (_AGREEING, "declined"), ("none", InviteNotFound),
        otherwise=ApprovalInactive,
    ),
    "decline": _row(
        (_SENT, "declined"), (_AGREEING, "declined"), (("none", "requested", "denied"), InviteNotFound),
        otherwise=ApprovalInactive,
    ),
    # Either ends it; the home side takes back with it what was not answered yet.
    "disconnect": _row((_SENT, "revoked"), (_AGREEING, "revoked"), (SHARED, "disconnected"), otherwise=NotShared),
    "leave": _row((SHARED, "disconnected"), otherwise=ChannelNotFound),
    "kick_home": _row((SHARED, CannotKickTeam), otherwise=ChannelNotFound),
    # Rights: to write and bring people in, or to write only. Before it is connected they are the invitation's.
    "upgrade": _row(
        *((state, state) for state in (*_SENT, *_AGREEING, "connected", "moving")), ("post_only", "connected"),
        otherwise=TeamNotFound,
    ),
    "downgrade": _row(
        *((state, state) for state in (*_SENT, *_AGREEING, "post_only")), (("connected", "moving"), "post_only"),
        otherwise=TeamNotFound,
    ),
    # The home moves to the other side, which from then on is the one that `disconnect` and the rest are the acts of.
    "ask_transfer": _row(
        ("connected", "moving"), ("post_only", PostOnlyHost), ("moving", TransferPending), otherwise=TeamNotFound
    ),
    "take_transfer": _row(
        ("moving", "connected"), (("connected", "post_only"), NoTransfer), otherwise=ChannelNotFound
    ),
    "refuse_transfer": _row(
        ("moving", "connected"), (("connected", "post_only"), NoTransfer), otherwise=ChannelNotFound
    ),
    "stop_transfer": _row(("moving", "connected"), otherwise=NoTransfer),
    # Time: what was not connected within its days. Told once.
    "expire": _row(
        *((state, state) for state in STATES if state not in WAITING), (WAITING, "expired"), otherwise="none"
    ),
}  # fmt: skip


def step(state: State, act: Act, *, field: str, limited: bool = False) -> State:
    """What an act makes of a state. Raises the table's refusal, naming `field`.

    What is connected by an invitation that lets them only write (`limited`) is `post_only`.
    """
    outcome = TABLE[act][state]
    if not isinstance(outcome, str):
        raise outcome(field=field)
    if outcome == "connected" and limited and act in ("accept_approving", "approve_home", "approve_away"):
        return "post_only"
    return outcome
