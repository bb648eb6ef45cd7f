"""Releases without text, and the text put back."""
