"""Why a partner has nothing of what waits for it, as one word of a closed set: the screen has a sentence for each."""

from __future__ import annotations

from dure.channels.federation.calling import Refused

PROBLEMS = (
    "unknown_host", "unreachable", "silent", "certificate", "forbidden", "key_missing", "clock", "signature",
    "not_confirmed", "ended", "address", "version", "busy", "broken", "answer", "gap", "refused",
)  # fmt: skip
# What the other server says, by its word for it.
_SAID = {
    "wrong_clock": "clock", "bad_signature": "signature", "not_confirmed": "not_confirmed",
    "partnership_ended": "ended", "wrong_address": "address", "wrong_version": "version", "too_many": "busy",
    "bad_answer": "answer", "forbidden": "forbidden",
}  # fmt: skip


def problem_of(error: Exception) -> str:
    """The word for what went wrong with a request."""
    if isinstance(error, Refused):
        if error.code in _SAID:
            return _SAID[error.code]
        if error.status in (404, 405, 410):
            return "version"  # a server that does not know the address of this version
        return "broken" if error.status >= 500 else "refused"
    if isinstance(error, KeyError):
        return "key_missing"
    told = str(error)
    if isinstance(error, TimeoutError) or "no answer within" in told:
        return "silent"
    if told.startswith("TLS:"):
        return "certificate"
    return "unknown_host" if told.endswith("is not known") else "unreachable"


def read(error: str) -> tuple[str, str]:
    """A partner's kept error as the word and what else is known of it."""
    word, _, detail = error.partition(": ")
    return (word, detail) if word in PROBLEMS else ("refused" if error else "", error)
