# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which build this is, as far as the meaning of operations depends on it: text model and schema.

Two versions always interoperate, because schemas only grow and a text model's number stands with
the text. A build that breaks this promise (a model file of its own under an old number) must not
read others' texts as something else: it says who it is, and texts that were coded by another file
than the one pinned under their number are shown as what cannot be shown, on either side.
"""

from __future__ import annotations

import re
from functools import cache

from lage.kinds.schema import SCHEMA
from sync.schema.fingerprint import fingerprint
from sync.schema.vocabulary import TERMS
from sync.text.prose import LATEST, PINNED, model_digest

_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}")


@cache
def this_build() -> str:
    """Eight digits of the text model's digest, eight of the schema's."""
    return f"{model_digest(LATEST)[:8]}-{fingerprint(SCHEMA, TERMS)}"


def own_fault() -> str:
    """That this build's text model is none that others know, in a sentence; empty if it is."""
    if model_digest(LATEST) == PINNED[LATEST]:
        return ""
    return (
        "Das Textmodell dieses Programms ist ein anderes als das von Lage"
        f" ({model_digest(LATEST)[:8]} statt {PINNED[LATEST][:8]}): Texte der anderen sind hier"
        " nicht darstellbar und die hiesigen bei den anderen. Bitte Lage neu installieren."
    )


def is_build(text: object) -> bool:
    """Whether that names a build."""
    return isinstance(text, str) and bool(_FORM.fullmatch(text))


def in_words(build: str) -> str:
    """For people who compare two."""
    model, schema = build.split("-")
    return f"Textmodell {model}, Schema {schema}"


def difference(other: str, whose: str) -> str:
    """What another build means for the two, in sentences; empty if it is the same or unknown."""
    if not is_build(other) or other == this_build():
        return ""
    said = f"{whose} arbeitet mit einem anderen Stand von Lage ({in_words(other)};"
    said += f" hier: {in_words(this_build())})."
    if other.split("-")[0] != this_build().split("-")[0]:
        return said + " Das Textmodell ist ein anderes: bitte beide auf denselben Stand bringen."
    return said + " Neuere Felder zeigt der ältere Stand nicht; sonst lesen beide einander."
