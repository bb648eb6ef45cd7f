"""Write the pages that are made from the code; `--check` fails where one is out of date instead."""

from __future__ import annotations

import sys
from pathlib import Path

import tomli_w

from corpus_tool.canonical import dumps_pretty
from corpus_tool.contract import load_contract
from corpus_tool.resources import schema
from corpus_tool.rules import all_rules
from corpus_tool.rules.example import example_article, example_inventory
from corpus_tool.rules.pages import page

DOCS = Path(__file__).parent
FAMILIES = {
    "IO": "Bytes and files", "SCH": "Schema", "TXT": "Text", "SPN": "Spans", "REF": "Identifiers and references",
    "LBL": "Labels", "REL": "Relations", "EVT": "Events", "COR": "Coreference", "QUO": "Quotations",
    "MET": "Metadata", "PRV": "Provenance", "COL": "Collection",
    "RLS": "Releases",
}  # fmt: skip


def rules() -> str:
    """All rules, by family."""
    parts = ["# Rules\n\nMade from the code by `make docs`. `corpus-tool rules CODE` shows the same.\n", example()]
    for family, title in FAMILIES.items():
        chosen = [rule for rule in all_rules().values() if rule.code.rstrip("0123456789") == family]
        if chosen:
            parts.append(f"## {title}\n")
            parts += [page(rule).replace("# ", "### ", 1) + "\n" for rule in chosen]
    return "\n".join(parts)


def example() -> str:
    """The article and inventory that the examples of rules are edits of."""
    article = dumps_pretty(example_article(), load_contract(None, example_inventory())).decode()
    inventory = tomli_w.dumps(example_inventory().as_json())
    return (
        f"Examples are edits of this article, at a JSON Pointer, under this inventory:\n\n```json\n{article}```\n\n"
        f"```toml\n{inventory}```\n"
    )


def keywords() -> str:
    """The vocabulary, as a table."""
    properties = schema("vocabulary-1")["$defs"]["schema"]["properties"]
    own = {name: node for name, node in properties.items() if name.startswith("x-")}
    meanings = {"x-field": f" One of: {', '.join(own['x-field']['enum'])}."}
    rows = [f"| `{name}` | {node['description']}{meanings.get(name, '')} |" for name, node in own.items()]
    return "\n".join(["| keyword | says |", "|---|---|", *rows])


def pages() -> dict[Path, str]:
    """Every generated page: the rules whole, and the table of keywords inside contract.md."""
    contract = (DOCS / "contract.md").read_text(encoding="utf-8")
    start, end = "<!-- keywords -->\n", "\n<!-- end of keywords -->"
    before, rest = contract.split(start, 1)
    after = rest.split(end, 1)[1]
    return {DOCS / "rules.md": rules(), DOCS / "contract.md": f"{before}{start}{keywords()}{end}{after}"}


def main() -> None:
    """Write, or compare."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        if stale:
            sys.exit(f"out of date: {', '.join(path.name for path in stale)}; run `make docs`")
        return
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
