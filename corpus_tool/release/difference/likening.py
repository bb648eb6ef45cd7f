"""Articles with and without their text made alike, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.canonical import canonical
from corpus_tool.release.withholding.texts import read_texts, text_digest
from corpus_tool.release.withholding.veiling import veil

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

_Articles = Iterable[tuple[str, dict[str, Any]]]
_DIGEST = "sha256:"


def with_digests(articles: _Articles, folder: Path, contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Articles of a release that withholds text, each with the digest of its text in the place of that.

    Raises ReleaseError where `texts.jsonl` is damaged.
    """
    known = read_texts(folder)
    for split, article in articles:
        text = known.get(str(article[str(contract.id)]))
        yield split, article | ({str(contract.text): f"{_DIGEST}{text.sha256}"} if text else {})


def without_texts(articles: _Articles, contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Articles as a release has them that withholds text, each with the digest of its text in the place of that."""
    for split, article in articles:
        text = article.get(str(contract.text))
        if text is None:
            yield split, article
        else:
            veiled = canonical(veil(article, contract)[0], contract)
            yield split, veiled | {str(contract.text): f"{_DIGEST}{text_digest(text)}"}
