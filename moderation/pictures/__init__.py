"""Checks of pictures, which are looked at in processes of their own: checker.py, process.py."""
