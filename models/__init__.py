"""Serving the model: engines, prompt building, the worker's turns."""
