"""PostgreSQL: the embedded server, the pool, transactions and migrations."""

from dure.state.database import State, Tx

__all__ = ["State", "Tx"]
