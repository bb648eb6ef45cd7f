"""What a release says of itself to people and catalogues."""
