"""What the card of a release says at its end of what it does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.release.pages.tables import table
from corpus_tool.release.withholding.texts import TEXTS

if TYPE_CHECKING:
    from corpus_tool.release.manifest import Manifest


def notice(manifest: Manifest) -> str:
    """The last sections of the card; nothing of a release that holds what it was made of."""
    sections = []
    if manifest.withheld is not None:
        sections.append(
            "## Text withheld\n\n"
            "This release holds no character of the texts: they are null, and so is what spans cover and words spell. "
            "Offsets, labels and digests are there. With your own copies of the texts, a file `<id>.txt` each or "
            f"articles with these ids (`{TEXTS}` says what the texts are), this makes it whole, and shows that it is:"
            "\n\n```\n"
            f"corpus-tool release hydrate releases/{manifest.name}/{manifest.version} --texts DIR --output DIR\n```"
        )
    if manifest.hydrated is not None:
        sections.append(
            "## Text put back\n\n"
            f"The release withholds text; this is a copy with it, made by its reader (`SHA256SUMS` of the release: "
            f"`{manifest.hydrated.sha256}`). It may not be yours to pass on."
        )
    if manifest.withdrawn:
        rows = [(one.article, one.split, one.since[:10], one.reason) for one in manifest.withdrawn]
        sections.append(
            "## Withdrawn articles\n\n"
            "The release held these when it was published. `manifest.json` keeps the digests from before.\n\n"
            f"{table(('article', 'split', 'since', 'reason'), rows)}"
        )
    return "".join(f"\n{section}\n" for section in sections)
