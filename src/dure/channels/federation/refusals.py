"""Why something between two servers is refused. Those that Slack's clients meet have Slack's names."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, Malformed, NotAllowed, NotFound, NotSignedIn, Unavailable


class PartnerNotFound(NotFound):
    """There is no such partner."""

    code = "partner_not_found"


class LinkNotKnown(NotFound):
    """This link is not known here, or its invitation is over."""

    code = "link_not_known"


class CodeNotKnown(NotAllowed):
    """This code is not known here, was used, or is too old."""

    code = "code_not_known"


class WrongAddress(Invalid):
    """This is not the address that the server calls itself by."""

    code = "wrong_address"


class NotConfirmed(NotAllowed):
    """The fingerprint was not confirmed on this side yet."""

    code = "not_confirmed"


class PartnershipEnded(NotAllowed):
    """This partnership was ended."""

    code = "partnership_ended"


class AlreadyPartners(Conflict):
    """You are partners already."""

    code = "already_partners"


class BadSignature(NotSignedIn):
    """The request is not signed by the key that is known of this partner."""

    code = "bad_signature"


class WrongClock(BadSignature):
    """The clocks of the two servers differ by more than five minutes."""

    code = "wrong_clock"


class WrongVersion(Conflict):
    """The two servers speak different versions of this protocol."""

    code = "wrong_version"


class BadEntry(Malformed):
    """An entry is not what this protocol knows."""

    code = "bad_entry"


class PartnerUnreachable(Unavailable):
    """The other company's server does not answer; try again later."""

    code = "service_unavailable"


class NotPaired(Unavailable):
    """The other server could not be asked."""

    def __init__(self, problem: str, message: str) -> None:
        super().__init__(message, field="address")
        self.code = f"partner_{problem}"


class TheyRefused(NotAllowed):
    """The other server refused it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
