"""The log: every event for ever, columnar. The only room that imports chdb or clickhouse_connect."""
