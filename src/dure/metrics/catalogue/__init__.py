"""What the company means by a number: definitions, their values, their history and where they are used."""
