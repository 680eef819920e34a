"""What the model is shown: artwork, photographs, a teacher's features and definitions."""
