"""Programs that measure, each runnable by one command."""
