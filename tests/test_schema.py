"""Everything that commands write as JSON is what `isisdocs schema` says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests import sessions

from .test_main import workplace

__all__ = ["workplace"]


@pytest.mark.usefixtures("workplace")
@pytest.mark.parametrize(
    ("command", "name", "is_lines"),
    [
        ("isisdocs search mosul --json", "results", False),
        ("isisdocs search zeppelin --json", "results", False),
        ("isisdocs search '\"mosul' raqqa --json --explain", "results", False),
        ("isisdocs search mosul --format jsonl --snippets all", "hit", True),
        ("isisdocs search author:tomas --format jsonl", "hit", True),
        ("isisdocs show 004 --json", "article", False),
        ("isisdocs clean --json seeds/000_a66ceeb20ebdc4ec.txt", "article", True),
        ("isisdocs list --json", "articles", False),
        ("isisdocs repairs list --json", "repairs", False),
        ("isisdocs repairs list --json --below 0", "repairs", False),
        ("isisdocs export mosul --format jsonl", "passage", True),
        ("isisdocs index --json", "report", False),
        ("isisdocs doctor --json", "health", False),
        ("isisdocs index --json --dry-run --rebuild", "report", False),
    ],
)
def test_output_is_valid(
    command: str, name: str, is_lines: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = json.loads(sessions.execute("isisdocs schema", monkeypatch).stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})

    output = sessions.execute(command, monkeypatch).stdout

    documents: list[Any] = output.splitlines() if is_lines else [output]
    assert documents
    for document in documents:
        validator.validate(json.loads(document))
