# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The engine's timers and limits, with the reasons for their values.

Times are ms and suit LONG_FAST, where a full frame takes 2.2 s; faster presets only gain.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """How eager, how patient and how generous a node is."""

    # Own operations: how long one may wait for company under a signature (64 B).
    receipt_delay_ms: int = 5_000
    routine_delay_ms: int = 24_000
    reading_delay_ms: int = 60_000
    urgent_copies: int = 2  # so often what is urgent is flooded once more: a sofort mostly once,
    copy_calm_ms: int = 30_000  # and all where another wrote something urgent so lately;
    copy_gap_ms: int = 8_000  # so long after the flood before: that is mostly over
    copy_yield_ms: int = 4_000  # and so long after another's urgent flood, up to twice that later
    copy_expires_ms: int = 45_000
    copies_hour_max: int = 20  # who writes more of it than that is flooded once
    bare_after_ms: int = 30_000  # an urgent flood after one that may still wait brings the chain
    hush_ms: int = 20_000  # an urgent flood and its copy: what can wait leaves them the air,
    hush_again_ms: int = 60_000  # and is not held up again for as long
    offers_hour_max: int = 12  # urgent spans sent once more as nobody is known to hold them
    listen_ms: int = 20_000  # after a start: hear first whether the net knows more of our feed
    radio_signs: bool = False  # firmware 2.8: payloads of 100..165 B cost as much as 166 B

    # Roll call: who has an urgent entry, said to neighbours and then over a relay.
    roll_call_first_ms: int = 15_000  # when two of its floods are over
    roll_call_fold_ms: int = 27_000  # urgent entries of one author within that are one call
    roll_call_turns_ms: int = 30_000  # one after the other, who hears most others last,
    roll_call_turn_jitter_ms: int = 6_000
    roll_call_opens_ms: int = 46_000  # then who knows most tells that,
    roll_call_list_ms: int = 84_000  # and the author says of whom it knows by then,
    roll_call_list_last_ms: int = 170_000  # and a last time: who missed all of it asks then,
    roll_call_list_apart_ms: int = 15_000  # as a recording, sooner, names nobody new,
    roll_call_least: int = 2  # unless that is nearly everybody,
    roll_call_small: int = 12  # as all but one are in a county of more members
    roll_call_worth: int = 3  # so many names are worth a frame over a relay
    roll_call_again_ms: int = 3_000  # who hears new names waits so long at most
    roll_call_together_ms: int = 18_000  # what is due so soon goes with what is due
    roll_call_ms: int = 120_000
    roll_call_few_ms: int = 150_000  # what less than half are known to have goes out again,
    roll_call_few_times: int = 2  # so often, so far apart,
    roll_call_few_hour: int = 6  # and so many in an hour: where half of a county is off, all are
    roll_call_members: int = 64  # larger counties have none
    roll_calls_hour: int = 30

    # Census: who holds what in counties larger than that, gathered and told to all.
    census_above: int = 64  # members
    census_worth_ms: int = 6 * 60_000  # so long one entry of which all are known to have it waits
    census_least_ms: int = 2 * 60_000  # so far apart that who is next has heard the one before
    census_apart_ms: int = 50_000  # so long after another, up to twice that
    census_poll_ms: int = 90_000

    # HAVE, by Trickle (RFC 6206).
    have_first_ms: int = (
        5_000  # sooner than listen_ms: who knows more of us must have time to say so
    )
    have_shortest_ms: int = 600_000
    have_longest_ms: int = 64 * 60_000
    have_news_ms: int = 20 * 60_000  # after new operations, or news of what others hold
    have_urgent_ms: int = 300_000  # after urgent ones,
    have_called_ms: int = 900_000  # of which, where the roll is called, their author told all
    have_lapsed_ms: int = 5 * 60_000  # after one that found no room on the air
    have_redundancy: int = 1
    have_apart_ms: int = 8 * 60_000  # where so many are silent and lack what was written long ago:
    have_apart_percent: int = 40  # behind a cut, maybe, and the sooner they hear us after it ...
    have_apart_speakers: int = 4  # of all who are near; with more of them each speaks less often
    have_apart_after_ms: int = 60 * 60_000
    have_apart_most_ms: int = 12 * 3_600_000  # who is silent for longer is off, or far away
    have_backlog: int = 12  # so many operations by repair are news that others lack, too
    grace_ms: int = 45_000  # what is younger may still be on its way through the mesh

    # WANT: NORM's backoff (RFC 5740) in spirit; repeats of the author often close a gap first.
    want_wait_ms: int = 4_000
    want_spread_ms: int = 8_000
    want_named: int = 3  # so many neighbours are asked by name, one after the other,
    want_named_ms: int = 8_000  # so far apart; then all,
    quick_wants_hour: int = 20  # beyond that a node asks as slowly as for what nobody vouches for
    flood_bytes: int = 4_000  # most of an hour's news, and so much: no haste for that author's
    want_urgent: int = 3  # so many more attempts are not far apart where it is urgent
    want_overheard_ms: int = 20_000  # another asks for the same: its answer may serve us, too
    want_again_ms: int = 60_000  # doubled with every vain attempt
    want_longest_ms: int = 32 * 60_000
    want_quiet_ms: int = 6_000  # while repairs are coming in
    want_ranges_max: int = 24
    weak_snr_db: float = -12.0  # SF11 is lost at -17.5: of such neighbours little is to be had
    vain_neighbours_max: int = 6  # vain attempts before the whole mesh is asked

    echo_ms: int = 120_000  # our last entry, if nobody has named it by then,
    echo_urgent_ms: int = 80_000  # or of urgent ones, of which no roll is called
    hints_max: int = 3  # news of others in a frame of our own, 3 bytes each
    hint_lifetime_ms: int = 30 * 60_000  # afterwards HAVE has told everybody

    # Heartbeat: a page goes with a frame when it has changed or was said so long ago; in a frame
    # of its own where nothing went for hours, and soon after mains or battery failed.
    beat_changed_ms: int = 20 * 60_000
    beat_again_ms: int = 60 * 60_000
    beat_first_ms: int = 60 * 60_000  # after a start
    beat_silent_ms: int = 6 * 3_600_000  # a flood of 13 bytes takes 6 s on all radios together
    beat_grave_ms: int = 5 * 60_000
    beat_expires_ms: int = 10 * 60_000

    # Repair.
    repair_named_ms: int = 1_000  # who is asked by name answers at once: nobody else does
    repair_first_ms: int = 3_000
    repair_spread_ms: int = 30_000
    urgent_news_ms: int = 5 * 60_000  # urgent entries so young are sent over a relay,
    relay_again_ms: int = 15_000  # unless they just were,
    relay_askers: int = 3  # and so is what so many ask for
    relay_askers_ms: int = 60_000  # within that time,
    relay_askers_hour: int = 12  # so often an hour, by all together
    repair_gap_ms: int = 5_000  # between frames, so that others can join in
    repair_burst_max: int = 4  # frames for one request; holders that do not hear each other
    # would otherwise all send all of it. Who still lacks something asks again.
    repair_mesh_factor: int = 4  # slower where every repair is flooded
    repair_frames_hour_max: int = 120
    repeats_hour_max: int = 20  # runs that one requester gets once more than it was given them
    doubts_hour_max: int = 20  # questions that nobody vouches for
    straggler_frames_hour: int = 24  # of feed 0, for those who speak under a former key
    repair_expires_ms: int = 120_000
    control_expires_ms: int = 90_000

    # Backlog: what many lack after a partition goes over a relay, sent by one for all.
    backlog_least: int = 12  # operations
    backlog_lacked_percent: int = 35  # of the members are not known to hold them
    backlog_notice_ms: int = 2_000  # who learns of it asks after that,
    backlog_spread_ms: int = 30_000  # and a random while: one question serves all
    backlog_unanswered_ms: int = 30_000  # and that while: without an answer it is asked again
    backlog_answer_ms: int = 5_000  # the side that asks has told by then what it holds
    backlog_gap_ms: int = 13_000  # between frames, which towers and others repeat
    backlog_quiet_ms: int = 90_000  # without such a frame: what was missed may be asked for,
    backlog_quiet_most_ms: int = 10 * 60_000  # at the latest so long after the first,
    backlog_quiet_again_ms: int = 30 * 60_000  # and it is not quiet for another so soon
    backlog_frames_hour_max: int = 60
    backlog_symbols: int = 12  # frames of a block, which
    backlog_parity_percent: int = 25  # so many more can replace, whichever of them were lost
    # Who hears the other side well fetches it all and brings both sides what they lack.
    courier_snr_db: int = -15  # who hears nobody of it so well leaves asking to others so long,
    courier_weak_ms: int = 90_000
    courier_good_db: int = -5  # and who hears one so well asks at once
    courier_most: int = 400  # operations; more would take longer than the others keep quiet
    courier_wait_ms: int = 90_000  # so long after something came it goes with what it has
    courier_quiet_ms: int = 150_000  # so long the others wait for it
    courier_gap_ms: int = 6_000  # between frames to it: else the air is too full for its NACK
    backlog_yield_ms: int = 65_000  # so long after another's part of the same ours may follow,
    backlog_yield_most_ms: int = 5 * 60_000  # and it waits no longer than that
    nack_silence_ms: int = 90_000  # who misses parts asks so long after any of them,
    nack_wait_ms: int = 2_000  # or so soon after the last,
    nack_spread_ms: int = 20_000  # who misses most of them first,
    nack_many: int = 3  # over a relay whoever sent it, if so many are missing, else a neighbour,
    nack_tries: int = 5
    nack_gap_ms: int = 5_000  # and gets one parity after the other
    nack_frames_hour_max: int = 40
    backlog_again_ms: int = 30 * 60_000  # what was relayed once is sent to neighbours only
    backlog_under_way_ms: int = 60_000  # what was relayed just now need not be sent at all

    # What came by another way than the air, of an author without a radio ...
    crossing_urgent_ms: int = 3_000
    crossing_wait_ms: int = 20_000
    crossing_spared_ms: int = 15 * 60_000  # ... and of one who sends it himself, mostly
    crossing_hidden_ms: int = 75_000  # so long his flood may be waiting and on its way: what is
    # younger at our neighbours they leave alone, too (grace_ms after they had it)

    # Forks.
    dispute_wait_ms: int = 8_000
    dispute_again_ms: int = 5 * 60_000

    stranger_again_ms: int = 10 * 60_000  # somebody unknown speaks: ask for a longer feed 0

    # Limits.
    neighbour_ms: int = 140 * 60_000  # heard directly within two longest HAVE intervals
    peers_max: int = 512
    waiting_runs_max: int = 64
    urgent_marks_max: int = 64
    urgent_marks_author: int = 16
    repair_spans_max: int = 256
    unsent_max: int = 100_000
    events_max: int = 1_000
    frames_max: int = 200
    own_expires_ms: int = 24 * 3_600_000

    @property
    def held_back_ms(self) -> int:
        """So long an announcement may leave out what its sender holds by another way: until it
        may have crossed, and while it waits to be sent."""
        return self.crossing_hidden_ms + self.control_expires_ms
