"""What goes wrong in SCIM's words (RFC 7644 §3.12); both versions say it in their own shape."""

from __future__ import annotations

from dure.kernel.errors import Conflict, Invalid, NotFound


class BadFilter(Invalid):
    """The filter cannot be read."""

    kind = "invalidFilter"


class BadPath(Invalid):
    """The path cannot be read, or names nothing that there is."""

    kind = "invalidPath"


class BadValue(Invalid):
    """A value is missing or does not fit."""

    kind = "invalidValue"


class BadSyntax(Invalid):
    """The body is not a request of SCIM's."""

    kind = "invalidSyntax"


class ReadOnly(Invalid):
    """The attribute cannot be changed."""

    kind = "mutability"


class NoTarget(Invalid):
    """The path's filter fits nothing."""

    kind = "noTarget"


class NotUnique(Conflict):
    """Another has this name already."""

    kind = "uniqueness"


class Gone(NotFound):
    """There is none with this id."""
