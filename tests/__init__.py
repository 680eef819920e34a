"""The tests, in the houses that they test."""
