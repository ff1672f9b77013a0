"""A look over every open deal, once a day: what went quiet, hangs on one person, is past its day."""
