"""The feed: every fact, in order, durable before it is acknowledged."""
