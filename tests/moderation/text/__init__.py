"""Tests of the checks of words."""
