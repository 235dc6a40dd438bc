# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Drehbuch's format: what it says is read as it was meant, and all else refused with its place.

What entries may say is tested in ``test_scenario``, for every kind in ``test_every_kind``.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from lage.exercise.performance import silent
from lage.exercise.script import plain
from lage.exercise.script.conditions import guard_sentence, sentence
from lage.exercise.script.dice import thrown
from lage.exercise.script.faults import Faults, ScriptRefused
from lage.exercise.script.model import (
    After,
    At,
    Broken,
    Chosen,
    Condition,
    Guard,
    Inject,
    Pattern,
    Script,
    Speech,
    State,
    Unless,
    Way,
)
from lage.exercise.script.order import Needs, Order, needs_of
from lage.exercise.script.read import read_script
from lage.exercise.script.series import samples, value_at
from lage.exercise.script.unattended import unattended

HEAD = """
name: Probe
beginn: 24.11.2026 15:30
ende: X+03:00
saat: 7
stellen:
  - {name: Krisenstab Steinfurt, rolle: krisenstab, besetzung: Menschen}
  - {name: SAE Rheine, koordinate: "52.28, 7.44", hoehe: 25}
  - name: SAE Greven
    antworten:
      - auf: {eintrag: nachricht, an: SAE Greven}
        nach: 3 min
        quittung: {Name: Meyer}
      - auf: {eintrag: auftrag, von: Krisenstab Steinfurt, enthaelt: Sandsäcke}
        einmal: ja
        wahrscheinlichkeit: 50 %
        aendern: {Status: angenommen}
relais: [{name: Berg, koordinate: "52.2, 7.5", hoehe: 60}]
phasen:
  - {name: Anlauf, ab: X+00}
  - {name: Spitze, ab: "16:30"}
zweige:
  - {name: deich, frage: Hält er, moeglich: [hält, bricht], sonst: hält, bis: X+60}
"""
STEPS = """
  - {nr: 1, zeit: X+5, von: Bürgerin, an: SAE Rheine, weg: Telefon, inhalt: Keller voll,
     erwartet: Vorfall, erfuellt: [{eintrag: vorfall, felder: {Art: Überflutung}, binnen: 10 min}]}
  - {nr: 2, zeit: X+00:10, von: Regierung, an: Krisenstab Steinfurt, weg: Funk, inhalt: Wie?,
     vorrang: sofort, erfuellt: quittiert binnen 10 min}
  - {nr: 3, zeit: "17:00", von: SAE Rheine, id: bruch, nur_wenn: deich = bricht,
     vorfall: {Art: Deichschaden, Lage: bricht}}
  - {nr: 4, zeit: X+02:00, von: SAE Rheine, aendern: {vorfall: bruch, Status: in Arbeit},
     nur_wenn: 3 eingespielt}
  - {nr: 5, zeit: X+02:00, an: alle, weg: Fax, von: RWE, inhalt: Trafo,
     stoerung: {art: Gerücht, zu: 1, wahr: Trafo läuft}, streuung: 9 min, wahrscheinlichkeit: 40 %}
""".replace("erfuellt: quittiert binnen 10 min", "erfuellt: [quittiert binnen 10 min]").replace(
    "Wie?", "'Wie?'"
)
TAIL = """
messreihen:
  - {pegel: Sensor *, zahl: 3, stelle: SAE Rheine, alle: 30 min, punkte: {X+00: 4, X+02:00: 9}}
ausfaelle:
  - {was: Relais, wen: Berg, von: X+30, bis: X+50}
"""


def read(tmp_path: Path, steps: str = STEPS, head: str = HEAD, tail: str = "") -> Script:
    """A script of these injects."""
    path = tmp_path / "drehbuch.yaml"
    path.write_text(f"{head}ablauf:\n{steps}{tail}", "utf8")
    return read_script(path)


def refusals(tmp_path: Path, steps: str = STEPS, head: str = HEAD, tail: str = "") -> list[str]:
    """``line:column sentence`` for everything that is wrong with it; lines of the steps from 1."""
    with pytest.raises(ScriptRefused) as refused:
        read(tmp_path, steps, head, tail)
    above = head.count("\n") + 1
    return [f"{f.line - above}:{f.column} {f.sentence}" for f in refused.value.faults]


