"""The audit trail: one entry per change, in the change's own transaction, each bound to all before it."""
