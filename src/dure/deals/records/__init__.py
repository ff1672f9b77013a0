"""What every kind of record has in common: its shape, its values, its list, its life from creation to restoration."""
