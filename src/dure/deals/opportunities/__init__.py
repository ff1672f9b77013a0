"""Deals themselves: their life, their team, their way from stage to stage."""
