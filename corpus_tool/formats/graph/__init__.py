"""Annotations as marks in a text and links between them: what formats made of these two have in common."""
