# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the commands about keys share: passphrase, fingerprint, files that people hand on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time

import click

from lage.cli.common import say
from lage.language.check_words import check_words
from lage.language.errors import UsageError, why
from lage.language.folding import file_stem
from lage.store import keys
from lage.store.passphrase import slow_digest
from maps.read.files import check_replaceable, read_regular

KEY_FILE_MAX = 16_000_000
"""Bytes of a request, an invitation or a card with the roster of a large county."""

passphrase_option = click.option(
    "--kennwort",
    envvar="LAGE_KENNWORT",
    help="Kennwort des Kreisschlüssels; besser weglassen, dann wird gefragt (oder LAGE_KENNWORT).",
)


def passphrase_of(given: str | None, *, new: bool = False) -> str:
    """The passphrase that was given, or asked for now; ``new`` asks twice."""
    if given:
        return given
    return str(
        click.prompt(
            "Kennwort des Kreisschlüssels", hide_input=True, confirmation_prompt=new, err=True
        )
    )


def file_name(name: str, ending: str) -> str:
    """``sae-rheine.anfrage`` for a name."""
    return file_stem(name) + ending


def write_text(path: Path, text: str) -> None:
    """A new file, whole and durable. Raises UsageError."""
    try:
        with path.open("x", encoding="utf8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise UsageError(f"Die Datei {path} gibt es schon: bitte erst wegräumen.") from None
    except OSError as error:
        raise UsageError(
            f"Die Datei {path} kann nicht geschrieben werden: {why(error)}."
        ) from error


@contextmanager
def handing_on(path: Path, folder: Path | None = None) -> Iterator[Callable[[str], None]]:
    """A new file for what a step gives, made before the step is taken: a folder that is missing or
    full stops it first. What fails on the way leaves no file. Raises UsageError.

    ``folder`` is the data folder that the step makes, where the file may lie in it.
    """
    made = folder is not None and path.parent == folder and not folder.exists()
    if made:
        path.parent.mkdir(mode=0o700, parents=True)
    write_text(path, "")

    def write(text: str) -> None:
        path.unlink()
        write_text(path, text)

    try:
        yield write
    except BaseException:
        path.unlink(missing_ok=True)
        if made:
            path.parent.rmdir()
        raise


def hand_on_notice(folder: Path, target: str | None, *, machine: bool = False) -> Path | None:
    """Write the list of members for the nodes, if this folder is no node that sends it itself."""
    if keys.load_network(folder).author is not None:
        return None
    path = notice_file(folder, target)
    if not machine:
        say(f"Mitteilung für die Knoten: {path}")
        say("An einem Knoten „lage kreis einlesen“; von dort geht sie über Funk an alle.")
    return path


def notice_file(folder: Path, target: str | None) -> Path:
    """Write the ``.mitteilung`` of a folder; its path.

    One of the same state is replaced. Another of the same length, of a copy of the folder that
    went its own way, stays: the root may need both to decide.
    """
    from lage.archive.notice import write_notice
    from lage.station import LOG_FILE
    from lage.store import Store
    from sync.feed.roster import ROOT

    network = keys.load_network(folder)
    store = Store.open(folder / LOG_FILE, clock=time)
    try:
        text, head = write_notice(store, network), store.log.head(ROOT)
        state = (store.log.chain(ROOT, head) or b"").hex()[:6]
    finally:
        store.close()
    path = Path(target or ".") / file_name(f"{network.name} {head} {state}", ".mitteilung")
    try:
        check_replaceable(path)
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"Die Datei {path} kann nicht geschrieben werden: {why(error)}."
        ) from error
    write_text(path, text)
    return path


def read_text(path: str) -> str:
    """What stands in a file. Raises UsageError."""
    try:
        return read_regular(Path(path), KEY_FILE_MAX).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Die Datei {path} ist nicht lesbar: {why(error)}.") from error


def check_words_of(request: keys.Request) -> str:
    """Five words that stand for a node's keys and name, for comparing on the telephone.

    40 bits of a stretched digest: who wants a request of his own with the same words needs some
    2^40 tries at 64 MiB each, within the hours between request and admission.
    """
    content = b"".join((request.sign_public, request.seal_public, request.name.encode()))
    return check_words(slow_digest(content, 5))


def fingerprint(root_public: bytes) -> str:
    """The county key in a form that two people can compare on the telephone."""
    digits = hashlib.blake2b(root_public, digest_size=8).hexdigest().upper()
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))
