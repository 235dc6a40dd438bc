# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The people outside: pages for everybody, in a process of its own with rights of its own.

This process reads the *Aushang*, a folder in which the staff's node lays what the staff has
released (``lage.views.board``), and writes into an inbox of its own. It never opens a data folder,
a log or a log key, and imports nothing that could (contract "public"). If it falls, no staff loses
anything.

``site`` is one such place and what it offers (Infopunkt or portal), ``app`` puts it together,
``routes/`` has one file for each thing that people come for, ``words/`` the fixed texts in every
language, ``templates/`` the pages. Pages work without scripts, without cookies and without
internet; nothing in them comes from elsewhere.
"""
