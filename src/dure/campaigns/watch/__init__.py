"""The watch: campaigns that stop by themselves when something is wrong with them."""
