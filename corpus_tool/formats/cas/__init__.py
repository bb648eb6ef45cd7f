"""UIMA CAS: XMI with its type system (`cas`) and JSON 0.4 (`cas-json`), to articles and back.

Offsets are UTF-16 code units by specification, unless a JSON says another encoding. The view that has a text is read;
where several have one, which of them is the article is not guessed.
"""

from __future__ import annotations

from corpus_tool.formats.cas.exporting import CasExporter
from corpus_tool.formats.cas.importing import CasImporter, of_json, of_xmi
from corpus_tool.formats.cas.json_writing import json_files
from corpus_tool.formats.cas.said import ABOUT_JSON, ABOUT_XMI
from corpus_tool.formats.cas.xmi_writing import xmi_files

IMPORTER = CasImporter("cas", (".xmi",), ABOUT_XMI, of_xmi)
EXPORTER = CasExporter("cas", ABOUT_XMI, xmi_files, ".xmi")
JSON_IMPORTER = CasImporter("cas-json", (".json",), ABOUT_JSON, of_json)
JSON_EXPORTER = CasExporter("cas-json", ABOUT_JSON, json_files, ".json")
