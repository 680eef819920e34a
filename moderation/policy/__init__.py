"""The policy: data with versions, that says what follows from what checks find."""
