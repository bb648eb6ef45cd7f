"""The tool and its rules, as a SARIF log has them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from corpus_tool import __version__
from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import plain, sarif_message

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


class Rules:
    """The rules that results name, in the order they first come."""

    def __init__(self) -> None:
        self.found: dict[str, Finding] = {}
        self.numbers: dict[str, int] = {}

    def index(self, finding: Finding) -> int:
        """The number of the finding's rule in the log."""
        self.found.setdefault(finding.code, finding)
        return self.numbers.setdefault(finding.code, len(self.numbers))

    def tool(self) -> dict[str, Any]:
        """The `tool` of the run."""
        driver = {
            "name": "corpus-tool", "version": __version__, "semanticVersion": __version__,
            "informationUri": documentation(), "rules": [_descriptor(finding) for finding in self.found.values()],
        }  # fmt: skip
        return {"driver": driver}


def _descriptor(finding: Finding) -> dict[str, Any]:
    """A rule of the registry with its page; one that is a corpus's own by what its finding says."""
    from corpus_tool.rules import all_rules

    rule = all_rules().get(finding.code)
    name, level = plain(finding.name), _LEVELS[rule.severity if rule else finding.severity]
    doc = rule.doc if rule else f"The rule {name} of the corpus."
    described: dict[str, Any] = {
        "id": plain(finding.code),
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", name)),
        "shortDescription": {"text": sarif_message(first_sentence(doc))},
        "fullDescription": {"text": sarif_message(" ".join(doc.split()))},
        "help": {"text": _lines(doc), "markdown": _lines(doc)} if rule else {"text": _lines(doc)},
        "defaultConfiguration": {"level": level},
    }
    return described | ({"helpUri": page(rule.code, rule.name)} if rule else {})


def page(code: str, name: str) -> str:
    """The address of a rule's documentation."""
    return f"{documentation()}/rules.md#{code.lower()}-{name}"


@cache
def documentation() -> str:
    """The address of the documentation, as the package states it."""
    from importlib.metadata import metadata

    links = dict(link.split(", ", 1) for link in metadata("corpus-tool").get_all("Project-URL") or ())
    return str(links["Documentation"])


def first_sentence(text: str) -> str:
    """The first sentence of a rule's documentation, on one line."""
    line = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    return re.split(r"(?<=[a-z)\]`'])\.\s", f"{line} ", maxsplit=1)[0].strip().removesuffix(".") + "."


def _lines(doc: str) -> str:
    return "\n".join(sarif_message(line) for line in doc.split("\n"))
