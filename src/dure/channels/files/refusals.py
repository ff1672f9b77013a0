"""Why files are refused something; each code is Slack's name for it."""

from __future__ import annotations

from dure.kernel.errors import Invalid, NotAllowed, NotFound, TooLarge


class FileNotFound(NotFound):
    """There is no such file here."""

    code = "file_not_found"


class FileDeleted(NotFound):
    """The file was deleted."""

    code = "file_deleted"


class CantDeleteFile(NotAllowed):
    """Only its owner or an administrator of their workspace can delete a file."""

    code = "cant_delete_file"


class FileTooLarge(TooLarge):
    """The file is larger than this server takes."""

    code = "file_upload_size_restricted"


class SnippetTooLarge(TooLarge):
    """A snippet has at most 1 MB."""

    code = "snippet_too_large"


class UnknownSnippetType(Invalid):
    """There is no such kind of snippet."""

    code = "unknown_snippet_type"


class AltTooLong(TooLarge):
    """A description for screen readers has at most 1,000 characters."""

    code = "alt_txt_too_large"


class ChannelsLimit(Invalid):
    """A file is shared to at most a hundred channels at once."""

    code = "channels_limit_exceeded"
