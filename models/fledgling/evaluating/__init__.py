"""What the checkpoint is asked, how its answers are judged, and the table of how it did."""
