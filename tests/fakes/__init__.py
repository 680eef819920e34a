"""Servers at the wire that stand in for other people's."""
