"""Bars over time as SVG: small enough for a page, whole enough to stand alone."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 12, 26
_LABELS = 6
"""At most so many periods are named under the axis."""

_STYLE = """
.chart text { font: 13px system-ui, sans-serif; fill: #444 }
.chart .axis { stroke: #888; stroke-width: 1 }
.chart .paper { fill: #fff }
.chart .silent { fill: #8883 }
.chart .s0 { fill: #2a6fb0 } .chart .s1 { fill: #c2571a } .chart .s2 { fill: #2f8f4e }
.chart .s3 { fill: #8e4fb5 } .chart .s4 { fill: #a07800 } .chart .s5 { fill: #b03060 }
"""
_DARK_STYLE = """
@media (prefers-color-scheme: dark) {
  .chart text { fill: #ccc }
  .chart .s0 { fill: #7ab8f0 } .chart .s1 { fill: #f0a070 } .chart .s2 { fill: #7fd69b }
  .chart .s3 { fill: #cfa3ee } .chart .s4 { fill: #e0c050 } .chart .s5 { fill: #f08fb0 }
}
"""
SERIES = 6
"""Series that have a colour of their own; further ones begin again with the first."""


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars."""

    name: str
    values: tuple[float, ...]
    """One for each period."""


def svg(
    periods: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    silent: Sequence[bool] = (),
    is_alone: bool = False,
) -> str:
    """Return a bar chart; periods that are *silent* (nothing was there to find) are shaded.

    With *is_alone* it is a file of its own, with a legend where there are several series. Every
    bar has its period and value as its title, and all text is escaped.
    """
    legend = 20 * len(series) if is_alone and len(series) > 1 else 0
    height = HEIGHT + legend
    head = (
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {height}"'
        f' xmlns="http://www.w3.org/2000/svg"'
        + (f' width="{WIDTH}" height="{height}"' if is_alone else "")
        + f"><title>{_text(title)}</title><style>{_STYLE}{'' if is_alone else _DARK_STYLE}</style>"
    )
    # Nobody knows what a file of its own will be shown on.
    paper = f'<rect class="paper" width="{WIDTH}" height="{height}"/>' if is_alone else ""
    parts = [paper, *_silence(periods, silent), *_bars(periods, series), *_axis(periods, series)]
    if legend:
        parts += _legend(series)
    return "\n".join([head, *parts, "</svg>\n"])


def _silence(periods: Sequence[str], silent: Sequence[bool]) -> Iterator[str]:
    step = _step(periods)
    for index, is_silent in enumerate(silent):
        if is_silent:
            yield (
                f'<rect class="silent" x="{_LEFT + index * step:.1f}" y="{_TOP}"'
                f' width="{step:.1f}" height="{HEIGHT - _TOP - _BOTTOM}">'
                f"<title>{_text(periods[index])}: no article</title></rect>"
            )


def _bars(periods: Sequence[str], series: Sequence[Series]) -> Iterator[str]:
    step = _step(periods)
    width = step * 0.8 / max(len(series), 1)
    top = _highest(series)
    for number, one in enumerate(series):
        for index, value in enumerate(one.values):
            if not value:
                continue
            height = (HEIGHT - _TOP - _BOTTOM) * value / top
            x = _LEFT + step * (index + 0.1) + width * number
            label = f"{one.name}, {periods[index]}: {_number(value)}"
            yield (
                f'<rect class="s{number % SERIES}" x="{x:.1f}" y="{HEIGHT - _BOTTOM - height:.1f}"'
                f' width="{max(width, 0.5):.1f}" height="{height:.1f}">'
                f"<title>{_text(label)}</title></rect>"
            )


def _axis(periods: Sequence[str], series: Sequence[Series]) -> Iterator[str]:
    base = HEIGHT - _BOTTOM
    yield f'<line class="axis" x1="{_LEFT}" y1="{base}" x2="{WIDTH - _RIGHT}" y2="{base}"/>'
    yield f'<text x="{_LEFT - 6}" y="{base}" text-anchor="end">0</text>'
    highest = _number(_highest(series)) if any(any(one.values) for one in series) else ""
    yield f'<text x="{_LEFT - 6}" y="{_TOP + 10}" text-anchor="end">{highest}</text>'
    every = -(-len(periods) // _LABELS) if periods else 1
    for index in range(0, len(periods), every):
        x = _LEFT + _step(periods) * (index + 0.5)
        anchor, x = ("middle", x) if x < WIDTH - _LEFT else ("end", WIDTH - _RIGHT)
        label = _text(periods[index])
        yield f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{label}</text>'


def _legend(series: Sequence[Series]) -> Iterator[str]:
    for number, one in enumerate(series):
        y = HEIGHT + 20 * number
        yield f'<rect class="s{number % SERIES}" x="{_LEFT}" y="{y}" width="12" height="12"/>'
        yield f'<text x="{_LEFT + 18}" y="{y + 11}">{_text(one.name)}</text>'


def _step(periods: Sequence[str]) -> float:
    return (WIDTH - _LEFT - _RIGHT) / max(len(periods), 1)


def _highest(series: Sequence[Series]) -> float:
    return max((value for one in series for value in one.values), default=0) or 1


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"


def _text(text: str) -> str:
    return escape(visible_line(text))
