"""Approval: a second person's word on exactly what is going to leave."""
