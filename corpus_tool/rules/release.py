"""RLS: a release is what was published. Found by `release verify`."""

from __future__ import annotations

from corpus_tool.rules import RELEASE, rule


@rule("RLS901", on=RELEASE, message="{detail}")
def listed_file_is_there() -> None:
    """Every file that the manifest or SHA256SUMS lists is there, and is a file.

    A release that lacks one was cut short or tampered with: fetch it again.
    """


@rule("RLS902", on=RELEASE, message="{detail}")
def file_is_listed() -> None:
    """A release holds nothing that SHA256SUMS does not list: no file, link, or empty directory.

    `load_dataset` may read what lies beside the data, and a reader would take it for published.
    """


@rule("RLS903", on=RELEASE, message="{detail}")
def size_and_rows_agree() -> None:
    """A Parquet file has the size, rows and row groups that the manifest states, and can be opened."""


@rule("RLS904", on=RELEASE, message="{detail}")
def manifest_is_valid() -> None:
    """`manifest.json`, SHA256SUMS and the index beside the release are whole, and name no path outside of it."""


@rule("RLS905", on=RELEASE, message="{detail}")
def class_number_has_a_label() -> None:
    """Every class number has a label.

    `datasets` reads others without a word, and fails when it is asked for their name.
    """


@rule("RLS906", on=RELEASE, message="{detail}")
def descriptions_agree() -> None:
    """The card, `features.json`, the manifest, the contract and the Parquet files describe the same columns and labels.

    `datasets` believes the card: where its labels stand in another order, every class number silently means another.
    """


@rule("RLS907", on=RELEASE, message="{detail}")
def release_loads() -> None:
    """`datasets.load_dataset` loads every view and split of the release, with the rows that the manifest states."""
