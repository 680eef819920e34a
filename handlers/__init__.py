"""What the assistant does with a message, the same on every messenger."""
