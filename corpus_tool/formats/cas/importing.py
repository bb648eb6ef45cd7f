"""Files of a CAS to articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import About, Imported, Source
from corpus_tool.formats.cas import dkpro
from corpus_tool.formats.cas.beyond import put_back
from corpus_tool.formats.cas.document_reading import read_document
from corpus_tool.formats.cas.json_reading import read_json
from corpus_tool.formats.cas.noted import Noted, UnreadableError
from corpus_tool.formats.cas.refusing import refuse
from corpus_tool.formats.cas.structures import Cas
from corpus_tool.formats.cas.types import TypeSystem
from corpus_tool.formats.cas.typesystem_reading import read_typesystem
from corpus_tool.formats.cas.views import picked
from corpus_tool.formats.cas.xmi_reading import read_xmi
from corpus_tool.formats.typed_layers import to_article
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory

BESIDE = ("-typesystem.xml", "TypeSystem.xml", "typesystem.xml")
"""Names under which tools put a type system: the first behind that of the file, the others alone in a folder."""
TOOL = "uima"


ReadCas = Callable[[Source, bytes, Noted], Cas]


@dataclass(frozen=True, slots=True)
class CasImporter:
    """Reads a CAS, one article a file."""

    name: str
    suffixes: tuple[str, ...]
    about: About
    cas: ReadCas

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The article of the file."""
        del inventory
        yield _imported(source, self.cas)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """None: a type system does not list labels."""
        del paths
        return None


def of_xmi(source: Source, data: bytes, noted: Noted) -> Cas:
    """The CAS of XMI and the type system beside it: the file of its name that ends in `.xml`, or that of the folder.

    Without one, types are those of DKPro, and else as they look.
    """
    types = _types_beside(source, noted)
    known = {each.name: each for each in dkpro.KNOWN}
    own = types.own if types is not None else {}
    return read_xmi(data, TypeSystem.of([*own.values(), *known.values()]), noted, stated=types is not None)


def of_json(_: Source, data: bytes, noted: Noted) -> Cas:
    """The CAS of JSON, which brings its types with it."""
    return read_json(data, TypeSystem.of(dkpro.KNOWN), noted)


def _types_beside(source: Source, noted: Noted) -> TypeSystem | None:
    """The type system that lies beside a file; None where there is none, or none that can be read."""
    here = Path(source.path)
    for path, data in ((here.with_suffix(".xml"), source.read(".xml")), *_of_folder(here)):
        if data is None:
            continue
        try:
            return read_typesystem(data)
        except UnreadableError as error:
            line, column = error.place or (None, None)
            at = Location(str(path), line, column, article=source.id)
            message = f"the type system beside the file is left out: {error.message}"
            noted.findings.append(Finding(*error.rule, Severity.ERROR, at, message))
    return None


def _of_folder(path: Path) -> Iterator[tuple[Path, bytes | None]]:
    for name in BESIDE:
        beside = path.with_name(path.stem + name if name.startswith("-") else name)
        try:
            yield beside, beside.read_bytes()
        except (OSError, ValueError):
            continue


def _imported(source: Source, read: ReadCas) -> Imported:
    noted = Noted(source.path, source.id)
    data = read_whole(source)
    if isinstance(data, Finding):
        return Imported(source.path, None, (data,))
    try:
        refuse(source.path, data)
        cas = read(source, data, noted)
        document = read_document(cas, picked(cas), noted, source.id)
    except UnreadableError as error:
        noted.add(error.rule, Severity.ERROR, error.message, error.place)
        return Imported(source.path, None, noted.named())
    built = to_article(document, TOOL)
    put_back(built, cas, noted)
    places = {
        pointer: place
        for name, pointer in built.pointers.items()
        if name.isdigit() and (place := cas.structures[int(name)].place) is not None
    }
    return Imported(source.path, built.article, noted.named(), places, (*noted.losses(), *built.losses))