def by_number(script: Script) -> dict[str, Inject]:
    """The injects by their numbers."""
    return {inject.nr: inject for inject in script.injects}


def test_a_script_with_all_its_parts(tmp_path: Path) -> None:
    """Who, when, what, what should come of it, and what else happens."""
    script = read(tmp_path, tail=TAIL)
    found = by_number(script)
    assert [member.manned for member in script.cast] == [True, False, False]
    assert script.cast[1].site is not None
    assert script.cast[1].site.height_m == 25
    receipt, change = script.cast[2].answers
    assert (receipt.entry.action, receipt.entry.fields["person"]) == ("receipt", "Meyer")
    assert (change.once, change.chance, change.delay) == (True, 0.5, 5.0)
    assert change.to == Pattern("task", ("Krisenstab Steinfurt",), (), ("Sandsäcke",))
    call = found["1"]
    assert (call.content, call.way, call.to) == (
        Speech("Keller voll"),
        Way.PHONE,
        ("SAE Rheine",),
    )
    assert (call.sender, call.staff) == ("Bürgerin", script.direction)
    (check,) = call.checks
    assert check.within == 10
    assert check.what == Pattern("incident", ("SAE Rheine",), fields={"type": "Überflutung"})
    message = found["2"].entry
    assert message is not None
    assert message.fields == {
        "to": "Krisenstab Steinfurt",
        "text": "Wie?",
        "priority": "sofort",
        "external_sender": "Regierung",
    }
    assert found["2"].checks[0].what == Condition("2", State.ACKNOWLEDGED)
    assert (found["3"].when, found["3"].phase) == (At(90), "Spitze")
    assert found["3"].only_if == (Guard(Chosen("deich", "bricht")),)
    assert found["4"].entry is not None
    assert found["4"].entry.target == "3"
    assert found["5"].disturbance is not None
    assert (found["5"].disturbance.about, found["5"].to) == ("1", ())
    assert script.series[0].gauges == ("Sensor 1", "Sensor 2", "Sensor 3")
    assert (script.outages[0].what, script.outages[0].whom) == (Broken.RELAY, ("Berg",))
    assert (script.branches[0].until, script.end) == (60, 180)
    assert script.phase_at(59) == script.phases[0]


MESSAGE = "  - {nr: 12, zeit: X+1, von: Kreis, an: SAE Rheine, weg: Funk, inhalt: x}\n"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("X+90", At(90)),
        ("X + 01:30", At(90)),
        ("X+1,5", At(1.5)),
        ("X", At(0)),
        ("16:00", At(30)),
        ("1600", At(30)),
        ("24.11. 16:00 Uhr", At(30)),
        ("241600nov26", At(30)),
        ("20 min nachdem Nachricht 12 quittiert ist",
         After(Condition("12", State.ACKNOWLEDGED), 20)),
        ("nach 12 eingespielt", After(Condition("12", State.FIRED))),
        ("1,5 h nachdem SAE Rheine die Nachricht 12 geöffnet hat",
         After(Condition("12", State.OPENED, "SAE Rheine"), 90)),
        ("wenn bis X+40 niemand 12 quittiert hat",
         Unless(Condition("12", State.ACKNOWLEDGED), until=40)),
        ("wenn bis 16:10 die Nachricht 12 von SAE Rheine nicht quittiert wurde",
         Unless(Condition("12", State.ACKNOWLEDGED, "SAE Rheine"), until=40)),
        ("wenn binnen 1:30 h niemand 12 quittiert",
         Unless(Condition("12", State.ACKNOWLEDGED), within=90)),
    ],
)  # fmt: skip
def test_times_and_conditions_as_people_write_them(
    tmp_path: Path, said: str, meant: object
) -> None:
    """And as this program writes them."""
    step = '  - {nr: 13, zeit: "%s", an: SAE Rheine, weg: Telefon, inhalt: x}\n'
    when = by_number(read(tmp_path, MESSAGE + step % said))["13"].when
    assert when == meant
    assert by_number(read(tmp_path, MESSAGE + step % sentence(when)))["13"].when == meant


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("bald", "keine Zeit der Übung"),
        ("X+1:75", "Minuten bis 59"),
        ("24.11. 15:00", "vor dem Beginn"),
        ("X+04:00", "nach dem Ende"),
        ("20 min nachdem 14 quittiert ist", "„14“ ist weder Nummer noch"),
        ("20 min nachdem 12 verstanden ist", "sagt nicht, was geschieht"),
        ("20 min nachdem SAE Emden 12 quittiert hat", "nicht zu verstehen"),
        ("20 min nachdem 12 nicht quittiert ist", "ohne „nicht“"),
        ("wenn bis X+40 jemand 12 quittiert hat", "nicht zu verstehen"),
        ("wenn bis X+40 12 quittiert ist", "mit „niemand“ oder „nicht“"),
        ("wenn bis X+00 niemand 12 quittiert", "nie wäre es rechtzeitig"),
        ("nachdem 12 erledigt ist", "keinen Status „erledigt“"),
        ("nachdem 12 erfüllt ist", "fehlt „erfuellt“"),
        ("nachdem SAE Greven 12 quittiert hat", "geht nicht an SAE Greven"),
        ("nachdem 13 eingespielt ist", "im Kreis"),
    ],
)
def test_conditions_that_ask_the_impossible(tmp_path: Path, said: str, why: str) -> None:
    """Each with one sentence at its place."""
    step = f'  - {{nr: 13, zeit: "{said}", an: SAE Rheine, weg: Telefon, inhalt: x}}\n'
    (told,) = refusals(tmp_path, MESSAGE + step)
    assert told.startswith("2:20 Einlage 13: ")
    assert why in told


