# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""German for what the leaves know by name only: complete, and sentences that help."""

from __future__ import annotations

import ast
import re

import pytest

from hardware.ports import PortKind, SerialPort
from hardware.protobuf import ProfileError, ProfileFault
from hardware.radio_profile import JUDGED, Difference
from hardware.wanted import Why as Harm
from lage.language.hardware import (
    ADDRESSES,
    PORTS,
    PROFILES,
    address_sentence,
    port_words,
    profile_sentence,
)
from lage.language.map_errors import (
    FAULTS,
    PACKS,
    POSITIONS,
    REFUSALS,
    flaw_words,
    pack_sentence,
    position_sentence,
    refusal_sentence,
)
from lage.language.radio import CLASSES, REJECTED, TROUBLES, trouble_sentence
from lage.language.settings import BRIEFLY, HARMS, SETTING_WORDS, difference_words
from lage.language.whereabouts import LAYERS, METHODS
from maps.draw.people import Method
from maps.draw.roles import Layer
from maps.geo.errors import (
    Fault,
    Flaw,
    ImportRefusedError,
    OddDigitsError,
    PackError,
    PackTrouble,
    PositionError,
    Problem,
    Refusal,
    WrongSquareError,
)
from mesh.link import FrameClass, Reason, Trouble
from mesh.radio.address import AddressError, AddressFault
from sync.feed.why import Why
from tests.architecture.source import name_of, python_files, tree_of


def test_tables_are_complete() -> None:
    """No reason of the leaves is without words, and no words are left over."""
    assert set(TROUBLES) == set(Trouble)
    assert set(CLASSES) == set(FrameClass)
    assert set(REJECTED) == set(Why)
    assert set(FAULTS) == set(Fault)
    assert set(REFUSALS) == set(Refusal)
    assert set(PACKS) == set(PackTrouble)
    assert set(POSITIONS) == set(PositionError.__subclasses__())
    assert set(METHODS) == {method.name for method in Method}
    assert set(ADDRESSES) == set(AddressFault)
    assert set(PORTS) == set(PortKind)
    assert set(PROFILES) == set(ProfileFault)
    assert set(SETTING_WORDS) == {item.path for item in JUDGED}
    assert set(HARMS) == set(BRIEFLY) == {item.why for item in JUDGED} | {Harm.MUTE}
    assert set(LAYERS) == {layer.name for layer in Layer}


@pytest.mark.parametrize("trouble", Trouble, ids=lambda trouble: trouble.name)
def test_every_trouble_has_its_sentence(trouble: Trouble) -> None:
    """One sentence, with what it is about where the trouble is with a device."""
    sentence = trouble_sentence(Reason(trouble, "/dev/ttyUSB0", "OSError"))
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_every_refused_file_has_its_sentence(refusal: Refusal) -> None:
    """With the file's name where it is about one, also where it is not known."""
    problems = [Problem(1, Flaw(Fault.EMPTY))]
    for file in ("karte.gpkg", ""):
        sentence = refusal_sentence(ImportRefusedError(refusal, file, "5 7", problems))
        assert sentence.endswith(".")
        assert "{" not in sentence


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name)
def test_every_fault_of_a_line_has_its_words(fault: Fault) -> None:
    """They stand behind a number, without a full stop."""
    words = flaw_words(Flaw(fault, "7"))
    assert words
    assert not words.endswith(".")
    assert "{" not in words


def test_positions_and_packs_have_their_sentences() -> None:
    """With what they are about."""
    odd, wrong = position_sentence(OddDigitsError(7)), position_sentence(WrongSquareError("XY"))
    assert "hat 7 Ziffern" in odd
    assert "Quadrat XY" in wrong
    others = set(PositionError.__subclasses__()) - {OddDigitsError, WrongSquareError}
    assert all(position_sentence(kind()).endswith(".") for kind in others)
    for trouble in PackTrouble:
        assert "a.lagekarte" in pack_sentence(PackError(trouble, "a.lagekarte"))


def test_what_is_plugged_in_has_its_words() -> None:
    """Addresses and profiles that cannot be, ports, and settings that differ."""
    for fault in AddressFault:
        assert address_sentence(AddressError(fault, "xy")).endswith(".")
    for why in ProfileFault:
        assert profile_sentence(ProfileError(why, "xy")).endswith(".")
    assert port_words(SerialPort("COM3", PortKind.GPS, "u-blox 8")) == "GPS-Empfänger: u-blox 8"
    assert port_words(SerialPort("COM1", PortKind.NO_USB, "")) == "Anschluss ohne USB"
    by_path = {item.path: item for item in JUDGED}
    assert [
        difference_words(Difference(by_path[path], wanted, found))
        for path, wanted, found in (
            ("lora.hop_limit", 3, 7),
            ("lora.tx_enabled", True, False),
            ("channel:0.psk", True, False),
            ("channel:0.name", "Lage", ""),
            ("lora.region", "EU_868", None),
            ("lora.region", "EU_868", "UNSET"),
            ("lora.override_frequency", 0.0, 868.1),
            ("lora.ignore_incoming", 0, 3),
        )
    ] == [
        "Weiterleitungen: 7, gewünscht 3",
        "Sender eingeschaltet: nein, gewünscht ja",
        "Kanalschlüssel: ein anderer, gewünscht der des Netzes",
        "Kanalname: ohne Namen, gewünscht Lage",
        "Region: unbekannt, gewünscht EU_868",
        "Region: nicht gesetzt, gewünscht EU_868",
        "Feste Frequenz in MHz: 868,1, gewünscht die der Voreinstellung",
        "Liste überhörter Funkgeräte: nicht leer, gewünscht leer",
    ]


GERMAN = re.compile(r"\b(bitte|nicht|wird|wurde|ist|kein|keine|der|die|das|und|fehlt|gibt)\b")


def test_leaves_speak_no_german() -> None:
    """Outside of tables that are data, no text of the four leaves is a German sentence."""
    found = [
        f"{name_of(path)}:{node.lineno}: {node.value[:60]}"
        for path in python_files("sync", "mesh", "maps", "hardware")
        for node in _texts(tree_of(path))
        if GERMAN.search(node.value)
    ]

    assert found == []


def _texts(tree: ast.AST) -> list[ast.Constant]:
    """String constants that are no docstrings."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]
