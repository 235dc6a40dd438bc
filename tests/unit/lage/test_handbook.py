# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The manual's examples are commands that exist, with options that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from lage.cli import cli

PAGE = Path(__file__).parents[3] / "docs" / "handbuch.md"
EXAMPLES = [
    line
    for block in re.findall(r"```\n(.*?)```", PAGE.read_text("utf8"), flags=re.DOTALL)
    for line in block.splitlines()
    if line.startswith("lage ")
]


@pytest.mark.parametrize("line", EXAMPLES)
def test_example_is_a_command(line: str) -> None:
    """Each example parses: its command is there and takes these arguments and options."""
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = cli
    context = click.Context(cli, info_name="lage")
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command, context = found, click.Context(found, parent=context)
    command.make_context("lage", words, parent=context, resilient_parsing=False)