@pytest.mark.parametrize(
    "name", ["erfüllt", "1 5 und 3", "nicht", "Kontrolle", "a=b", "SAE-Rheine", "'SAE Rheine'"]
)
@pytest.mark.parametrize("key", ["nr", "id"])
def test_no_inject_is_called_what_conditions_cannot_name(
    tmp_path: Path, key: str, name: str
) -> None:
    """Words of their own are no numbers; „SAE-Rheine“ is, it is no staff's name."""
    step = f"  - {{{key}: {name}, zeit: X+2, an: SAE Rheine, weg: Telefon, inhalt: x}}\n"
    if name == "SAE-Rheine":
        assert read(tmp_path, MESSAGE + step)
        return
    (told,) = refusals(tmp_path, MESSAGE + step)
    assert "kann keine Einlage heißen" in told


def test_circles_are_found_whole(tmp_path: Path) -> None:
    """Both that wait for each other are named, and the third that waits for them is not."""
    step = "  - {nr: %s, zeit: nach %s eingespielt, an: SAE Rheine, weg: Fax, inhalt: x}\n"
    told = refusals(tmp_path, step % ("a", "b") + step % ("b", "a") + step % ("c", "a"))
    assert ["im Kreis" in each for each in told] == [True, True]


FAX = "nr: 1, zeit: X+1, an: SAE Rheine, weg: Fax, inhalt: x"


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("nr: 1, zeit: X+1, von: SAE Rheine, nachricht: {An: alle, Inhalt: x, Vorrang: eilig}",
         "Vorrang: „eilig“ gibt es hier nicht"),
        ("nr: 1, zeit: X+1, an: SAE Rheine, weg: Funk, inhalt: x, vorrang: eilig", "„eilig“"),
        ("nr: 1, zeit: X+1, von: SAE Rhine, vorfall: {Art: Brand, Lage: x}", "SAE Rheine"),
        ("nr: 1, zeit: X+1, von: SAE Emden, vorfall: {Art: Brand, Lage: x}", "SAE Emden"),
        ("nr: 1, zeit: X+1, an: [SAE Emden], weg: Fax, inhalt: x", "SAE Emden"),
        ("nr: 1, zeit: X+1, weg: Fax, inhalt: x", "an wen geht"),
        ("nr: 1, zeit: X+1, an: SAE Rheine, inhalt: x", "gehört ein „weg“"),
        ("nr: 1, zeit: X+1, an: SAE Rheine, weg: Rauch, inhalt: x", "Rauch"),
        ("nr: 1, zeit: X+1, weg: Telefon, an: SAE Rheine, vorfall: {Art: Brand, Lage: x}",
         "kein Eintrag"),
        ("nr: 1, zeit: X+1, weg: eigene Handlung, vorfall: {Art: Brand, Lage: x}", "braucht „von“"),
        ("FAX, Farbe: rot", "„Farbe“ gibt es"),
        ("FAX, störung: y", "wohl „stoerung“"),
        ("nr: 1, nr: 2, zeit: X+1, an: SAE Rheine, weg: Fax, inhalt: x", "zweimal"),
        ("nr: 1, zeit: X+1, an: SAE Rheine, weg: Fax, inhalt: [x]", "einzelner Wert"),
        ("FAX, wahrscheinlichkeit: 2",
         "Prozentzeichen"),
        ("FAX, streuung: bald", "keine Dauer"),
        ("FAX, phase: Ende", "unter „phasen“"),
        ("FAX, nur_wenn: deich = weg",
         "kennt nicht „weg“"),
        ("FAX, nur_wenn: [deich = hält, deich != hält]", "widerspricht sich"),
        ("FAX, erfuellt: [{eintrag: vorfall, felder: {Art: Mord}}]", "Art: „Mord“"),
        ("FAX, erfuellt: [nicht quittiert]",
         "was geschehen soll"),
        ("FAX, stoerung: {art: Witz}", "„Witz“"),
        ("FAX, stoerung: {art: Gerücht, wahr: nein, gar nicht}", "„gar nicht“ gehört wohl zu"),
        ("nr: 1, zeit: X+1, von: SAE Rheine, vorfall: {Art: Brand, Lage: groß, sehr groß}",
         "„sehr groß“ gehört wohl zum Text davor"),
        ("nr: 1, an: SAE Rheine, weg: Fax, inhalt: x", "es fehlt „zeit“"),
        ("nr: 1, zeit: X+1, von: SAE Rheine, nachricht: {An: alle, Inhalt: x, Quittung: no}",
         "weder ja noch nein"),
    ],
)  # fmt: skip
def test_every_value_is_judged_as_the_forms_would(tmp_path: Path, step: str, why: str) -> None:
    """Seen: ``Vorrang: eilig`` passed, and the exercise waited for it until its time was up."""
    told = refusals(tmp_path, f"  - {{{step.replace('FAX', FAX)}}}\n")
    assert len(told) == 1
    assert told[0].startswith("1:")
    assert why in told[0]


