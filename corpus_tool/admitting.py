"""The set-up of a release: what may be in it, and under which names its people are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus_tool.corpus import Options, Setup
from corpus_tool.errors import SettingsError
from corpus_tool.formats.agents import Pseudonyms, read_pseudonyms, write_pseudonyms
from corpus_tool.importing import check_any
from corpus_tool.release.admission.eligibility import Eligibility, Gate, check_licences, moment_of
from corpus_tool.release.admission.pseudonyms import Hiding, People, agent_places, named
from corpus_tool.release.build import for_release


@dataclass(frozen=True, slots=True)
class Admitted:
    """The set-up under which a release is checked; `fresh` are pseudonyms to write down before it is published."""

    setup: Setup
    fresh: Pseudonyms | None = None

    def keep(self) -> None:
        """Write the list of pseudonyms, where it grew."""
        path = self.setup.config.release.pseudonyms
        if self.fresh is not None and path is not None:
            write_pseudonyms(self.fresh, path)


def admitted(setup: Setup, source_format: str, options: Options, created: str) -> Admitted:
    """The set-up with the gate that a release made at `created` has before its checks.

    For pseudonyms the sources are read once more.

    Raises SettingsError for a licence that SPDX does not know or no article can state, for a list of pseudonyms that is
    none, and for one with sources that can be read once only.
    """
    settings = setup.config.release
    check_licences(settings, str(setup.config.path))
    _refuse_without_fields(setup)
    moment = moment_of(created)
    setup = replace(setup, checker=for_release(setup.checker))
    gate = Gate(Eligibility(setup.contract, settings, moment))
    gated = replace(setup, checker=replace(setup.checker, gate=gate))
    if settings.pseudonyms is None:
        return Admitted(gated)
    pseudonyms = read_pseudonyms(settings.pseudonyms)
    places = agent_places(setup.contract)
    grew = named(pseudonyms, _people(gated, source_format, options, People(places)))
    hiding = Hiding(places, dict(pseudonyms.known))
    hidden = replace(setup, checker=replace(setup.checker, gate=replace(gate, hiding=hiding)))
    return Admitted(hidden, pseudonyms if grew else None)


def _refuse_without_fields(setup: Setup) -> None:
    if setup.config.release.allowed is not None and not {"licence", "source"} & setup.contract.meanings.keys():
        raise SettingsError(
            "the schema has no field that means the licence or the source (x-field)",
            f"{setup.config.path}.release['allowed-licences']",
        )


def _people(setup: Setup, source_format: str, options: Options, sink: People) -> list[tuple[int, list[str]]]:
    if any(file.path is None for file in setup.found.files):
        raise SettingsError(
            "articles are read twice, which standard input and pipes cannot be: name files",
            str(setup.config.release.pseudonyms),
        )
    looking = replace(setup, checker=replace(setup.checker, codes=frozenset(), own=()))
    return check_any(looking, source_format, replace(options, progress=None), sink).products
