"""Articles taken out of releases that are published."""