def test_what_may_never_come_is_nothing_to_build_on(tmp_path: Path) -> None:
    """Branches may contradict each other; what changes an entry waits for the same as it does."""
    steps = """\
  - {nr: 1, zeit: X+1, von: Kreis, an: SAE Rheine, weg: Funk, inhalt: x}
  - {nr: 2, zeit: X+2, von: SAE Rheine, quittung: {Nachricht: 1, Name: A}, nur_wenn: deich = hält}
  - {nr: 3, zeit: X+2, von: SAE Rheine, quittung: {Nachricht: 1, Name: B}, nur_wenn: deich = bricht}
  - {nr: 4, zeit: X+3, von: SAE Rheine, vorfall: {Art: Brand, Lage: x}, wahrscheinlichkeit: 50 %}
  - {nr: 5, zeit: X+4, von: SAE Rheine, aendern: {vorfall: 4, Tote: 1}, nur_wenn: 4 eingespielt}
"""
    assert len(read(tmp_path, steps).injects) == 5
    (told,) = refusals(tmp_path, steps.replace(", nur_wenn: 4 eingespielt", ""))
    assert "bitte „nur_wenn: 4 eingespielt“ dazuschreiben" in told


CURVE = "{pegel: A, stelle: SAE Rheine, alle: 5 min, punkte: %s}"
TASK = """\
  - {nr: 1, zeit: X+1, von: Krisenstab Steinfurt, auftrag: {An: SAE Greven, Auftrag: Pumpen}}
  - {nr: 2, zeit: X+5, von: SAE Greven, aendern: {auftrag: 1, Status: %s}%s}
  - {nr: 3, zeit: X+9, von: SAE Greven, aendern: {auftrag: 1, Status: %s}%s}
"""


