# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Facts about the code itself: headers, sizes, banned calls, nothing of one machine in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.source import (
    PACKAGES,
    functions,
    name_of,
    python_files,
    tracked,
    tree_of,
)

HEADER = ("# SPDX-FileCopyrightText: ", "# SPDX-License-Identifier: EUPL-1.2")
LINE_MAX = 100
FUNCTION_MAX = 60
MODULE_MAX = 400
PRAGMA = re.compile(r"\s+# (type: ignore|noqa|pragma)\b.*$")

BINARY = {".lm", ".bin", ".png", ".svgz", ".db", ".gz", ".zst", ".pdf"}
FORBIDDEN_TEXT = (
    # Absolute paths of a developer's machine, and hosts of package registries; cut in two so that
    # this file does not contain what it looks for.
    "/wo" + "rk/",
    "/opt" + "/lv",
    "/ro" + "ot/",
    "py" + "pi.org",
    "python" + "hosted",
    "npm" + "js.org",
    "deb.debian" + ".org",
    "proxy.go" + "lang",
)


def test_every_source_file_says_its_licence() -> None:
    """Python and shell files begin with the two SPDX lines, after a shebang at most."""
    missing = []
    for path in tracked():
        if path.suffix not in {".py", ".sh"} and name_of(path) != ".ci/run":
            continue
        lines = path.read_text("utf8").splitlines()
        start = 1 if lines and lines[0].startswith("#!") else 0
        head = lines[start : start + 2]
        if len(head) < 2 or not head[0].startswith(HEADER[0]) or head[1] != HEADER[1]:
            missing.append(name_of(path))

    assert missing == []


def test_lines_fit() -> None:
    """No line of Python is longer than 100 characters, remarks to checkers apart."""
    long = [
        f"{name_of(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text("utf8").splitlines(), 1)
        if len(PRAGMA.sub("", line)) > LINE_MAX
    ]

    assert long == []


def test_functions_fit_on_a_screen() -> None:
    """No function of the product is longer than 60 lines."""
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} ({_length(node)})"
        for path in python_files(*PACKAGES)
        for node in functions(tree_of(path))
        if _length(node) > FUNCTION_MAX
    ]

    assert long == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def test_modules_are_one_idea() -> None:
    """No module of the product has more than 400 lines."""
    sizes = {name_of(p): len(p.read_text("utf8").splitlines()) for p in python_files(*PACKAGES)}

    assert {name: size for name, size in sizes.items() if size > MODULE_MAX} == {}


def test_libraries_neither_print_nor_exit() -> None:
    """Only the command line prints and ends the process."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        if not name_of(path).startswith(("lage/cli/", "lage/__main__"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _called(node) in {"print", "sys.exit", "exit", "os._exit"}
    ]

    assert found == []


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def test_no_error_is_swallowed_unseen() -> None:
    """No bare except, and no except clause that does nothing with an error of any kind."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _ignores_all(node))
    ]

    assert found == []


def _ignores_all(node: ast.ExceptHandler) -> bool:
    broad = isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
    return broad and all(isinstance(line, (ast.Pass, ast.Continue)) for line in node.body)


def test_every_module_says_what_lives_in_it() -> None:
    """Each module of the product has a docstring."""
    silent = [
        name_of(p) for p in python_files(*PACKAGES, "scripts") if not ast.get_docstring(tree_of(p))
    ]

    assert silent == []


def test_every_test_states_its_fact() -> None:
    """Each test function has a docstring."""
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files("tests")
        if path.name.startswith("test_")
        for node in functions(tree_of(path))
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_nothing_of_one_machine_is_written_down() -> None:
    """No tracked text names an absolute path of a developer's machine or a registry's host."""
    found = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        text = path.read_bytes().decode("utf8", errors="replace")
        found += [f"{name_of(path)}: {word}" for word in FORBIDDEN_TEXT if word in text]

    assert found == []


def test_product_never_looks_outside_the_repository() -> None:
    """Product and scripts do not read the shared folder beside the repository."""
    pattern = re.compile(r"\.\./shared|[\"']shared[\"']")
    found = [
        name_of(path)
        for path in python_files(*PACKAGES)
        if pattern.search(Path(path).read_text("utf8"))
    ]

    assert found == []
