"""What an HTML page says of its article outside of it: JSON-LD, `meta`, `link`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from corpus_tool.formats.article.dates import date_of
from corpus_tool.formats.hypertext.tree import Element

_META = {
    "og:title": "headline", "twitter:title": "headline",
    "og:url": "url",
    "article:published_time": "datePublished", "datepublished": "datePublished", "date": "datePublished",
    "dc.date": "datePublished", "dc.date.issued": "datePublished", "parsely-pub-date": "datePublished",
    "article:modified_time": "dateModified",
    "author": "author", "article:author": "author", "dc.creator": "author", "byl": "author", "parsely-author": "author",
    "og:site_name": "publisher", "dc.publisher": "publisher",
    "og:locale": "inLanguage", "dc.language": "inLanguage",
    "news_keywords": "keywords", "keywords": "keywords",
    "dc.rights": "license", "copyright": "copyrightNotice",
}  # fmt: skip
_READ = (
    "headline", "url", "mainEntityOfPage", "datePublished", "dateModified", "author", "publisher", "inLanguage",
    "keywords", "license", "copyrightHolder", "copyrightNotice",
)  # fmt: skip
_MANY = 10_000
Said = dict[str, list[str]]


def said_of(root: Element) -> Said:
    """Properties of schema.org with their values: of JSON-LD first, then of `meta`, of the page's own elements last."""
    elements = root.elements()
    said: Said = {}
    for name, value in (*_linked(elements), *_meta(elements), *_own(elements)):
        if words := " ".join(value.split()):
            said.setdefault(name, []).append(words)
    return said


def article_body(root: Element) -> str | None:
    """The text of the article where a page has it in JSON-LD only."""
    for article in _articles(root.elements()):
        body = article.get("articleBody")
        if isinstance(body, str) and body.strip():
            return body
    return None


def _linked(elements: list[Element]) -> Iterator[tuple[str, str]]:
    for article in list(_articles(elements))[:1]:
        for name in _READ:
            for value in _strings(article.get(name)):
                yield ("url" if name == "mainEntityOfPage" else name), value


def _articles(elements: list[Element]) -> Iterator[dict[str, Any]]:
    for element in elements:
        if element.tag == "script" and "ld+json" in element.attributes.get("type", "").lower():
            try:
                value = orjson.loads(element.text())
            except orjson.JSONDecodeError:
                continue  # pages are full of these; what the page shows is read all the same
            yield from _typed(value)


def _typed(value: Any) -> Iterator[dict[str, Any]]:
    """Objects that call themselves articles, at any depth."""
    stack, seen = [value], 0
    while stack and seen < _MANY:
        one = stack.pop()
        seen += 1
        if isinstance(one, dict):
            kinds = one.get("@type")
            if any(
                str(kind).endswith(("Article", "Posting")) for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield one
            stack += reversed(list(one.values()))
        elif isinstance(one, list):
            stack += reversed(one)


def _strings(value: Any) -> Iterator[str]:
    """The strings of a value; of an object its name or address."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value[:_MANY]:
            yield from _strings(each) if not isinstance(each, list) else ()
    elif isinstance(value, dict):
        named = next((value[name] for name in ("name", "@id", "url") if isinstance(value.get(name), str)), None)
        if named is not None:
            yield named


def _meta(elements: list[Element]) -> Iterator[tuple[str, str]]:
    for element in elements:
        if element.tag == "meta":
            key = element.attributes.get("property") or element.attributes.get("name") or ""
            key = key or element.attributes.get("itemprop", "")
            if (name := _META.get(key.lower())) is not None:
                yield name, element.attributes.get("content", "")


def _own(elements: list[Element]) -> Iterator[tuple[str, str]]:
    for element in elements:
        relations = element.attributes.get("rel", "").lower().split()
        if element.tag == "link" and "canonical" in relations:
            yield "url", element.attributes.get("href", "")
        elif element.tag in {"a", "link"} and "license" in relations:
            yield "license", element.attributes.get("href", "")
        elif element.tag == "html" and element.attributes.get("lang"):
            yield "inLanguage", element.attributes["lang"]
        elif element.tag == "time" and "datetime" in element.attributes:
            yield "datePublished", element.attributes["datetime"]
        elif element.tag == "title":
            yield "title", element.text()


def metadata_of(said: Said, shown: dict[str, str]) -> dict[str, Any]:
    """The metadata that a page gives, by ninjs name; `shown` is what its article says, where nothing else does."""

    def first(*names: str) -> str | None:
        return next((said[name][0] for name in names if said.get(name)), None)

    headline = first("headline") or shown.get("headline") or first("title")
    authors = [name for name in said.get("author", ()) if not name.startswith(("http://", "https://"))]
    published = first("datePublished")
    keywords = [word.strip() for value in said.get("keywords", ())[:50] for word in value.split(",")]
    values: dict[str, Any] = {
        "uri": next((url for url in said.get("url", ()) if url.startswith(("http://", "https://"))), None),
        "language": (first("inLanguage") or "").replace("_", "-") or None,
        "headlines": [{"role": "main", "value": headline}] if headline else None,
        "by": ", ".join(dict.fromkeys(authors)) or shown.get("byline"),
        "contentCreated": (date_of(published) or published) if published else shown.get("date"),
        "versionCreated": first("dateModified"),
        "copyrightHolder": first("copyrightHolder"),
        "copyrightNotice": first("copyrightNotice"),
        "usageTerms": first("license"),
        "infoSources": [{"name": name} for name in dict.fromkeys(said.get("publisher", ()))][:1] or None,
        "keywords": list(dict.fromkeys(filter(None, keywords))) or None,
    }
    return {name: value for name, value in values.items() if value is not None}
