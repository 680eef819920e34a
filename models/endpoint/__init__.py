"""The engine elsewhere: any OpenAI-compatible endpoint. Needs no torch."""
