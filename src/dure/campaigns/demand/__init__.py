"""Demand tests: a question, some people, a message to half of them, and what they did: before anybody writes code."""
