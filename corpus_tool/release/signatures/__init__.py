"""Who published a release: statements and signatures."""
