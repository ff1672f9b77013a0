"""Journey maps: stages that product and marketing draw together."""
