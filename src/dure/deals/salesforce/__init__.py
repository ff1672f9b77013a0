"""Salesforce's door to deals: its REST, its logins and its query language, for clients that know nothing of Dure."""
