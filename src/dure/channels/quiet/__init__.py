"""When somebody wants to be left alone: hours of the day, and a pause by hand."""
