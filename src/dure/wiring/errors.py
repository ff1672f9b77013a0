"""What a database's errors mean to whoever asked."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from dure.kernel.errors import DureError, Invalid, Unavailable


def _full_disk(_: Exception) -> DureError:
    return Unavailable("The disk is full; nothing of this request was kept. Free some space and send it again.")


def _no_database(_: Exception) -> DureError:
    return Unavailable("The database does not answer right now; nothing of this request was kept.")


def _not_kept(error: Exception) -> DureError:
    """What a client sent and no column can hold; anything else that the database finds wrong is a mistake of ours."""
    if isinstance(error, psycopg.errors.NumericValueOutOfRange):
        return Invalid("A number is larger than can be kept.")
    return Invalid("A text has a NUL in it, which cannot be kept.") if "NUL" in str(error) else DureError()


ERRORS: dict[type[Exception], Callable[[Exception], DureError]] = {
    psycopg.errors.DiskFull: _full_disk,
    psycopg.OperationalError: _no_database,
    psycopg.DataError: _not_kept,
}
