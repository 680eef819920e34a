"""Tests of the rules of the house: layers, dependencies, files."""
