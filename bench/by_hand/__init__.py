"""What the benches' peers are asked, written by hand."""
