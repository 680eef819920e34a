"""The edge and the wiring: processes, settings, channels, delivery."""
