"""The YAML that begins the README of a directory of views: what `load_dataset` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from corpus_tool.errors import SettingsError
from corpus_tool.features import hf_features
from corpus_tool.views import ARTICLES, views

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corpus_tool.contract import Contract
    from corpus_tool.shards import Shard
    from corpus_tool.views import View

_OWN = ("configs", "dataset_info")


def front_matter(  # noqa: PLR0913
    shards: Iterable[Shard],
    views: Iterable[View],
    contract: Contract,  # noqa: ARG001
    *,
    version: str | None,
    digest: str,
    extra: Mapping[str, Any],
) -> str:
    """The front matter, with both `---` lines; nothing may stand before it in the README.

    Declares the views and splits that were written, `articles` (else the first) as the default. `version` is x.y.z.
    `digest` goes into the key under which `datasets` caches, which knows neither content nor place of the files.
    `extra` are the other properties of the card (`license`, `language`, ...), and come first.
    """
    for name in _OWN:
        if name in extra:
            raise SettingsError(f"the card's '{name}' is computed: leave it out")
    written: dict[str, list[Shard]] = {}
    for shard in shards:
        written.setdefault(shard.view, []).append(shard)
    declared = [view for view in views if view.name in written]
    default = next((view.name for view in declared if view.name == ARTICLES), declared[0].name if declared else None)
    configs, info = [], []
    for view in declared:
        parts = written[view.name]
        configs.append({
            "config_name": view.name,
            **({"default": True} if view.name == default else {}),
            **({"version": version} if version is not None else {}),
            "description": f"data-sha256:{digest}",
            "data_files": [{"split": shard.split, "path": shard.path} for shard in parts],
        })  # fmt: skip
        info.append({
            "config_name": view.name,
            "features": hf_features(view.schema, view.labels),
            "splits": [
                {"name": shard.split, "num_bytes": shard.bytes, "num_examples": shard.rows} for shard in parts
            ],
        })  # fmt: skip
    card = {**extra, "configs": configs, "dataset_info": info}
    return f"---\n{to_yaml(card)}---\n"


class _Plain(yaml.SafeDumper):
    """Writes a value again where it occurs again; not every reader of front matter knows anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True

    def represent_str(self, data: str) -> Any:
        """Line breaks of Unicode as escapes: YAML would read some of them back as spaces."""
        broken = any(mark in data for mark in "\x85\u2028\u2029")
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if broken else None)


_Plain.add_representer(str, _Plain.represent_str)


def to_yaml(value: Any) -> str:
    """A value as the YAML of a card, keys in their order, every string as it is when read back."""
    return yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=2**20)


def features_yaml(contract: Contract) -> str:
    """The features of every view, as `dataset_info` of a card; labels that are not known yet are strings."""
    info = [
        {"config_name": view.name, "features": hf_features(view.schema, view.labels)} for view in views(contract)
    ]  # fmt: skip
    return to_yaml({"dataset_info": info})
