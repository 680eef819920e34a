"""Tests of the checkpoint that ships and of its recipe."""
