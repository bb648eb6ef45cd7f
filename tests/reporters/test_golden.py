"""Every format as a user gets it."""

from __future__ import annotations

import pytest

from tests import update_golden


@pytest.mark.parametrize("name", update_golden.REPORTED)
def test_is_as_it_was(name: str) -> None:
    expected = update_golden.path_of(name).read_text(encoding="utf-8")
    assert update_golden.reported(name) == expected, "if this is meant: python -m tests.update_golden"
