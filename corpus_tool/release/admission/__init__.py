"""What may be in a release, and under which names and numbers."""
