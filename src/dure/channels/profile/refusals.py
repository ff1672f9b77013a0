"""Why profiles are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Invalid, NotAllowed, TooLarge


class BadProfile(Invalid):
    """The profile cannot be understood."""

    code = "invalid_profile"


class StatusTooLong(BadProfile):
    """A status has at most 100 characters."""

    code = "profile_status_set_failed_too_long"


class BadStatusEmoji(BadProfile):
    """A status' emoji looks like :palm_tree:."""

    code = "profile_status_set_failed_not_emoji_syntax"


class NotAdmin(NotAllowed):
    """Only an administrator can change this for somebody else."""

    code = "not_admin"


class BadImage(Invalid):
    """This is no PNG, JPEG, GIF, WebP or BMP image."""

    code = "bad_image"


class ImageTooLarge(TooLarge):
    """The image has too many pixels."""

    code = "too_large"