@pytest.mark.parametrize(
    ("steps", "told", "doubt"),
    [
        (("erledigt", ", nur_wenn: deich = bricht", "erledigt", ""),
         "kommt auch 2 (deich = bricht), wird sie abgelehnt", ""),
        (("erledigt", ", wahrscheinlichkeit: 50 %", "erledigt", ""),
         "kommt auch 2, wird sie abgelehnt", ""),
        (("erledigt", "", "erledigt", ", nur_wenn: SAE Greven unbesetzt"), "nichts geändert", ""),
        (("erledigt", ", nur_wenn: deich = bricht", "in Arbeit", ""), "",
         "Einlage 3 ändert, was nach 2 (deich = bricht) schon beendet ist."),
        (("erledigt", ", nur_wenn: deich = bricht", "erledigt", ", nur_wenn: deich = hält"),
         "", ""),
        (("erledigt", ", nur_wenn: 1 angenommen", "erledigt", ""), "", ""),  # nobody knows before
    ],
)  # fmt: skip
def test_what_two_choices_together_make_impossible(
    tmp_path: Path, steps: tuple[str, ...], told: str, doubt: str
) -> None:
    """An inject that is refused if another comes too is found, as far as branches, dice and who
    sits where decide; what changes an ended entry is worth a look."""
    if told:
        (found,) = refusals(tmp_path, TASK % steps)
        assert told in found
        return
    assert read(tmp_path, TASK % steps).doubts == ((doubt,) if doubt else ())


@pytest.mark.parametrize(
    ("tail", "why"),
    [
        ("ausfaelle: [{was: Relais, wen: Berg, von: X+1}, {was: Relais, von: X+9, bis: X+20}]",
         "schon ausgefallen"),
        (f"messreihen: [{CURVE % '{X+1: 1, X+8: 2}'}, {CURVE % '{X+8: 4}'}]",
         "zur selben Zeit schon eine Kurve"),
        ("messreihen: [{pegel: A, stelle: SAE Rheine, alle: 5 min, punkte: {X+9: 1, X+8: 2}}]",
         "in ihrer Reihe"),
        ("messreihen: [{pegel: A, stelle: SAE Rheine, alle: 5 min, punkte: {X+9: viel}}]",
         "keine Zahl"),
        ("messreihen: [{pegel: A, stelle: SAE Rheine, alle: 5 min, punkte: {X+9: 1,5}}]",
         "„5“"),
        ("messreihen: [{pegel: A, stelle: SAE Rheine, alle: 5 min, punkte: {X+9: 1.5}}]",
         "nur ganze Zahlen"),
        ("messreihen: [{pegel: A, stelle: SAE Rheine, alle: 5 min, punkte: {X+4:00: 1}}]",
         "nach dem Ende"),
        ("messreihen: [{pegel: A, zahl: 9, stelle: SAE Rheine, alle: 5 min, punkte: {X+4: 1}}]",
         "gehören zusammen"),
        ("ausfaelle: [{was: Relais, wen: Tal, von: X+1}]", "unter „relais“"),
        ("ausfaelle: [{was: Strom, wen: SAE Emden, von: X+1}]", "unter „stellen“"),
        ("ausfaelle: [{was: Strom, von: X+9, bis: X+8}]", "nicht nach „von“"),
        ("ausfaelle: [{was: Kaffee, von: X+9}]", "„Kaffee“"),
        ("ausfall: []", "„ausfall“ gibt es hier nicht"),
    ],
)  # fmt: skip
def test_series_and_outages_are_judged_too(tmp_path: Path, tail: str, why: str) -> None:
    """By the same door, and by the end of the exercise."""
    told = refusals(tmp_path, tail=tail.replace("X+4:00", "'X+04:00'") + "\n")
    assert any(why in each for each in told)


def test_a_long_chain_of_conditions_ends_in_no_recursion() -> None:
    """Seen: a thousand injects, each after the one before, ended the program."""
    chain = {"0": Inject(1, "0", At(3), "A", Speech("x"))}
    for n in range(1, 1500):
        after = After(Condition(str(n - 1), State.FIRED), 1)
        chain[str(n)] = Inject(n + 1, str(n), after, "A", Speech("x"))
    order = Order(chain, Faults())
    assert order.earliest("1499") == 1502
    assert [inject.nr for inject in order.check(None)] == list(chain)
    assert needs_of(list(chain.values()))["1499"] == Needs()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: *x\n", "Anker (&)"),
        ("a: *x\n", "Verweise (*)"),
        ("a: !!python/object:os.system x\n", "Kennzeichen (!)"),
        ("a: !!int 7\n", "Kennzeichen (!)"),
        ("a: " + "[" * 30, "zu tief"),
        ("a: " + "x" * 30_000, "30000 Zeichen lang"),
        ("a: [" + "1," * 900 + "1]", "zu viel"),
        ("<<: {a: b}\n", "„<<“"),
        ("a: b\na: c\n", "zweimal"),
        ("? [a]\n: b\n", "keine Liste"),
        ('a: "x\\ud800"\n', "U+D800"),
        ('a: "\\x1b[2J"\n', "U+001B"),
        ("a:\n\t- b\n", "Tabulator"),
        ("a: b\n---\na: c\n", "zweites Dokument"),
    ],
)
def test_bombs_and_tricks_of_yaml_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    """With their place, before anything is made of them."""
    monkeypatch.setattr(plain, "NODES_MAX", 800)
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf8")
    with pytest.raises(ScriptRefused) as refused:
        read_script(path)
    assert why in refused.value.faults[0].sentence
    assert refused.value.faults[0].line >= 1


