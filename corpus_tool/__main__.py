"""The program: `corpus-tool`, and `python -m corpus_tool`."""

from __future__ import annotations

from corpus_tool.startup import keep_pandas_out


def run() -> None:
    """Start the command line in a process of its own."""
    keep_pandas_out()
    from corpus_tool.cli import main

    main()


if __name__ == "__main__":
    run()
