"""PostgreSQL: the embedded server, the pool, transactions and migrations."""

from dure.state.database import Leaves, State, Tx
from dure.state.together import Together

__all__ = ["Leaves", "State", "Together", "Tx"]
