"""What the web chat and the dashboard share."""
