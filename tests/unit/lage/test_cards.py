# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""A card says nothing that its own schema cannot hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lage.kinds.card import Card, FormField, MapSign
from lage.kinds.cards import CARDS
from lage.kinds.inputs import choices_of, input_of


def _mistakes(card: Card) -> list[str]:
    """What a card says of itself that cannot be: values no field takes, fields that are not."""
    fields, kind = card.kind.by_name, card.name
    found = []
    statuses = choices_of(kind, "status") if "status" in fields else ()
    found += [f"closed: {value}" for value in card.closed if value not in statuses]
    for item in card.form:
        offered = choices_of(kind, item.name)
        if item.default and offered and item.default not in offered:
            found.append(f"default: {item.default}")
        if item.default and not offered and input_of(kind, item.name) == "number":
            found += [] if item.default.isdecimal() else [f"default: {item.default}"]
    for place, given in (("fixed", card.fixed), ("pressing", card.pressing)):
        for name, values in given.items():
            offered = choices_of(kind, name)
            for value in values if isinstance(values, tuple) else (values,):
                if name not in fields or (offered and value not in offered):
                    found.append(f"{place}: {name} {value!r}")
    for name in card.pressing:
        found += [] if choices_of(kind, name) else [f"pressing: {name} has no choices"]
    if sign := card.sign:
        found += [f"sign: {n}" for n in {sign.text, sign.by} - {""} if n not in fields]
        found += ["sign: words without by"] if sign.words and not sign.by else []
    if card.letter is None and card.form and not card.called:
        found += [] if card.command is None else ["neither letter nor name"]
    found += [f"letter: {card.letter}"] if len(card.letter or "") > 1 else []
    for item_name, parts in card.parts.items():
        found += [f"parts: {part}" for part in parts if part not in fields]
        found += [] if card.asks(item_name) else [f"parts: {item_name} is not asked"]
    return found


@pytest.mark.parametrize("kind", CARDS)
def test_a_card_does_not_contradict_itself(kind: str) -> None:
    """Defaults and ends are choices, signs and urgency speak of fields that there are."""
    assert _mistakes(CARDS[kind]) == []


SIGN = MapSign("vorfall", text="type", weight=4)


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("shelter", {"form": (FormField("status", "Status", default="offen"),)}),
        ("helper", {"form": (FormField("count", "Personen", default="eine"),)}),
        ("incident", {"pressing": {"priority": ("sofort",)}}),
        ("incident", {"pressing": {"prio": ("hoch",)}}),
        ("incident", {"pressing": {"text": ("Hilfe",)}}),
        ("incident", {"closed": ("fertig",)}),
        ("incident", {"fixed": {"status": "neu"}}),
        ("incident", {"sign": replace(SIGN, text="titel")}),
        ("incident", {"sign": replace(SIGN, by="sorte")}),
        ("incident", {"letter": "VV"}),
        ("unit", {"parts": {"strength": ("leaders", "subs")}}),
        ("unit", {"called": ""}),
    ],
)
def test_a_mistake_on_a_card_is_seen(kind: str, other: dict[str, object]) -> None:
    """Each of them would come up late, where somebody needs the entry."""
    assert _mistakes(replace(CARDS[kind], **other))  # type: ignore[arg-type]
