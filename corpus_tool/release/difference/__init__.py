"""What differs between two states of a corpus, and which version that makes."""
