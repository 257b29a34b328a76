"""The pieces of a picture: texts with their widths, boxes, lines. The picture brings its own background and colours."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from ...graph import Flow

# White paper with a border: it reads the same on a light page and on a dark one.
PAPER, INK, FAINT, BORDER, FILL = "#ffffff", "#202124", "#5f6368", "#bdc1c6", "#f8f9fa"
STROKE = {
    Flow.events: "#1a73e8",
    Flow.data: "#188038",
    Flow.calls: "#9334e6",
    Flow.secrets: "#c5221f",
    Flow.other: "#5f6368",
}
TINT = {
    Flow.events: "#e8f0fe",
    Flow.data: "#e6f4ea",
    Flow.calls: "#f3e8fd",
    Flow.secrets: "#fce8e6",
    Flow.other: "#f1f3f4",
}
SAYS = {
    Flow.events: "events: publish, subscribe, push",
    Flow.data: "data: read, write",
    Flow.calls: "calls: start, invoke",
    Flow.secrets: "secrets and keys",
    Flow.other: "other references",
}
_FONTS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"


def width(text: str, size: float = 12, *, bold: bool = False) -> float:
    """An upper bound of a text's width in pixels, whichever of the usual sans-serif fonts draws it.

    >>> width("ill") < width("www")
    True
    """
    return sum(_em(character) for character in text) * size * (1.1 if bold else 1)


def _em(character: str) -> float:
    if character in "iljI.,:;|' ":
        return 0.34
    if character in "ftr-()/[]·":
        return 0.42
    if character in "mwMW@%→←…":
        return 0.98
    return 0.76 if character.isupper() else 0.64


def wrap(words: Sequence[str], room: float, size: float = 12, separator: str = ", ") -> list[str]:
    """Words in lines that fit; one word that doesn't has a line of its own.

    >>> wrap(["signals", "positions"], 60)
    ['signals,', 'positions']
    """
    lines: list[str] = []
    for index, word in enumerate(words):
        piece = word + (separator.rstrip() if index < len(words) - 1 else "")
        if lines and width(f"{lines[-1]} {piece}", size) <= room:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 12,
    fill: str = INK,
    bold: bool = False,
    anchor: str = "start",
) -> str:
    """A line of text, its baseline at y."""
    weight = ' font-weight="600"' if bold else ""
    middle = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{weight}{middle}>{escape(words)}</text>'


def rect(
    x: float, y: float, wide: float, high: float, *, fill: str = FILL, stroke: str = BORDER, dashed: bool = False
) -> str:
    """A box with round corners."""
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    place = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"'
    return f'<rect {place} rx="6" fill="{fill}" stroke="{stroke}"{dash}/>'


def path(way: str, flow: Flow, *, dashed: bool = False, arrow: bool = True, title: str = "") -> str:
    """A line, with an arrowhead at its end and words for whoever points at it."""
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    head = f' marker-end="url(#{flow})"' if arrow else ""
    style = f'fill="none" stroke="{STROKE[flow]}" stroke-width="1.5"{dash}{head}'
    return f'<path d="{way}" {style}><title>{escape(title)}</title></path>' if title else f'<path d="{way}" {style}/>'


def picture(wide: float, high: float, title: str, pieces: Sequence[str]) -> str:
    """The whole document."""
    heads = "".join(
        f'<marker id="{flow}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 1 10 5 0 9z" fill="{STROKE[flow]}"/></marker>'
        for flow in Flow
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}"'
        f' font-family={quoteattr(_FONTS)} role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title>",
        f"<defs>{heads}</defs>",
        f'<rect x=".5" y=".5" width="{wide - 1:g}" height="{high - 1:g}" rx="8" fill="{PAPER}" stroke="{BORDER}"/>',
        *pieces,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def legend(x: float, y: float, flows: Sequence[Flow], *, styles: bool = False) -> list[str]:
    """What the colours mean, and the kinds of lines."""
    pieces = []
    for flow in flows:
        pieces += [path(f"M{x:g} {y - 4:g}h26", flow), text(x + 32, y, SAYS[flow], fill=FAINT)]
        x += 32 + width(SAYS[flow]) + 20
    if styles:
        for words, dashed in (("as declared", False), ("allowed by a grant", True)):
            pieces += [path(f"M{x:g} {y - 4:g}h26", Flow.other, dashed=dashed), text(x + 32, y, words, fill=FAINT)]
            x += 32 + width(words) + 20
    return pieces
