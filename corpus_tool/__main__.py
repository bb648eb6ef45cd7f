"""The program: `corpus-tool`, and `python -m corpus_tool`."""

from __future__ import annotations

import sys

from corpus_tool.startup import collect_seldom, keep_pandas_out, return_memory, use_one_core


def run() -> None:
    """Start the command line in a process of its own."""
    collect_seldom()
    return_memory()
    use_one_core()
    keep_pandas_out()
    try:
        from corpus_tool.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    main()


if __name__ == "__main__":
    run()
