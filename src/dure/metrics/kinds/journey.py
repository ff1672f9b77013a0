"""The journey: how many people are in each stage, how they move, where they wait and where they drop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from dure.kernel.errors import Invalid
from dure.metrics.journeys.course import Course, in_words, read
from dure.metrics.kinds import journey_moves
from dure.metrics.kinds.journey_moves import NOWHERE
from dure.metrics.period import Ruler, micros
from dure.metrics.question import JourneyQuestion, Selector
from dure.metrics.sql import Ask

MOST_INTERVALS = 400
Standing = Literal["in", "active", "waiting", "dropped", "entered", "left"]
_STATES = ("active", "waiting", "dropped")


class Reading(Protocol):
    """Runs a statement of a question."""

    async def rows_of(self, sql: str, ask: Ask) -> Sequence[Sequence[Any]]: ...


async def answer(reading: Reading, ask: Ask, question: JourneyQuestion, ruler: Ruler) -> dict[str, Any]:
    """The map's stages, flows, hand-overs and the line of its stages, as of the range's end or now."""
    course = course_of(question)
    if ruler.count > MOST_INTERVALS:
        raise Invalid(f"The range holds {ruler.count} intervals; at most {MOST_INTERVALS}.", field="interval")
    ask.definitions = definitions(course)
    return _put_together(course, ruler, ask, await reading.rows_of(statement(ask, course, ruler), ask))


def course_of(question: JourneyQuestion) -> Course:
    """The stages to ask for. One that is named by its id has been looked up by the catalogue."""
    if question.map is None:
        raise Invalid("A journey is asked through the catalogue.", field="journey")
    return read(question.map, Course, "map")


def statement(ask: Ask, course: Course, ruler: Ruler) -> str:
    """Rows of kind, a, b, i, people, times, median and p90 in µs; one reading of the events gives all of them.

    `standing` stage a in state b · `wait` those of stage a who are not dropped · `move` from a to b in interval i (-1
    before the range), times · `flow` from a to b in the range, people and what was spent in a · `entered`, `left` and
    `present` in the range, people of stage a.
    """
    end, start = _end_us(ask), ask.period.start_us
    people = journey_moves.people(ask, course, end)
    at = ruler.index_sql("fromUnixTimestamp64Micro(M.3, 'UTC')")
    whole = (
        f"select unit, moves, arrayFilter(M -> M.3 >= {start}, moves) as inside, moves[-1].2 as stage,"
        f" {end} - moves[-1].3 as waited, {_state(course, end)} as state,"
        f" arrayLast(M -> M.3 < {start}, moves) as earlier, moves[1].3 < {start} as known from ({people})"
    )
    present = "arrayDistinct(arrayConcat(if(known, [earlier.2], emptyArrayInt64()), arrayMap(M -> M.2, inside)))"
    first = "arrayEnumerateUniq(arrayMap(M -> (M.1, M.2), inside))"
    facts = ", ".join(
        (
            f"[{_fact('standing', 'stage', 'state')}]",
            f"if(state = 2, [], [{_fact('wait', 'stage', spent='waited')}])",
            f"arrayMap(M -> {_fact('move', 'M.1', 'M.2', f'if(M.3 < {start}, -1, {at})')}, moves)",
            f"arrayMap((M, U) -> {_fact('flow', 'M.1', 'M.2', spent='M.4', people='U = 1')}, inside, {first})",
            f"arrayMap(S -> {_fact('entered', 'S')}, arrayDistinct(arrayMap(M -> M.2, inside)))",
            f"arrayMap(S -> {_fact('left', 'S')}, arrayDistinct(arrayMap(M -> M.1, inside)))",
            f"arrayMap(S -> {_fact('present', 'S')}, {present})",
        )
    )
    timed = "F.1 in ('wait', 'flow')"
    return (
        "select F.1 as kind, F.2 as a, F.3 as b, F.4 as i, sum(F.6) as people, count() as times,"
        f" quantilesExactInclusiveIf(0.5, 0.9)(F.5, {timed}) as spent"
        f" from (select arrayJoin(arrayConcat({facts})) as F from ({whole})) group by kind, a, b, i"
    )


def people_sql_of(ask: Ask, question: JourneyQuestion, ruler: Ruler, cell: Cell) -> tuple[str, tuple[Selector, ...]]:
    """Whom a cell counted, as a SELECT of `unit`, and the selectors that mean their events."""
    course = course_of(question)
    end, start = _end_us(ask), ask.period.start_us
    people = journey_moves.people(ask, course, end)
    if cell.to is not None:
        to = course.place(cell.to, "cell.to")
        came = NOWHERE if cell.stage is None else course.place(cell.stage, "cell.stage")
        which = f"arrayExists(M -> M.1 = {came} and M.2 = {to} and M.3 >= {start}, moves)"
    elif cell.stage is None:
        raise Invalid("Say which stage, or which move by `stage` and `to`.", field="cell.stage")
    else:
        stage = course.place(cell.stage, "cell.stage")
        inside = f"arrayExists(M -> M.{{}} = {stage} and M.3 >= {start}, moves)"
        which = {"entered": inside.format(2), "left": inside.format(1)}.get(cell.standing, f"moves[-1].2 = {stage}")
        if cell.standing in _STATES:
            which += f" and {_state(course, end)} = {_STATES.index(cell.standing)}"
        if cell.interval is not None:
            if cell.standing != "in" or not 0 <= cell.interval < ruler.count:
                raise Invalid("The line has no such interval.", field="cell.interval")
            over = min(micros(ruler.starts_at(cell.interval + 1)), end)
            which = f"moves[1].3 < {over} and arrayLast(M -> M.3 < {over}, moves).2 = {stage}"
    return f"select unit from ({people}) where {which}", tuple(course.selectors())


class Cell(Protocol):
    """What `behind.Cell` says about a journey: a stage and who of it, or the move from `stage` (none: new) `to` one."""

    @property
    def stage(self) -> str | None: ...
    @property
    def to(self) -> str | None: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def interval(self) -> int | None: ...


def definitions(course: Course) -> list[str]:
    """How a journey counts, in sentences."""
    also = f" or {' or '.join(repr(one.event) for one in course.activity)}" if course.activity else ""
    return [
        "A person is in one stage: the furthest whose rule they have met. Earlier stages may be skipped.",
        "A stage that holds once stays met; one that holds while its rule is true is lost when it no longer is, and the"
        " person falls back to the furthest stage that still holds, or to the first. Who never met a rule is in none.",
        "A number of events within a time is met at the last of them, the window's end included; a stage held while"
        " that is true is lost when the first of them is older. Of one instant only the outcome counts.",
        "A trait is what the person was said to be at that time; what was said of people before they were merged counts"
        " for the one they are now.",
        f"Numbers are as of the range's end, or now. Activity is an event of any stage's rule{also}.",
        "Dropped: longer than the stage's patience since the later of entering it and the last activity. Active: not"
        " dropped, with activity after entering the stage. Waiting: not dropped and nothing since. The three add up to"
        " the people of the stage, and the stages to all who ever met a rule.",
        "Wait is the time since entering the stage, of those not dropped; a flow's median is the time its people had"
        " spent in the stage they left. A person counts once in each flow, and in entered and left, of the range.",
        "A hand-over is a flow forward into another team's stage; its rate is its people among all who were in the"
        " stage they left at some time of the range.",
        *(in_words(stage, number) for number, stage in enumerate(course.stages)),
    ]


def _put_together(course: Course, ruler: Ruler, ask: Ask, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    facts: dict[str, dict[tuple[int, int, int], Sequence[Any]]] = {}
    for kind, a, b, i, *rest in rows:
        facts.setdefault(str(kind), {})[int(a), int(b), int(i)] = rest

    def people(kind: str, a: int, b: int = 0) -> int:
        return int(facts.get(kind, {}).get((a, b, 0), (0,))[0])

    stages = []
    for number, stage in enumerate(course.stages):
        states = {name: people("standing", number, code) for code, name in enumerate(_STATES)}
        wait = facts.get("wait", {}).get((number, 0, 0))
        stages.append(
            {
                "id": stage.id, "name_ko": stage.name_ko, "name_en": stage.name_en, "function": stage.function,
                "people": sum(states.values()), **states,
                "median_wait_seconds": _seconds(wait, 0), "p90_wait_seconds": _seconds(wait, 1),
                "entered": people("entered", number), "left": people("left", number),
            }
        )  # fmt: skip
    flows = sorted((a, b) for a, b, _ in facts.get("flow", {}))
    ids = [stage.id for stage in course.stages]
    return {
        "people": sum(stage["people"] for stage in stages),
        "stages": stages,
        "flows": [
            {
                "from": None if a == NOWHERE else ids[a], "to": ids[b], "people": people("flow", a, b),
                "median_seconds": None if a == NOWHERE else _seconds(facts["flow"][a, b, 0], 0),
            }
            for a, b in flows
        ],
        "handovers": [
            {
                "from_function": course.stages[a].function, "to_function": course.stages[b].function,
                "from": ids[a], "to": ids[b], "people": people("flow", a, b),
                "median_seconds": _seconds(facts["flow"][a, b, 0], 0),
                "rate": people("flow", a, b) / people("present", a),
            }
            for a, b in flows if _handed_over(course, a, b)
        ],
        "series": _series(course, ruler, ask, facts.get("move", {})),
    }  # fmt: skip


def _handed_over(course: Course, a: int, b: int) -> bool:
    if a == NOWHERE or a > b:
        return False
    ours, theirs = course.stages[a].function, course.stages[b].function
    return bool(ours and theirs) and ours != theirs


def _series(course: Course, ruler: Ruler, ask: Ask, moves: dict[tuple[int, int, int], Sequence[Any]]) -> dict[str, Any]:
    """How many were in each stage at the end of each interval; null where it has not begun yet."""
    gained = [[0] * (ruler.count + 1) for _ in course.stages]
    for (a, b, i), rest in moves.items():
        gained[b][i + 1] += int(rest[1])
        if a != NOWHERE:
            gained[a][i + 1] -= int(rest[1])
    lines: dict[str, list[int | None]] = {}
    for stage, steps in zip(course.stages, gained, strict=True):
        standing, line = steps[0], []
        for i, step in enumerate(steps[1:]):
            standing += step
            line.append(standing if micros(ruler.starts_at(i)) < _end_us(ask) else None)
        lines[stage.id] = line
    return {"intervals": ruler.labels(), "stages": lines}


def _state(course: Course, end_us: int) -> str:
    """The number in `_STATES` of how somebody stands in the stage they are in."""
    patience = ", ".join(str(stage.patience_us or journey_moves.NEVER) for stage in course.stages)
    quiet = f"{end_us} - greatest(moves[-1].3, acted) > [{patience}][moves[-1].2 + 1]"
    return f"multiIf({quiet}, 2, acted > moves[-1].3, 0, 1)"


def _fact(kind: str, a: str, b: str = "0", i: str = "0", spent: str = "0", people: str = "1") -> str:
    return f"('{kind}', toInt64({a}), toInt64({b}), toInt64({i}), toInt64({spent}), toInt64({people}))"


def _seconds(row: Sequence[Any] | None, which: int) -> float | None:
    return None if row is None else float(row[2][which]) / 1e6


def _end_us(ask: Ask) -> int:
    """What has not happened yet is not told: a stage is not lost before its time."""
    return ask.period.end_us if ask.now is None else min(ask.period.end_us, micros(ask.now))
