"""The checkpoint that ships: a small Llama 4 architecture, trained from scratch by this recipe."""
