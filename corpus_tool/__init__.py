"""Validate, convert and publish annotated news articles."""

__version__ = "0.1.0"
