"""What is said outside beside what the business does: one funnel, lagged correlation, deals touched, hours saved."""
