"""Federation's SQL, a file for each noun."""
