"""Matplotlib's SVG made fit for a page: no metadata, no inline style, no foreign names, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_NUMBER = re.compile(r"-?\d+\.\d+")
_LINK = re.compile(r"url\(#([^)]+)\)")
# What every text shares stands once on the root.
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif"
_DROP = {"font-family", "stroke-dashoffset"}


def tidy(raw: str, ident: str, title: str, alt: str) -> str:
    """A drawing as one ``<svg role="img">`` element that carries its title and its numbers in words.

    Parameters
    ----------
    raw : str
        What matplotlib wrote.
    ident : str
        Prefix of every id inside, unique on the page.
    title, alt : str
        Accessible name and description.
    """
    root = ElementTree.fromstring(raw)
    used = _links(root)
    names = {old: f"{ident}-{index}" for index, old in enumerate(used)}
    body = ElementTree.Element("svg", _root_attributes(root, ident))
    for tag, text in (("title", title), ("desc", alt)):
        ElementTree.SubElement(body, tag, {"id": f"{ident}-{tag}"}).text = text
    for child in root:
        body.extend(_rebuilt(child, names))
    return ElementTree.tostring(body, encoding="unicode", short_empty_elements=True)


def _root_attributes(root: ElementTree.Element, ident: str) -> dict[str, str]:
    """Attributes of the outer element."""
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-labelledby": f"{ident}-title",
        "aria-describedby": f"{ident}-desc",
        "font-family": _FONT,
        "stroke-linejoin": "round",
    }


def _links(root: ElementTree.Element) -> list[str]:
    """Ids that something inside refers to, in the order of first use."""
    found: dict[str, None] = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == f"{_XLINK}href":
                found[value.removeprefix("#")] = None
            found.update(dict.fromkeys(_LINK.findall(value)))
    return list(found)


def _rebuilt(element: ElementTree.Element, names: dict[str, str]) -> Iterator[ElementTree.Element]:
    """An element without its ballast; a group that says nothing gives way to what it holds."""
    tag = element.tag.removeprefix(_SVG)
    if tag in ("metadata", "style"):
        return
    attributes = dict(_attributes(element, names))
    inner = [kept for child in element for kept in _rebuilt(child, names)]
    if tag in ("g", "defs") and (not inner or (tag == "g" and not attributes)):
        yield from inner
        return
    rebuilt = ElementTree.Element(tag, attributes)
    rebuilt.text = element.text if tag == "text" else None
    rebuilt.extend(inner)
    yield rebuilt


def _attributes(element: ElementTree.Element, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Attributes with styles spelled out, names replaced and numbers rounded."""
    pairs = [(key, value) for key, value in element.attrib.items() if key != "style"]
    for part in element.attrib.get("style", "").split(";"):
        key, _, value = part.partition(":")
        if key.strip():
            pairs.append((key.strip(), value.strip()))
    for key, value in pairs:
        if key == "id" and value in names:
            yield "id", names[value]
        elif key == f"{_XLINK}href":
            yield "href", "#" + names[value.removeprefix("#")]
        elif key not in _DROP | {"id"} and not (key == "transform" and value.startswith("rotate(-0 ")):
            linked = _LINK.sub(lambda m: f"url(#{names[m.group(1)]})", value)
            yield key, _NUMBER.sub(_rounded, " ".join(linked.split()))


def _rounded(found: re.Match[str]) -> str:
    """A coordinate with two decimals at most."""
    text = f"{float(found.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
