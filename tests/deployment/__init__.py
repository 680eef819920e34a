"""Tests of how the processes are installed and run apart from each other."""
