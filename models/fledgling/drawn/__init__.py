"""The drawn world: pictures made by seed, of which everything that is in them is known."""
