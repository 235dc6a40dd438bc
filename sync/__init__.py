# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has to be said, and to whom: operations, feeds, codecs and the replication engine."""
