"""`python -m corpus_tool` is the command line."""

from corpus_tool.cli import main

main()
