"""The objects there are: each is a page of fields over deals' own tables."""
