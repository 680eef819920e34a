"""Llama Guard 4 as a check, served by the same engines that serve the assistant.

Its weights could not be had where this was written: formats are those that the checkpoint's own
template was seen to write, and the rest is tried on a fake endpoint and a tiny random checkpoint.
"""
