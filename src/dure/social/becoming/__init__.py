"""What a mention became elsewhere: a task, a deal's activity, somebody on a list, an idea."""
