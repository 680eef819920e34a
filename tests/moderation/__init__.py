"""Tests of what is looked for, and of what follows."""
