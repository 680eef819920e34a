"""Checks of words that need no model: lists, links, attacks on the prompt, repetition."""
