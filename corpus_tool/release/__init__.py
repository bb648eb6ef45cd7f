"""Releases: immutable, versioned directories of Parquet files that say what is in them."""
