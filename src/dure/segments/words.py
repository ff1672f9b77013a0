"""A rule in words, for people who did not write it."""

from __future__ import annotations

from dure.kernel.filters import Filter
from dure.segments.counted_words import counted_en, counted_ko
from dure.segments.model import ANYTHING, All, Counted, Did, Either, In, LastSeen, Listed, Not, Rule, Trait

_UNITS = {"m": ("분", "minute"), "h": ("시간", "hour"), "d": ("일", "day"), "w": ("주", "week")}
_OPS_KO = {
    "=": "{p} = {v}", "!=": "{p} ≠ {v}", "in": "{p}이(가) {v} 중 하나", "not_in": "{p}이(가) {v}에 없음",
    "contains": "{p}에 {v} 포함", ">": "{p} > {v}", ">=": "{p} ≥ {v}", "<": "{p} < {v}", "<=": "{p} ≤ {v}",
    "set": "{p} 있음", "not_set": "{p} 없음",
}  # fmt: skip
_OPS_EN = {
    "=": "{p} is {v}", "!=": "{p} is not {v}", "in": "{p} is one of {v}", "not_in": "{p} is none of {v}",
    "contains": "{p} contains {v}", ">": "{p} > {v}", ">=": "{p} ≥ {v}", "<": "{p} < {v}", "<=": "{p} ≤ {v}",
    "set": "{p} is known", "not_set": "{p} is not known",
}  # fmt: skip


def in_words(rule: Rule, names: dict[str, dict[str, str]]) -> dict[str, str]:
    """The rule in `ko` and `en`; `names` are other segments' names by id."""
    return {"ko": _ko(rule, names), "en": _en(rule, names)}


def _ko(rule: Rule, names: dict[str, dict[str, str]], inner: bool = False) -> str:
    if isinstance(rule, All | Either):
        text = (" 그리고 " if isinstance(rule, All) else " 또는 ").join(_ko(part, names, True) for part in rule.of)
        return f"({text})" if inner and len(rule.of) > 1 else text
    if isinstance(rule, Not):
        if isinstance(rule.of, Did) and _never(rule.of):
            return _ko(rule.of, names).removesuffix("1번 이상").rstrip() + " 없음"
        return f"아님: {_ko(rule.of, names, True)}"
    if isinstance(rule, Did):
        window = f"최근 {_length(rule.within, 0)} 동안 " if rule.within else ""
        if rule.before:
            window = f"{_length(rule.before, 0)} 전까지" + (
                f"의 {_length(rule.within, 0)} 동안 " if rule.within else " "
            )
        unit = "일" if rule.measure == "days" else "번"
        many = f"{rule.at_least}{unit} 이상" if rule.at_most is None else f"{rule.at_least}~{rule.at_most}{unit}"
        what = "활동" if rule.event == ANYTHING else f"‘{rule.event}’"
        return f"{window}{what}{_filters(rule.where, 0)} {many}"
    if isinstance(rule, LastSeen):
        what = "마지막 활동" if rule.event == ANYTHING else f"마지막 ‘{rule.event}’"
        parts = [f"{_length(rule.over, 0)} 넘게 지남"] if rule.over else []
        parts += [f"{_length(rule.under, 0)} 이내"] if rule.under else []
        return f"{what}: {', '.join(parts)}"
    if isinstance(rule, Trait):
        return _one(rule.filter, 0)
    if isinstance(rule, Counted):
        return counted_ko(rule)
    if isinstance(rule, Listed) and not rule.segment:
        return "손으로 넣고 뺀 목록"
    return f"세그먼트 ‘{names.get(rule.segment, {}).get('ko', rule.segment)}’에 있음"


def _en(rule: Rule, names: dict[str, dict[str, str]], inner: bool = False) -> str:
    if isinstance(rule, All | Either):
        text = (" and " if isinstance(rule, All) else " or ").join(_en(part, names, True) for part in rule.of)
        return f"({text})" if inner and len(rule.of) > 1 else text
    if isinstance(rule, Not):
        if isinstance(rule.of, Did) and _never(rule.of):
            said = _en(rule.of, names).replace(" at least 1 time", "")
            return "was not active" + said[10:] if said.startswith("was active") else "did not do" + said[3:]
        return f"not: {_en(rule.of, names, True)}"
    if isinstance(rule, Did):
        what = "was active" if rule.event == ANYTHING else f"did “{rule.event}”"
        unit = ("day" if rule.measure == "days" else "time") + ("s" if (rule.at_most or rule.at_least) != 1 else "")
        over = "on " if rule.measure == "days" else ""
        many = f"at least {rule.at_least} {unit}"
        if rule.at_most is not None:
            many = f"{rule.at_least} to {rule.at_most} {unit}"
        window = f" in the last {_length(rule.within, 1)}" if rule.within else ""
        if rule.before:
            window = f" until {_length(rule.before, 1)} ago"
            window = f" in the {_length(rule.within, 1)}{window}" if rule.within else window
        return f"{what}{_filters(rule.where, 1)} {over}{many}{window}"
    if isinstance(rule, LastSeen):
        what = "last active" if rule.event == ANYTHING else f"last “{rule.event}”"
        parts = [f"more than {_length(rule.over, 1)} ago"] if rule.over else []
        parts += [f"within {_length(rule.under, 1)}"] if rule.under else []
        return f"{what} {' and '.join(parts)}"
    if isinstance(rule, Trait):
        return _one(rule.filter, 1)
    if isinstance(rule, Counted):
        return counted_en(rule)
    if isinstance(rule, Listed) and not rule.segment:
        return "A list made by hand"
    assert isinstance(rule, In)  # noqa: S101 - the only kind left
    return f"is in “{names.get(rule.segment, {}).get('en', rule.segment)}”"


def _never(did: Did) -> bool:
    return did.measure == "times" and did.at_least == 1 and did.at_most is None


def _filters(where: tuple[Filter, ...], language: int) -> str:
    return f" ({', '.join(_one(each, language) for each in where)})" if where else ""


def _one(where: Filter, language: int) -> str:
    value = ", ".join(map(str, where.value)) if isinstance(where.value, list | tuple) else str(where.value)
    return (_OPS_KO, _OPS_EN)[language][where.op].format(p=where.prop, v=value)


def _length(text: str | None, language: int) -> str:
    if text is None:
        return ""
    number, unit = int(text[:-1]), _UNITS[text[-1]]
    return f"{number}{unit[0]}" if language == 0 else f"{number} {unit[1]}{'s' if number != 1 else ''}"
