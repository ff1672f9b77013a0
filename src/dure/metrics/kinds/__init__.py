"""How each kind of question is counted: its SQL, its answer, and what it says of itself."""
