# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""One staff's place of work: its folder with keys and log, without a radio.

Command line, screen and node all work through a ``Station``. Several processes may have one open
on the same folder at the same time; what one writes the others see. A station stays in the thread
that opened it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hardware.power import Power
from lage.kinds.cards import CARDS
from lage.kinds.directory import Directory, Staff, directory_of
from lage.kinds.model import Draft, Progress, Record
from lage.kinds.reader import ViewContext
from lage.kinds.schema import SCHEMA
from lage.kinds.setting import PUSHED, RESTORED, Setting
from lage.language.epoch import from_unix
from lage.language.errors import KeysError, UsageError
from lage.store import Store, charts, keys
from lage.store.arrived import waiting_in
from lage.store.faults import Faults
from lage.store.ground import Ground
from lage.store.lives import FUEL, Fuel
from lage.store.mark import check_mark, note_mark
from lage.store.owner_only import put_right
from lage.store.picture import Picture
from lage.store.provenance import open_log
from lage.store.report import REPORT
from lage.store.signer import NodeSigner
from lage.store.standstill import Past, read_standstill
from lage.store.timebase import Timebase, read_timebase
from lage.views.alarm import Alarm
from lage.views.alarms import TAKEN, current_alarms, still_open
from lage.views.around import Around
from lage.views.called import entry_called
from lage.views.lookup import parse_context
from lage.views.network import NetworkView, RadioView
from lage.views.nodes import mesh_rows, network_view, radio_view
from lage.views.withdrawn import WITHDRAWN
from lage.write.parse import Context
from lage.write.pieces import cut
from lage.write.rights import check_all
from sync.codec import versions as codec
from sync.feed.roster import ROOT, Roster, read_roster
from sync.schema.causal import BASIS_MAX
from sync.schema.definition import EntityId, Merge, Text
from sync.schema.op import OPERATION_MAX, Operation, OperationTooLong
from sync.schema.values import ValueRefused

if TYPE_CHECKING:
    from maps.read.layers import Layers

LOG_FILE = "lage.db"
T = TypeVar("T")

_SPARE = 6  # bytes by which an operation may turn out longer than when it was tried


def _counted(drafts: Sequence[Draft], progress: Progress | None) -> Iterator[Draft]:
    """The drafts, telling as they are taken how many are done."""
    for done, draft in enumerate(drafts, 1):
        yield draft
        if progress:
            progress(done, len(drafts))


