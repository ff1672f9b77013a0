"""What a text says: its language, intent, topic, feeling, names and whether it is spam; and what people taught it."""
