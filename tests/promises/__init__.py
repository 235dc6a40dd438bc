# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What old logs and old radios rely on, as files that only grow.

    python -m tests.promises        add the lines of what is new

    schema.txt        every kind, field, choice and word list, as it stands on the air
    operations.jsonl  bytes of every kind and field in every codec version, and what they say
    frames.json       frames, roster records, and the sizes they are made of
    migrations.json   the statements that made the tables of every log on disk
    picture.json      a log and the picture that this fold makes of it

A line that stands here is never changed: what it says lies in signed logs and in radios that nobody
can upgrade during a blackout. What is new gets a new number, a new version or a new line.
"""
