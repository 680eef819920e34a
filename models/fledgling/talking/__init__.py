"""Conversations to learn from, their words, and the tokens they are made of."""
