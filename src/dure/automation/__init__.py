"""Automation: trigger, condition, step, run. One engine for a deal and for a million listeners; knows no product."""
