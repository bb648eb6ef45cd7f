"""Validate, convert and publish annotated news articles."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from corpus_tool.loading import load

__all__ = ["__version__", "load"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """What is heavy is imported when it is asked for."""
    if name == "load":
        from corpus_tool.loading import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
