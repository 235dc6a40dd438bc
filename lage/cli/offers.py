# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``lage angebot``: offers of help from outside, and letters to those who made them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lage.cli.common import Group, as_json, json_option, note, open_station, print_table, say, utc
from lage.language.epoch import from_unix
from lage.language.errors import NotFound, UsageError
from lage.language.plain import plain
from lage.language.tactical import clock
from lage.outside import inviting, needed, offers, outbox, wishes
from lage.outside.channels.chosen import FILE, channels_of
from lage.outside.desk import Boxes, Opened, boxes_of
from lage.outside.doubles import double_sentences
from lage.outside.words import offer_sentences, offer_state
from lage.station import Station
from lage.store.arrived import NEW
from lage.store.notices import Notices

offer = Group("angebot", help="Hilfsangebote von außen: ansehen, übernehmen, anschreiben.")


@offer.command("liste")
@click.option("--alle", "every", is_flag=True, help="Auch übernommene und abgelegte.")
@json_option
@click.pass_context
def listing(ctx: click.Context, every: bool, machine: bool) -> None:
    """Angebote, die noch niemand übernommen hat; das älteste zuerst."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = (offers.everything if every else offers.waiting)(station, boxes)
        if machine:
            as_json([_json(station, each) for each in found])
            return
        now = station.now()
        rows = [
            [
                each.box.nr,
                clock(from_unix(each.box.received), now),
                plain(", ".join(offers.offer_of(each).skills)),
                plain(offers.offer_of(each).place),
                str(offers.offer_of(each).count),
                offer_state(station, each.box),
            ]
            for each in found
        ]
        print_table(["Nr.", "Zeit", "Fähigkeiten", "Ort", "Pers.", "Stand"], rows)
        if not rows:
            say("(keine Angebote)")


@offer.command("zeigen")
@click.argument("nummer")
@json_option
@click.pass_context
def show(ctx: click.Context, nummer: str, machine: bool) -> None:
    """Ein Angebot ganz, mit Namen; NUMMER, Code oder Nummer der Helfenden."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = offers.find(station, boxes, nummer)
        if machine:
            as_json(_json(station, found))
            return
        for line in offer_sentences(station, found):
            say(line)
        for pair in needed.pairs_of(station, found) if found.box.state == NEW else ():
            say(f"Passt zu {needed.appeal_words(station, pair.appeal)} ({plain(pair.fit.why)})")
        _say_doubles(station, boxes, found)


def _say_doubles(station: Station, boxes: Boxes, found: Opened) -> None:
    for sentence in double_sentences(station, boxes, found):
        note(sentence)


@offer.command("uebernehmen")
@click.argument("nummer", required=False)
@click.option("--alle", "every", is_flag=True, help="Alle, die warten.")
@click.pass_context
def take(ctx: click.Context, nummer: str | None, every: bool) -> None:
    """Als Helfende dieser Stelle aufnehmen; Name bis Anschrift bleiben hier."""
    if every == bool(nummer):
        raise click.UsageError("Bitte eine Nummer oder --alle angeben.")
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = offers.waiting(station, boxes) if every else [
            offers.find(station, boxes, nummer or "")]  # fmt: skip
        for each in found:
            record = offers.take_over(station, boxes, each)
            say(f"Angebot {each.box.nr} ist {station.directory.label(record)}.")
            _say_doubles(station, boxes, offers.find(station, boxes, str(each.ticket)))


@offer.command("passend")
@click.argument("nummer", required=False)
@click.option("--aufruf", "appeal", help="Nur dieser Aufruf, z. B. RHE-R1.")
@json_option
@click.pass_context
def fitting(ctx: click.Context, nummer: str | None, appeal: str | None, machine: bool) -> None:
    """Wartende Angebote und offene Aufrufe: wer passt wozu und warum; der Beste zuerst.

    Mit NUMMER: zu welchen Aufrufen dieses Angebot passt.
    """
    with open_station(ctx) as station, boxes_of(station) as boxes:
        if nummer:
            pairs = needed.pairs_of(station, offers.find(station, boxes, nummer))
        else:
            pairs = needed.all_pairs(station, boxes)
        if appeal:
            wanted = station.find_record("appeal", appeal).id
            pairs = [pair for pair in pairs if pair.appeal.id == wanted]
        if machine:
            as_json([
                {"aufruf": station.directory.label(pair.appeal), "angebot": pair.offer.box.nr,
                 "punkte": pair.fit.points, "passt": list(pair.fit.reasons)}
                for pair in pairs
            ])  # fmt: skip
            return
        rows = [[needed.appeal_words(station, pair.appeal), pair.offer.box.nr, plain(pair.fit.why)]
                for pair in pairs]  # fmt: skip
        print_table(["Aufruf", "Angebot", "Passt, weil"], rows)
        if not rows:
            say("(kein wartendes Angebot passt zu einem offenen Aufruf)")


@offer.command("zuweisen")
@click.argument("nummer")
@click.option("--aufruf", "appeal", required=True, help="Wofür, z. B. RHE-R1.")
@click.pass_context
def send(ctx: click.Context, nummer: str, appeal: str) -> None:
    """Übernehmen und zu einem Aufruf schicken, in einem; Treffpunkt und Kontakt sind die des
    Aufrufs."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = offers.find(station, boxes, nummer)
        record = station.find_record("appeal", appeal)
        sent = needed.send(station, boxes, found, record)
        say(needed.sent_words(station, found, record, sent))
        _say_doubles(station, boxes, offers.find(station, boxes, str(found.ticket)))


@offer.command("ablegen")
@click.argument("nummer")
@click.pass_context
def aside(ctx: click.Context, nummer: str) -> None:
    """Nicht gebraucht: das Angebot gilt nicht mehr."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = offers.find(station, boxes, nummer)
        offers.put_aside(station, boxes, found)
        say(f"Angebot {found.box.nr} abgelegt.")


