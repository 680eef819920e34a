"""Tests of what is looked for in what people and the model say."""
