"""SQL tables and repositories, the broker, attachments: whatever must be kept."""
