"""The playground: a copy of a workspace's structure with invented people, in which everything can be tried."""
