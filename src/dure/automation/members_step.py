"""`governance.members`: who belongs to a team, for whom a step is meant."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.governance.api import Governance
from dure.governance.model import FUNCTIONS, Role
from dure.kernel.errors import Invalid
from dure.state import Tx


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One or more of `function` (sales, ad_ops, …), `role` (owner, admin, member, guest) and `email`; all must fit.
    `leave_out` are user ids that are not meant, such as whoever asked."""

    function: str = ""
    role: str = ""
    email: str = ""
    leave_out: list[str] = []


class Members(msgspec.Struct, frozen=True):
    """User ids by name; `first` is the first of them, or nothing, and `names` how they are called."""

    users: list[str]
    first: str
    names: list[str]
    count: int


def members_step(governance: Governance) -> StepKind:
    async def members(tx: Tx, call: StepCall, given: Wanted) -> Members:
        if not (given.function or given.role or given.email):
            raise Invalid("Give a `function`, a `role` or an `email`.", field="function")
        if given.function and given.function not in FUNCTIONS:
            raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
        if given.role and given.role not in set(Role):
            raise Invalid(f"`role` is one of {', '.join(Role)}.", field="role")
        found = sorted(
            (
                user for user in await governance.users_in(tx, call.tenant)
                if not user.deleted and not user.is_bot and user.id not in given.leave_out
                and given.function in ("", user.function) and given.role in ("", user.role)
                and given.email.lower() in ("", user.email.lower())
            ),
            key=lambda user: (user.name, user.id),
        )  # fmt: skip
        ids = [user.id for user in found]
        return Members(ids, ids[0] if ids else "", [user.display or user.name for user in found], len(ids))

    return StepKind(
        "governance.members", {"ko": "팀 사람 찾기", "en": "Look up people of a team"}, Wanted, Members, members,
        about={"ko": "직무, 역할, 이메일로 우리 사람을 찾아 다음 단계에 넘깁니다.",
               "en": "Finds colleagues by function, role or e-mail for the steps that follow."},
    )  # fmt: skip
