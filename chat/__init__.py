"""What is said, by whom, and what becomes of it: pure values and ports, no I/O."""
