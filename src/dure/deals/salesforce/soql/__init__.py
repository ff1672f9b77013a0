"""Salesforce's query language: text → tokens → a frozen query → a plan with known names → SQL with bound values."""
