"""Provisioning by SCIM: an organisation's directory makes, changes and ends accounts, and keeps groups of them."""
