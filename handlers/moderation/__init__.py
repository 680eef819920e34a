"""What reviewers do, the same from the dashboard and from admin commands."""
