"""The dashboard of owner and staff."""