class Station:
    """The open folder of one staff."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        network: keys.Network,
        node: keys.NodeKeys | None,
        clock: Callable[[], float],
        timebase: Timebase,
        *,
        read_only: bool = False,
    ) -> None:
        self.timebase = timebase
        self.read_only = read_only
        self.folder = folder
        self.store = store
        self.network_keys = network
        self.reader = Picture(store)
        self.faults = Faults(folder)
        self.county = Ground(folder)
        self.power: Callable[[], Power] = Power  # unknown, until a shell tells how to read it
        self.past: Past | None = None  # that it shows; None for one that lives
        self._node = node
        self._clock = clock
        self._writes = 0
        self._roster_heads: tuple[int, ...] = ()
        self._roster: Roster | None = None
        self._directory: Directory | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Callable[[], float] | None = None,
        progress: Progress | None = None,
        read_only: bool = False,
    ) -> Station:
        """Open a folder that has joined a county. Raises KeysError, StoreError.

        ``clock`` gives unix seconds; by default that of the folder's timebase. ``read_only``: for
        displays; once open, neither this station nor its database connection writes anything.
        """
        put_right(folder)
        network = keys.load_network(folder)
        timebase = read_timebase(folder, exercise=network.exercise)
        still = read_standstill(folder)
        clock, read_only = clock or timebase.unix, read_only or still is not None
        node = keys.load_node(folder) if (folder / keys.NODE_FILE).exists() else None
        store = open_log(folder / LOG_FILE, network, clock, progress)
        store.log.told_time = lambda: timebase.steady
        if read_only or not store.writable:
            store.refuse_writes()
            node = None  # without keys there is nothing to sign with either
        read_only = read_only or not store.writable
        station = cls(folder, store, network, node, clock, timebase, read_only=read_only)
        if still is not None:
            station.past = Past(still, store.local)
            station._clock = station.past.unix
        return station

    def close(self) -> None:
        """Close the log."""
        self.store.close()

    # --- who ------------------------------------------------------------------------------------

    @property
    def network_name(self) -> str:
        """Name of the county or exercise."""
        return self.network_keys.name

    @property
    def exercise(self) -> bool:
        """Whether this is an exercise network."""
        return self.network_keys.exercise

    @property
    def me(self) -> Staff | None:
        """This staff as the others see it."""
        author = self.network_keys.author
        return None if author is None else self.directory.get(author)

    @property
    def roster(self) -> Roster:
        """Members as feed 0 says now."""
        self._refresh_roster()
        assert self._roster is not None
        return self._roster

    @property
    def directory(self) -> Directory:
        """Staffs by number, name and code."""
        self._refresh_roster()
        assert self._directory is not None
        return self._directory

    def _refresh_roster(self) -> None:
        log, network = self.store.log, self.network_keys
        blocks = log.alliances()
        heads = (log.head(ROOT), *(log.head(block.first) for block in blocks))
        if heads == self._roster_heads:
            return
        self._roster = read_roster(
            network.network_id,
            network.root_public,
            log.operations(ROOT, 1, heads[0]),
            {
                block.first: log.operations(block.first, 1, log.head(block.first))
                for block in blocks
            },
        )
        self._directory = directory_of(self._roster, network.author, exercise=self.exercise)
        self._roster_heads = heads

    # --- time -----------------------------------------------------------------------------------

    def now(self) -> int:
        """Log time by this computer's clock."""
        return from_unix(self._clock())

    def unix(self) -> float:
        """Unix seconds by this network's clock."""
        return self._clock()

    # --- reading --------------------------------------------------------------------------------

    def context(self) -> ViewContext:
        """What views need at this moment."""
        report = self.setting(REPORT)
        running = report is not None and report.running(time.time())
        heard = report if running else None
        ahead, gps = (heard.radio_ahead_s, heard.radio_gps) if heard else (None, False)
        return ViewContext(
            self.now(),
            self.directory,
            self.reader,
            self.county,
            self.faults.note,
            ahead,
            gps,
            keys.network_mark(self.network_keys.network_id).hex(),
        )

    def parse_context(self) -> Context:
        """What parsing needs at this moment."""
        return parse_context(self.context(), self.find, exercise=self.exercise)

    def find(self, kind: str, typed: str) -> EntityId:
        """The entity a user means by number, name or id; ``kind`` empty: of any kind."""
        return self.find_record(kind, typed).id

    def find_record(self, kind: str, typed: str) -> Record:
        """As ``find``, with its values. Raises UsageError."""
        return entry_called(kind, typed, self.context())

    def newest(self) -> int:
        """Arrival number of the newest operation; grows with every one."""
        return self.store.situation.last_seq()

    def change_token(self) -> int:
        """Differs after any change, by this or any other process."""
        return self.store.data_version() * 1_000_003 + self._writes

    # --- writing --------------------------------------------------------------------------------

    def signer(self) -> NodeSigner:
        """The right to append. Raises KeysError where this node may not write."""
        self._may_write()
        author = self.network_keys.author
        if self.store.local.setting(RESTORED):
            raise KeysError(
                "Dieses Lagebuch stammt aus einer Sicherung oder ist doppelt vorhanden und darf"
                " nicht weitergeschrieben werden: bitte mit „lage knoten nachfolge“ einen"
                " Nachfolger anmelden."
            )
        if author is not None:
            check_mark(self.folder, author, self.store)
        if self._node is None or author is None:
            raise KeysError("Hier liegt nur der Kreisschlüssel: schreiben kann nur ein Knoten.")
        member = self.roster.members.get(author)
        if member is None:
            raise KeysError("Die Mitgliederliste des Kreises fehlt: bitte noch einmal beitreten.")
        if not member.active:
            raise KeysError(
                "Der Schlüssel dieses Knotens wurde widerrufen: bitte beim Kreis neu aufnehmen"
                " lassen; alles bisher Geschriebene bleibt erhalten."
            )
        return NodeSigner(self.network_keys, self._node, self.roster)

    def write(self, drafts: Sequence[Draft], progress: Progress | None = None) -> list[EntityId]:
        """Append drafts to this node's feed, all or none; durable when it returns.

        Gives the entity of each draft. Raises UsageError for what does not fit or is not
        allowed, KeysError where this node may not write, StoreError where the disk refuses.
        """
        signer = self.signer()
        check_all(drafts, self.reader.get, self.directory)
        places: list[int] = []
        try:
            pieces = cut(_counted(drafts, progress), self._fits, places)
            entities = self.store.log.append(pieces, signer, self.now)
        except ValueRefused as error:
            kind = next((d.kind for d in drafts if error.field in d.changes), drafts[0].kind)
            label = CARDS[kind].label(error.field)
            raise UsageError(
                f"Die Angabe „{label}“ kann so nicht gespeichert werden: bitte kürzer oder"
                " anders eingeben.",
                field=error.field,
            ) from error
        note_mark(self.folder, signer.author, self.store)
        self._writes += 1
        return [entities[place] for place in places]

    def coded(self, drafts: Sequence[Draft]) -> list[bytes]:
        """The operations that writing these drafts now would make; nothing is written."""
        author = self.network_keys.author or 1
        first = self.store.log.head(author) + 1
        found = []
        for place, piece in enumerate(cut(drafts, self._fits, [])):
            entity = piece.entity
            if isinstance(entity, int):
                entity = EntityId(author, first + entity)
            operation = Operation(self.now(), piece.kind, piece.changes, entity)
            found.append(codec.encode(operation, SCHEMA, author, first + place))
        return found

    def _fits(self, draft: Draft) -> bool:
        kind = SCHEMA.by_name[draft.kind]
        for name, change in draft.changes.items():
            field = kind.by_name.get(name)
            if field is None or field.merge is not Merge.APPEND:
                continue
            most = field.type.max_chars if isinstance(field.type, Text) else 0
            if isinstance(change, str) and len(change) > most:
                return False
        # Author, number, time and basis are not fixed yet and may need more room then.
        entity = EntityId(1023, 2**20) if draft.entity is not None else None
        basis = (EntityId(1023, 2**20),) * BASIS_MAX if isinstance(draft.entity, EntityId) else ()
        try:
            operation = Operation(self.now(), draft.kind, draft.changes, entity, basis=basis)
            size = len(codec.encode(operation, SCHEMA, 1, 2**20 + 1))
        except OperationTooLong:
            return False
        return size <= OPERATION_MAX - _SPARE

    # --- local ----------------------------------------------------------------------------------

    def setting(self, setting: Setting[T]) -> T:
        """A local setting."""
        return self.store.local.setting(setting)

    def keep(self, setting: Setting[T], value: T) -> None:
        """Keep a local setting. Raises KeysError on a display."""
        self._may_write()
        self.store.local.keep(setting, value)
        self._writes += 1

    def save_draft(self, form: str, content: Mapping[str, Any]) -> None:
        """Keep what stands in a form. Raises KeysError on a display."""
        self._may_write()
        self.store.local.save_draft(form, content, int(self._clock()))

    def draft(self, form: str) -> dict[str, Any] | None:
        """What was left in a form."""
        return self.store.local.draft(form)

    def drafts(self) -> list[str]:
        """Forms in which something was left, the newest first."""
        return self.store.local.drafts()

    def drop_draft(self, form: str) -> None:
        """The form was sent or given up. Raises KeysError on a display."""
        self._may_write()
        self.store.local.drop_draft(form)

    def _may_write(self) -> None:
        self.store.check_writable()
        if self.read_only:
            raise KeysError("Dieser Bildschirm zeigt nur an: zum Schreiben Lage selbst öffnen.")

    # --- what waits -----------------------------------------------------------------------------

    def around(self) -> Around:
        """What alarms need beside the log."""
        power, radio, me = self.power(), self.radio(), self.network_keys.author
        nodes, relays = mesh_rows(self.store, self.directory, me, radio, self._clock())
        own = power.battery_percent, power.on_mains, waiting_in(self.folder)
        return Around(radio, nodes, relays, *own, self.setting(WITHDRAWN), self.timebase.outrun)

    def queue(self, *, taken: bool = False) -> list[Alarm]:
        """All that waits for this staff, worst first; ``taken``: that of which somebody has taken
        note as well."""
        found = current_alarms(self.context(), self.around())
        return found if taken else still_open(found, self.setting(TAKEN))

    # --- network --------------------------------------------------------------------------------

    def radio(self) -> RadioView:
        """The radio as the running node last reported it."""
        return radio_view(self.setting(REPORT), self.unsent(), time.time())

    def unsent(self) -> int:
        """Own operations that no radio has taken yet."""
        author = self.network_keys.author
        if author is None or self.past:
            return 0
        return self.store.log.head(author) - self.setting(PUSHED)

    def enter_fuel(self, hours: float | None) -> None:
        """How long the generator's fuel lasts from now on; None: there is none."""
        self.keep(FUEL, None if hours is None else Fuel(hours, int(self.unix())))

    def ground(self, *, shipped: bool = False) -> Layers:
        """The map with this staff's packs, or as it is shipped. Raises LageError for a pack."""
        return charts.layers_of(None if shipped else self.folder)

    def dwellers(self, record: Record) -> str:
        """Who lives in an area, in German: figure and method, or why nobody can tell."""
        return self.county.dwellers(record)

    def network(self) -> NetworkView:
        """Every node: last heard, how far behind."""
        me, now = self.network_keys.author, self._clock()
        return network_view(self.store, self.directory, self.roster, me, self.radio(), now)
