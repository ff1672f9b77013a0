"""Where mentions come from, and the way back: connected sources, how they are asked, and what is said through them."""
