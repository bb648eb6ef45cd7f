"""SQL expressions of a corpus's own rules: text to a checked tree to a Polars expression.

The text comes from whoever opens a pull request. It is parsed first and admitted node by node; nothing of it reaches
an engine that could open a file or a socket, and what it may cost is bounded before it runs.
"""

from __future__ import annotations

from corpus_tool.expressions.functions import FUNCTIONS, Function
from corpus_tool.expressions.terms import Inadmissible, Kind, kind_of
from corpus_tool.expressions.translation import read_expression

__all__ = ["FUNCTIONS", "Function", "Inadmissible", "Kind", "kind_of", "read_expression"]
