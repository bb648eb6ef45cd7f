"""Small files of a CAS, written for tests, and what the importers make of them."""

from __future__ import annotations

import json
from typing import Any

from corpus_tool import formats
from corpus_tool.findings import Severity
from corpus_tool.formats import Article, Imported, Source

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
    'xmlns:tcas="http:///uima/tcas.ecore" xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" '
    'xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmlns:my="http:///my/types.ecore" '
    'xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" '
    'xmlns:coref="http:///de/tudarmstadt/ukp/dkpro/core/api/coref/type.ecore" xmi:version="2.0">\n'
)
SOFA = '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{text}"/>\n'


def xmi(inner: str, text: str = "Mara 😀 sailed.", members: str = "2 3 4 5 6 7 8 9") -> bytes:
    there = " ".join(number for number in members.split() if f'xmi:id="{number}"' in inner)
    return f'{HEAD}{inner}\n{SOFA.format(text=text)}<cas:View sofa="1" members="{there}"/>\n</xmi:XMI>\n'.encode()


def imported(data: bytes, name: str = "cas", beside: bytes | None = None, path: str = "x.xmi") -> Imported:
    source = Source(path, "x", lambda suffix: data if suffix is None else beside)
    (found,) = formats.importer(name).read(source, None)
    return found


def good(data: bytes, **more: Any) -> Article:
    found = imported(data, **more)
    assert [one for one in found.findings if one.severity is Severity.ERROR] == []
    assert found.article is not None
    return found.article


def said(found: Imported) -> list[str]:
    return [f"{one.code}:{one.location.line} {one.message}" for one in found.findings]


def typesystem(*types: tuple[str, str, list[tuple[str, str, str]]]) -> bytes:
    made = "".join(
        f"<typeDescription><name>{name}</name><supertypeName>{parent}</supertypeName><features>"
        + "".join(
            f"<featureDescription><name>{feature}</name><rangeTypeName>{kind}</rangeTypeName>{more}</featureDescription>"
            for feature, kind, more in features
        )
        + "</features></typeDescription>"
        for name, parent, features in types
    )
    space = 'xmlns="http://uima.apache.org/resourceSpecifier"'
    return f"<typeSystemDescription {space}><types>{made}</types></typeSystemDescription>".encode()


def json_value(**more: Any) -> dict[str, Any]:
    value: dict[str, Any] = {
        "%TYPES": {"my.Note": {"%NAME": "my.Note", "%SUPER_TYPE": "uima.tcas.Annotation", "n": {"%NAME": "n", "%RANGE": "uima.cas.Integer"}}},
        "%FEATURE_STRUCTURES": [
            {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "Mara 😀 sailed."},
            {"%ID": 2, "%TYPE": "my.Note", "@sofa": 1, "begin": 8, "end": 14, "n": 7},
        ],
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2]}},
    }  # fmt: skip
    return value | more


def of_json(value: Any) -> Imported:
    return imported(json.dumps(value).encode(), "cas-json", path="x.json")
