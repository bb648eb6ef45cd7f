"""Licences: what may stand in `corpus.toml`, and where their texts are."""

from __future__ import annotations

from corpus_tool.errors import SettingsError

LICENCES = {
    "cc0-1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "cc-by-4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"),
    "cc-by-3.0": ("CC-BY-3.0", "https://creativecommons.org/licenses/by/3.0/legalcode"),
    "cc-by-sa-4.0": ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/legalcode"),
    "cc-by-sa-3.0": ("CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/legalcode"),
    "cc-by-nc-4.0": ("CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/legalcode"),
    "cc-by-nd-4.0": ("CC-BY-ND-4.0", "https://creativecommons.org/licenses/by-nd/4.0/legalcode"),
    "cc-by-nc-sa-4.0": ("CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode"),
    "cc-by-nc-nd-4.0": ("CC-BY-NC-ND-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode"),
    "odbl-1.0": ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "odc-by-1.0": ("ODC-By-1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "pddl-1.0": ("PDDL-1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
    "apache-2.0": ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "mit": ("MIT", "https://opensource.org/license/mit"),
}
"""Licences that data bears, by their name in small letters: the SPDX identifier, and where the text stands."""

_HUB_NAMES = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl"}


def check_licence(text: str, place: str | None = None) -> str:
    """A licence as SPDX writes it: an identifier, an expression of some, or `LicenseRef-…` for one of its own.

    Raises SettingsError for anything else: what no machine can tell apart, nobody can obey.
    """
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression as error:
        said = f"{text!r} is no SPDX licence (a licence of one's own is written LicenseRef-NAME): {error}"
        raise SettingsError(said, place) from error


def known(licence: str | None) -> tuple[str, str] | None:
    """Identifier and address of a licence; None for none, an expression of several, and one of its own."""
    if licence is None or " " in licence or licence.lower().startswith("licenseref-"):
        return None
    return LICENCES.get(licence.lower(), (licence, f"https://spdx.org/licenses/{licence}.html"))


def hub_name(licence: str | None) -> str:
    """What the Hub calls a licence: its own identifiers, `other`, or `unknown` where none is stated."""
    if licence is None:
        return "unknown"
    name = licence.lower()
    return _HUB_NAMES.get(name, name) if name in LICENCES else "other"


def licence_text(title: str, licence: str | None, text: str | None) -> str:
    """LICENSE: the configured text, else a notice with the address of a known licence, else that none is stated."""
    if text is not None:
        return text if text.endswith("\n") else f"{text}\n"
    if licence is None:
        return f"No licence is stated for {title}. Nothing here permits its use: ask who published it.\n"
    found = known(licence)
    if found is None:
        return f"{title} is published under: {licence}\nIts text was not given; ask who published it.\n"
    return f"{title} is licensed under {found[0]}.\nThe full text: {found[1]}\n"
