"""What somebody wrote down at a record, and the files and links beside it."""
