"""A bar chart in SVG: Portico's requests a second beside the reference's, with the spread over the rounds."""

from collections.abc import Mapping, Sequence
from html import escape

from benchmarks.measure import Samples
from benchmarks.report import Ratio, ratio, reference

_LEFT, _WIDTH, _RIGHT, _ROW, _TOP = 170, 480, 60, 24, 56
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.t{font-size:14px;font-weight:bold}.g{fill:#2a7f62}.r{fill:#b8573b}"
    ".w{stroke:#222;stroke-width:1}.o{stroke:#222;stroke-dasharray:4 3}.l{stroke:#ddd}"
)


def drawn(samples: Mapping[str, Samples], others: Sequence[str], *, title: str) -> str:
    """`others` are what `portico` is compared with: the fastest of them, operation by operation."""
    ratios = {name: _ratio(found, others) for name, found in samples.items()}
    most = max(1.2, *(found.most for found in ratios.values()))
    height = _TOP + _ROW * len(ratios) + 30
    width = _LEFT + _WIDTH + _RIGHT
    ticks = [step / 2 for step in range(int(most * 2) + 1)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="t" x="10" y="20">{escape(title)}</text>',
    ]
    for tick in ticks:
        x = _x(tick, most)
        parts.append(
            f'<line class="{"o" if tick == 1 else "l"}" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height - 24}"/>'
        )
        parts.append(f'<text x="{x}" y="{_TOP - 14}" text-anchor="middle">{tick:g}</text>')
    for number, (name, found) in enumerate(ratios.items()):
        parts += _bar(name, found, _TOP + number * _ROW, most)
    parts.append(f'<text x="10" y="{height - 8}">Thin lines: least and most of the rounds.</text></svg>')
    return "\n".join(parts) + "\n"


def _bar(name: str, found: Ratio, y: int, most: float) -> list[str]:
    middle = y + _ROW // 2 - 2
    colour = "g" if found.middle >= 1 else "r"
    return [
        f'<text x="{_LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{colour}" x="{_LEFT}" y="{y}" width="{_x(found.middle, most) - _LEFT}" height="{_ROW - 6}"/>',
        f'<line class="w" x1="{_x(found.least, most)}" x2="{_x(found.most, most)}" y1="{middle}" y2="{middle}"/>',
        f'<text x="{_x(found.most, most) + 6}" y="{middle + 4}">{found.middle:.2f}</text>',
    ]


def _x(value: float, most: float) -> int:
    return _LEFT + round(_WIDTH * value / most)


def _ratio(samples: Samples, others: Sequence[str]) -> Ratio:
    best = reference(samples, others)
    if best is None:
        raise ValueError("there is nothing to compare with")
    return ratio(samples["portico"], samples[best])
