"""The gate: who may be sent what at this moment, and why others may not."""
