"""An answer for readers who have no screen before them: as a number, rows, a sentence, a drawing."""
