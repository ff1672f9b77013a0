"""Why a form or a decision is refused."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class FormNotFound(NotFound):
    """There is no such form."""

    code = "form_not_found"


class FormClosed(Conflict):
    """This form takes no more answers."""

    code = "form_closed"


class FormTaken(Conflict):
    """There is a form of this name."""

    code = "form_taken"


class AlreadyAnswered(Conflict):
    """Somebody answered this before you."""

    code = "already_answered"


class NotAsked(NotAllowed):
    """Others are asked here."""

    code = "not_asked"


class NoteNeeded(Invalid):
    """Say why, in the note."""

    code = "note_needed"


class AnswerWrong(Invalid):
    """Something is missing, or is not what is asked for; `data.fields` says what is wrong with each."""

    code = "answer_wrong"