def test_a_fault_names_line_and_column(tmp_path: Path) -> None:
    """The value itself, however the inject is broken over lines."""
    steps = """\
  - nr: 1
    zeit: X+1
    von: SAE Rheine
    nachricht:
      An: SAE Greven
      Vorrang: eilig
      Inhalt: x
"""
    (told,) = refusals(tmp_path, steps)
    assert told.startswith("6:16 Einlage 1: Vorrang: ")


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        ("ab: X+00", "ab: X+02:00", "Phasen stehen"),
        ("sonst: hält", "sonst: wankt", "„sonst“ ist keine Möglichkeit"),
        ("beginn: 24.11.2026 15:30\n", "", "es fehlt „beginn“"),
        ("beginn: 24.11.2026 15:30", "beginn: 15:30", "„15:30“ ist nicht Datum"),
        ("beginn: 24.11.2026 15:30", "beginn: 10.1. 15:30", "„10.1. 15:30“ ist nicht Datum"),
        ("  - name: SAE G", "  - {name: Alle}\n  - name: SAE G", "bitte die Stelle anders nennen"),
        ("saat: 7", "saat: 12345678901", "zu groß"),
        ("an: SAE Greven}", "an: SAE Grewen}", "gemeint ist wohl „SAE Greven“"),
    ],
)
def test_one_slip_is_one_fault(tmp_path: Path, said: str, instead: str, why: str) -> None:
    """What leans on a phase, a branch or the beginning is not blamed for its fault."""
    assert said in HEAD
    (told,) = refusals(tmp_path, head=HEAD.replace(said, instead))
    assert why in told


