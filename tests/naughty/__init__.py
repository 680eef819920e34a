"""Strings that have broken others: the Big List of Naughty Strings (blns/), and what it misses."""
