"""Pictures from outside: decoded in a process of their own, stripped, and stored."""