def test_dice_fall_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Times move by at most their jitter, and what is left out is named; another seed, another
    course; nothing comes before what it refers to."""
    steps = "".join(
        f"  - {{nr: {n}, zeit: X+{n}, von: SAE Rheine, streuung: 5 min, wahrscheinlichkeit: 60 %,"
        f" vorfall: {{Art: Brand, Lage: x}}}}\n"
        f"  - {{nr: {n}b, zeit: X+{n}, von: SAE Rheine, streuung: 5 min, nur_wenn: {n} eingespielt,"
        f" aendern: {{vorfall: {n}, Tote: 1}}}}\n"
        for n in range(10, 40)
    )
    script = read(tmp_path, steps)
    once, again, other = thrown(script), thrown(script), thrown(script, 8)
    assert once == again
    assert once.left_out != other.left_out
    assert 5 < len(once.left_out) < 25
    planned, played = by_number(script), by_number(once)
    for nr, inject in played.items():
        assert inject.minute is not None
        assert abs(inject.minute - (planned[nr].minute or 0)) <= 10
        before = played.get(nr.removesuffix("b"))
        assert before is None or (before.minute or 0) <= inject.minute
    assert not set(once.left_out) & set(played)
    assert thrown(once, once.seed) == replace(once, left_out=())


def test_series_follow_their_curve(tmp_path: Path) -> None:
    """Through the points, never beyond them; the same for the same seed, sensors in turn."""
    (series,) = read(tmp_path, tail=TAIL).series
    found = list(samples(series, 1))
    assert found == list(samples(series, 1))
    assert [each.gauge for each in found[:3]] == list(series.gauges)
    assert len({each.minute for each in found}) == len(found) == 15
    assert found[0].entry.fields == {"gauge": "Sensor 1", "value": "4", "source": "Sensor"}
    for curve in ("linear", "stufen", "glatt"):
        bent = replace(series, curve=curve, points=((0, 4), (60, 9), (90, 9), (120, 2)))
        values = [value_at(bent, minute) for minute in range(121)]
        assert values[60] == values[90] == 9
        assert min(values) >= 2
        assert max(values) <= 9
    noisy = replace(series, noise=3.0, gaps=0.5)
    assert len(list(samples(noisy, 1))) < 15
    assert list(samples(noisy, 1)) != list(samples(noisy, 2))


def test_sentences_of_guards_are_read_back(tmp_path: Path) -> None:
    """What the program says of a guard, a script may say."""
    step = "  - {nr: 13, zeit: X+9, an: SAE Rheine, weg: Fax, inhalt: x, nur_wenn: [%s]}\n"
    said = "deich != hält, 12 nicht quittiert, 12 von SAE Rheine empfangen"
    guards = by_number(read(tmp_path, MESSAGE + step % said))["13"].only_if
    back = ", ".join(map(guard_sentence, guards))
    assert by_number(read(tmp_path, MESSAGE + step % back))["13"].only_if == guards


def test_any_mutilated_script_is_read_or_refused(tmp_path: Path) -> None:
    """Total: whatever is cut, doubled or swapped, there is a script or a list of sentences."""
    text = f"{HEAD}ablauf:\n{STEPS}{TAIL}"
    path, dice = tmp_path / "x.yaml", random.Random(5)
    for _ in range(20):
        a, b = sorted(dice.sample(range(len(text)), 2))
        piece = text[a:b] if dice.random() < 0.5 else dice.choice(":,{}[]-'\"#&*!?|>%@`\n\tX 9")
        path.write_text(text[:a] + piece * dice.randrange(3) + text[a + 3 :], "utf8")
        with suppress(ScriptRefused):
            assert read_script(path).cast


def test_without_a_direction_everybody_plays_the_same(tmp_path: Path) -> None:
    """What waits for people is left out and named; branches go as they would by themselves; what
    an empty chair would do is done; values of series come at their times."""
    steps = """\
  - {nr: 1, zeit: X+1, von: Kreis, an: SAE Rheine, weg: Funk, inhalt: x}
  - {nr: 2, zeit: 4 min nach 1 eingespielt, von: SAE Rheine, quittung: {Nachricht: 1, Name: A}}
  - {nr: 3, zeit: nach 1 quittiert, von: SAE Rheine, id: auf, vorfall: {Art: Brand, Lage: x}}
  - {nr: 4, zeit: X+9, von: SAE Rheine, aendern: {vorfall: 3, Tote: 1}, nur_wenn: 3 eingespielt}
  - {nr: 5, zeit: X+9, von: SAE Rheine, vorfall: {Art: Brand, Lage: y}, nur_wenn: deich = bricht}
  - {nr: 6, zeit: X+9, von: SAE Rheine, vorfall: {Art: Brand, Lage: z}, nur_wenn: deich = hält}
  - {nr: 7, zeit: X+9, von: SAE Rheine, vorfall: {Art: Brand, Lage: z}, nur_wenn: 1 nicht quittiert}
  - {nr: 8, zeit: wenn bis X+9 niemand 1 quittiert, an: SAE Rheine, weg: Fax, inhalt: y}
  - {nr: 9, zeit: X+9, von: SAE Rheine, tagebuch: {Inhalt: z}, nur_wenn: SAE Rheine unbesetzt}
"""
    script = unattended(read(tmp_path, steps, tail=TAIL))
    found = by_number(script)
    assert [nr for nr in found if nr.isdecimal()] == ["1", "2", "6", "7", "9"]
    assert set(script.left_out) == {"3", "4", "5", "8"}
    assert found["2"].minute == 5
    assert sum(inject.minute is not None for inject in script.injects) == 5 + 15
    assert len({inject.place for inject in script.injects}) == len(script.injects)


def test_whose_answers_need_a_direction(tmp_path: Path) -> None:
    """Played by the clock alone nobody gives them, which is said by name."""
    path = tmp_path / "antworten.yaml"
    answers = "antworten: [{auf: {eintrag: nachricht}, quittung: {Name: Ott}}]"
    path.write_text(
        "name: A\nbeginn: 24.11.2026 18:00\nablauf: []\n"
        f"stellen: [{{name: SAE Rheine, {answers}}}, {{name: SAE Greven}}]\n",
        "utf8",
    )
    assert silent(read_script(path)) == ("SAE Rheine",)
