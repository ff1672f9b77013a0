"""`people.update`: what an automation states about somebody. It lies here because people's own room knows no steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.kernel.errors import Invalid
from dure.people.api import People
from dure.state import Tx


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Traits by name; null takes one away. `person` is a person id or a distinct id, without it whom the run is
    about."""

    traits: dict[str, Any]
    person: str = ""


class Updated(msgspec.Struct, frozen=True):
    person: str
    traits: dict[str, Any]


def people_step(people: People) -> StepKind:
    async def update(tx: Tx, call: StepCall, given: Update) -> Updated:
        return (await update_many(tx, [call], [given]))[0]

    async def update_many(tx: Tx, calls: Sequence[StepCall], given: Sequence[Update]) -> list[Updated]:
        """One statement of all in a workspace; one that makes no sense sends each on its own way."""
        by_workspace: dict[str, list[int]] = defaultdict(list)
        for number, call in enumerate(calls):
            by_workspace[call.tenant.workspace].append(number)
        answers: dict[int, Updated] = {}
        for numbers in by_workspace.values():
            said = [(_whom(calls[number], given[number]), given[number].traits) for number in numbers]
            known = await people.state_in(tx, calls[numbers[0]].principal, said)
            for number, person in zip(numbers, known, strict=True):
                answers[number] = Updated(str(person.id), person.traits)
        return [answers[number] for number in range(len(calls))]

    return StepKind(
        "people.update", {"ko": "사람의 특성 바꾸기", "en": "Update a person"}, Update, Updated, update,
        run_many=update_many,
        about={"ko": "사람의 특성을 정합니다. Identified 이벤트로 남고 세그먼트와 질문이 봅니다.",
               "en": "States traits of somebody. It is an Identified event, seen by segments and questions."},
    )  # fmt: skip


def _whom(call: StepCall, given: Update) -> str:
    whom = given.person or str((call.event or {}).get("person") or "") or call.subject
    if not whom.strip():
        raise Invalid("The run is about nobody; name `person`.", field="person")
    return whom
