"""What is kept: SQL, Redis, attachments."""
