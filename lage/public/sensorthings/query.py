# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses and options of SensorThings: read, answered, or refused by name.

Answered are the sets, single entities, their links and properties; ``$top``, ``$skip``, ``$count``,
``$orderby`` by one property, ``$select``, ``$expand`` by names of links, and ``$filter`` by
comparisons of properties joined by ``and`` or by ``or``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lage.public.sensorthings.filtering import Refused, conditions
from lage.public.sensorthings.model import LINKS, SETS, Model

TOP, TOP_MAX = 100, 1000
EXPANDED_MAX = 100
"""Entities that one link is expanded to; the rest stands behind its own link."""
OPTIONS = ("$top", "$skip", "$count", "$orderby", "$select", "$expand", "$filter")
CONFORMANCE = (
    "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data",
)
_SEGMENT = re.compile(r"([A-Za-z]+)(?:\('([^']{1,200})'\))?")
_PLURAL = frozenset(SETS)


class Query:
    """Questions to a model; ``base`` is the address of the service without a slash at its end."""

    def __init__(self, model: Model, base: str) -> None:
        self._model, self._base = model, base

    def answer(self, path: str, options: Mapping[str, str]) -> Any:
        """What stands at an address. Raises Refused."""
        unknown = [name for name in options if name not in OPTIONS]
        if unknown:
            status = 501 if unknown[0] in ("$resultFormat", "$apply", "$search") else 400
            raise Refused(status, f"{unknown[0]} is not supported")
        parts = [part for part in path.split("/") if part]
        if not parts:
            return self._index()
        name, keys, many, rest = self._walk(parts)
        if many and not rest:
            return self._list(path, name, keys, options)
        if not keys:
            raise Refused(404, "nothing there")
        return self._one(name, keys[0], rest, options)

    def _index(self) -> Any:
        return {
            "value": [{"name": name, "url": f"{self._base}/{name}"} for name in SETS],
            "serverSettings": {"conformance": list(CONFORMANCE)},
        }

    def _walk(self, parts: Sequence[str]) -> tuple[str, list[str], bool, list[str]]:
        """Set, keys, whether it is a list, and what is left: names of properties."""
        name, key = _segment(parts[0])
        if name not in self._model.sets:
            raise Refused(404, f"there is no {name}")
        keys, many = self._picked(name, list(self._model.sets[name]), key)
        for number, part in enumerate(parts[1:], 1):
            link, key = _segment(part)
            if many or link not in LINKS[name]:
                return name, keys, many, list(parts[number:])
            found = self._model.linked(name, keys[0], link) if keys else []
            name, plural = LINKS[name][link], link in _PLURAL
            keys, many = self._picked(name, found, key)
            many = many and plural
        return name, keys, many, []

    def _picked(self, name: str, keys: list[str], key: str | None) -> tuple[list[str], bool]:
        if key is None:
            return keys, True
        if key not in keys:
            raise Refused(404, f"there is no {name}('{key}')")
        return [key], False

    def _one(self, name: str, key: str, rest: list[str], options: Mapping[str, str]) -> Any:
        shown = self._shown(name, key, options)
        if not rest:
            return shown
        content = self._model.sets[name][key]
        if rest[0] not in content or rest[1:] not in ([], ["$value"]):
            raise Refused(404, "there is no such property")
        value = content[rest[0]]
        return value if rest[1:] else {rest[0]: value}

    def _list(self, path: str, name: str, keys: list[str], options: Mapping[str, str]) -> Any:
        content = self._model.sets[name]
        if "$filter" in options:
            holds = conditions(options["$filter"])
            keys = [key for key in keys if holds({"id": key, **content[key]})]
        if "$orderby" in options:
            keys = _ordered(keys, content, options["$orderby"])
        top = min(_number(options, "$top", TOP), TOP_MAX)
        skip = _number(options, "$skip", 0)
        answer: dict[str, Any] = {}
        if "$count" in options:
            if options["$count"] not in ("true", "false"):
                raise Refused(400, "$count is true or false")
            if options["$count"] == "true":
                answer["@iot.count"] = len(keys)
        if skip + top < len(keys) and top:
            kept = {**options, "$top": str(top), "$skip": str(skip + top)}
            said = "&".join(f"{option}={_quoted(text)}" for option, text in kept.items())
            answer["@iot.nextLink"] = f"{self._base}/{path.strip('/')}?{said}"
        answer["value"] = [self._shown(name, key, options) for key in keys[skip : skip + top]]
        return answer

    def _shown(self, name: str, key: str, options: Mapping[str, str]) -> dict[str, Any]:
        own = f"{self._base}/{name}('{key}')"
        chosen = [part.strip() for part in options.get("$select", "").split(",") if part.strip()]
        content = self._model.sets[name][key]
        allowed = {"id", *content, *LINKS[name]}
        if any(part not in allowed for part in chosen):
            raise Refused(400, "$select names a property that there is not")
        shown: dict[str, Any] = {}
        if not chosen or "id" in chosen:
            shown = {"@iot.id": key, "@iot.selfLink": own}
        shown |= {n: value for n, value in content.items() if not chosen or n in chosen}
        for link in LINKS[name]:
            if not chosen or link in chosen:
                shown[f"{link}@iot.navigationLink"] = f"{own}/{link}"
        for link in filter(None, (part.strip() for part in options.get("$expand", "").split(","))):
            if link not in LINKS[name]:
                status = 501 if re.search(r"[/(]", link) else 400
                raise Refused(status, f"$expand={link} is not supported")
            self._expand(name, key, link, shown)
        return shown

    def _expand(self, name: str, key: str, link: str, shown: dict[str, Any]) -> None:
        found = self._model.linked(name, key, link)
        other = LINKS[name][link]
        full = [self._shown(other, each, {}) for each in found[:EXPANDED_MAX]]
        if link in _PLURAL:
            shown[link] = full
            if len(found) > EXPANDED_MAX:
                own = shown[f"{link}@iot.navigationLink"]
                shown[f"{link}@iot.nextLink"] = f"{own}?$skip={EXPANDED_MAX}"
        elif full:
            shown[link] = full[0]


def _segment(part: str) -> tuple[str, str | None]:
    match = _SEGMENT.fullmatch(part)
    if match is not None:
        return match[1], match[2]
    if part in ("$value", "$ref"):
        return part, None
    raise Refused(400, "this is no address of SensorThings")


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Refused(400, f"{name} is a number")
    return int(text)


def _ordered(keys: list[str], content: Mapping[str, Any], text: str) -> list[str]:
    name, _, direction = text.strip().partition(" ")
    if direction not in ("", "asc", "desc") or "," in name:
        raise Refused(400 if "," not in text else 501, "$orderby takes one property, asc or desc")
    if any(name not in content[key] for key in keys) and name != "id":
        raise Refused(400, f"$orderby: there is no {name}")
    value: Callable[[str], tuple[bool, str, float]] = lambda key: _sortable(  # noqa: E731
        key if name == "id" else content[key][name]
    )
    return sorted(keys, key=value, reverse=direction == "desc")


def _sortable(value: Any) -> tuple[bool, str, float]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None, "" if number else str(value), float(value) if number else 0.0


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="$',/")