@offer.command("da")
@click.argument("nummer")
@click.option("--fertig", is_flag=True, help="Geht wieder: die Stunden werden festgehalten.")
@click.pass_context
def here(ctx: click.Context, nummer: str, fertig: bool) -> None:
    """Am Treffpunkt angekommen; NUMMER, RHE-H7 oder der Code vom QR auf dem Telefon."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = offers.find(station, boxes, nummer)
        say(wishes.check_in(station, boxes, found, done=fertig))


@offer.command("rueckmeldungen")
@json_option
@click.pass_context
def told(ctx: click.Context, machine: bool) -> None:
    """Was Helfende geschrieben haben."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        rows = offers.feedback(station, boxes)
        now = station.now()
        if machine:
            as_json([{"angebot": each.box.steps.get("zu"), "text": offers.words_of(each),
                      "zeit": utc(from_unix(each.box.received))} for each in rows])  # fmt: skip
            return
        print_table(
            ["Zeit", "Angebot", "Text"],
            [[clock(from_unix(each.box.received), now), str(each.box.steps.get("zu", "?")),
              plain(offers.words_of(each))] for each in rows],
        )  # fmt: skip


@offer.command("schreiben")
@click.argument("nummer")
@click.argument("text")
@click.pass_context
def write_to(ctx: click.Context, nummer: str, text: str) -> None:
    """Per E-Mail oder SMS schreiben, was in „kanaele.toml“ eingerichtet ist."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        found = offers.find(station, boxes, nummer)
        way = inviting.way_to(offers.offer_of(found), channels_of(station.folder))
        if way is None or found.box.state == "abgelegt":
            raise NotFound(
                "Dorthin kann nicht geschrieben werden: kein eingerichteter Kanal passt, oder das"
                " Angebot ist zurückgezogen."
            )
        me = station.me
        subject = f"Nachricht von {me.name if me else ''}"
        new = outbox.write(station, boxes, *way, subject, text, owner=found.box.id)
        say("Steht im Ausgang." if new else "Genau das steht schon im Ausgang.")


@offer.command("ausgang")
@json_option
@click.pass_context
def letters(ctx: click.Context, machine: bool) -> None:
    """Was hinausgeht: gesendet, wartet, gescheitert und warum; ohne Namen und Text."""
    with open_station(ctx) as station, boxes_of(station) as boxes:
        rows = Notices(boxes.database).all()
        if machine:
            as_json(
                [
                    {
                        "kanal": row.channel,
                        "stand": row.state,
                        "versuche": row.tries,
                        "grund": row.why,
                        "zeit": utc(from_unix(row.made)),
                    }
                    for row in rows
                ]
            )
            return
        now = station.now()
        print_table(
            ["Zeit", "Kanal", "Stand", "Versuche", "Grund"],
            [[clock(from_unix(row.made), now), row.channel, row.state, str(row.tries), row.why]
             for row in rows],
        )  # fmt: skip


@offer.command("aufruf")
@click.argument("nummer")
@click.option("--kanal", type=click.Choice(["ntfy", "matrix"]), help="Dort veröffentlichen.")
@click.option("--an", "to", default="", help="Thema (ntfy) oder Raum (Matrix).")
@click.pass_context
def spread(ctx: click.Context, nummer: str, kanal: str | None, to: str) -> None:
    """Einen Aufruf als Text zum Kopieren, oder auf ntfy oder Matrix veröffentlichen."""
    if bool(kanal) != bool(to):
        raise click.UsageError("--kanal und --an gehören zusammen.")
    with open_station(ctx) as station, boxes_of(station) as boxes:
        record = station.find_record("appeal", nummer)
        if kanal is None:
            say(inviting.appeal_to_copy(station, record))
            return
        if kanal not in channels_of(station.folder):
            raise UsageError(f"[{kanal}] steht nicht in {station.folder / FILE}.")
        text = inviting.appeal_text(station, record)
        subject = f"{record.text('place')}: {record.text('status')}"
        owner = inviting.appeal_owner(record)
        new = outbox.write(station, boxes, kanal, to, subject, text, owner)
        say("Steht im Ausgang." if new else "Genau das steht schon im Ausgang.")


@offer.command("nachweis")
@click.argument("nummer")
@click.option("--versicherung", is_flag=True, help="Der Bogen für die Unfallversicherung.")
@click.option(
    "--nach", "target", type=click.Path(dir_okay=False, path_type=Path), help="Datei dafür."
)
@click.pass_context
def paper(ctx: click.Context, nummer: str, versicherung: bool, target: Path | None) -> None:
    """Bescheinigung oder Versicherungsbogen (SGB VII) für Helfende als PDF; z. B. RHE-H7."""
    from lage.outside.papers import certificate, insurance_sheet
    from lage.reports.files import write_paper

    with open_station(ctx) as station:
        record = station.find_record("helper", nummer)
        content = (insurance_sheet if versicherung else certificate)(station, record)
        stem = "versicherung" if versicherung else "bescheinigung"
        say(str(write_paper(station, f"{stem}_{station.directory.label(record)}", content, target)))


def _json(station: Station, found: Opened) -> dict[str, Any]:
    record = None if found.box.entity is None else station.reader.get(found.box.entity)
    return {
        "nummer": found.box.nr,
        "infopunkt": found.box.source,
        "beleg": str(found.ticket),
        "eingegangen": utc(from_unix(found.box.received)),
        "stand": found.box.state,
        "helfende": None if record is None else station.directory.label(record),
        "angaben": asdict(offers.offer_of(found)),
    }
