"""What a model needs, worked out from its config alone."""
