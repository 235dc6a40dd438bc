# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What libraries complain of stands in German sentences, never in their own English."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lage.exercise.script.read import read_script
from lage.language.errors import ImportRefused, StoreError, why
from lage.store.audit import read_backup


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: b\n---\nc: d\n", "hier beginnt ein zweites Dokument: ein Drehbuch ist nur eines"),
        ("a: *b\n", "Verweise (*) gibt es hier nicht"),
        ("a: " + "[" * 500, "zu tief verschachtelt"),
        ("a: b\x00c", "der Inhalt ist beschädigt"),
    ],
)
def test_a_script_that_is_no_yaml_says_where_in_german(
    tmp_path: Path, text: str, reason: str
) -> None:
    """Several documents, references, depth, and what no text may hold."""
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf8")

    with pytest.raises(ImportRefused) as refused:
        read_script(path)

    assert [said for _, said in refused.value.problems] == [reason]


def test_json_says_line_and_column() -> None:
    """Where the parser stopped; a depth and a long number are named as what they are."""
    told = []
    for text in ('{"a": 1,\n "b" 2}', "[" * 100_000, "9" * 5_000):
        with pytest.raises((ValueError, RecursionError)) as refused:
            json.loads(text)
        told.append(why(refused.value))

    assert told == [
        "ab Zeile 2, Spalte 6 nicht zu verstehen",
        "zu tief verschachtelt",
        "eine Zahl hat zu viele Ziffern",
    ]


@pytest.mark.parametrize("content", [b"kein SQLite" * 200, b"SQLite format 3\0" + b"x" * 4096, b""])
def test_what_is_no_backup_is_refused_in_german(tmp_path: Path, content: bytes) -> None:
    """Neither 'malformed' nor 'no such table' is a word for a staff."""
    source = tmp_path / "sicherung.db"
    source.write_bytes(content)

    with pytest.raises(StoreError) as refused:
        read_backup(source, tmp_path / "neu.db", None)

    assert "Datenbank" in str(refused.value) or "beschädigt" in str(refused.value)
    assert not {"file", "such", "disk", "malformed"} & set(str(refused.value).split())


def test_a_locked_database_is_named_as_that(tmp_path: Path) -> None:
    """By SQLite's code, not by its words."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path, timeout=0)) as other:
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as refused:
            other.execute("CREATE TABLE t (a)")

    assert why(refused.value) == "ein anderes Programm sperrt die Datei"
