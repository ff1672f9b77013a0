"""Why a view, a trigger, an unfurl or an action is refused. Each code is the name that Slack's clients know it by."""

from __future__ import annotations

from collections.abc import Sequence

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge, Unavailable


class InvalidTrigger(Invalid):
    """There is no such trigger for this app."""

    code = "invalid_trigger_id"


class ExpiredTrigger(Invalid):
    """A trigger opens a view within three seconds."""

    code = "expired_trigger_id"


class ExchangedTrigger(Invalid):
    """The trigger has opened a view already."""

    code = "exchanged_trigger_id"


class InvalidView(Invalid):
    """The view is not one of Slack's."""

    code = "invalid_arguments"

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(messages[0] if messages else None, field="view")
        self.messages = tuple(messages)


class ViewNotFound(NotFound):
    """There is no such view, or it was closed."""

    code = "not_found"


class ViewTooLarge(TooLarge):
    """A view has at most 250,000 bytes."""

    code = "view_too_large"


class HashConflict(Conflict):
    """The view was changed meanwhile."""

    code = "hash_conflict"


class DuplicateExternalId(Conflict):
    """Another view of this app has this external_id."""

    code = "duplicate_external_id"


class PushLimit(Conflict):
    """At most three views lie one over the other."""

    code = "push_limit_reached"


class HomeNotEnabled(NotAllowed):
    """This app has no home."""

    code = "not_enabled"


class ElementNotFound(NotFound):
    """There is no such element in this message or view."""

    code = "element_not_found"


class AppNotFound(NotFound):
    """There is no such app in this workspace."""

    code = "app_not_found"


class CommandNotFound(NotFound):
    """There is no such command here."""

    code = "command_not_found"


class NobodyNamed(Invalid):
    """Name somebody, such as @mina."""

    code = "nobody_named"


class ShortcutNotFound(NotFound):
    """There is no such shortcut here."""

    code = "shortcut_not_found"


class AppSilent(Unavailable):
    """The app did not answer within three seconds."""

    code = "app_did_not_answer"


class AppWrong(Unavailable):
    """The app answered with something that cannot be shown."""

    code = "app_answered_wrongly"


class CannotFindMessage(NotFound):
    """There is no such message in this channel."""

    code = "cannot_find_message"


class CannotUnfurlUrl(NotAllowed):
    """The address is not of a domain that this app unfurls."""

    code = "cannot_unfurl_url"


class CannotUnfurlMessage(Invalid):
    """The address is not in the message."""

    code = "cannot_unfurl_message"


class UsedUrl(NotFound):
    """This address was used as often as it may be."""

    code = "used_url"


class ExpiredUrl(NotFound):
    """This address is not known, or no longer."""

    code = "expired_url"


class FunctionNotFound(NotFound):
    """There is no such function here."""

    code = "function_not_found"


class ExecutionNotFound(NotFound):
    """There is no such execution of a function."""

    code = "function_execution_not_found"


class AccessDenied(NotAllowed):
    """Another app was asked to do this."""

    code = "access_denied"


class ExecutionOver(Conflict):
    """It was said before how this ended."""

    code = "execution_not_in_running_state"


class ParametersWrong(Invalid):
    """Something that the function's manifest asks for is missing."""

    code = "parameter_validation_failed"


class PictureNotFound(NotFound):
    """There is no such picture here, or it cannot be fetched."""

    code = "picture_not_found"
