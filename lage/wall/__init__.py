# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The picture on the wall: the screen in a browser on the local network, for reading only.

``gate`` decides who may look, ``child`` runs one screen, ``server`` speaks HTTP. The extra
``[web]`` brings textual-serve, whose page and terminal are used; its own server has neither login
nor a check of where a websocket comes from, and starts screens through a shell.
"""
