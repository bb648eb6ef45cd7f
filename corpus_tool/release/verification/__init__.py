"""Whether a release is what was published."""
