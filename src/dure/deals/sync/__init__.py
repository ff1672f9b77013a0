"""Records here and in a Salesforce org are kept the same, both ways."""
