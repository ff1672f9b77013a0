"""The care inbox: conversations with customers, who looks after them, what was answered, and with what outcome."""
