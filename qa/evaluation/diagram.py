"""The diagram: the bins of a calibration → the reliability as a picture, in SVG written by hand."""

from collections.abc import Iterator, Sequence

from qa.evaluation.calibration import Bin

# The plot is a square of this many pixels, with room around it for the axes.
_SIDE, _LEFT, _TOP = 360, 64, 24
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 448" font-family="sans-serif"'
    ' font-size="12" fill="#333">\n<title>Reliability of the confidence</title>\n'
    '<rect width="448" height="448" fill="#fff"/>'
)


def reliability_svg(bins: Sequence[Bin]) -> str:
    """Return the plot: share right over confidence, a bar for each bin, and the diagonal.

    The stronger a bar's colour, the more questions it stands for; their number is on it.
    """
    return "\n".join([_HEAD, *_axes(), *map(_bar, bins), _diagonal(), "</svg>"]) + "\n"


def _x(value: float) -> float:
    return round(_LEFT + _SIDE * value, 1)


def _y(value: float) -> float:
    return round(_TOP + _SIDE * (1 - value), 1)


def _axes() -> Iterator[str]:
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        yield f'<path d="M{_x(0)} {_y(tick)}H{_x(1)}" stroke="#ddd"/>'
        yield f'<text x="{_x(0) - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:.0%}</text>'
        yield f'<text x="{_x(tick)}" y="{_y(0) + 18}" text-anchor="middle">{tick:.1f}</text>'
    yield f'<text x="{_x(0.5)}" y="{_y(0) + 40}" text-anchor="middle">confidence</text>'
    place = f'x="16" y="{_y(0.5)}" transform="rotate(-90 16 {_y(0.5)})"'
    yield f'<text {place} text-anchor="middle">best sentence right</text>'


def _bar(one: Bin) -> str:
    if one.right is None:
        return ""
    width, strength = _x(one.end) - _x(one.start) - 2, 0.35 + 0.65 * min(1.0, 4 * one.share)
    place = f'x="{_x(one.start) + 1}" y="{_y(one.right)}"'
    bar = f'<rect {place} width="{width:.1f}" height="{_y(0) - _y(one.right):.1f}"'
    at = f'x="{_x((one.start + one.end) / 2)}" y="{_y(one.right) - 4}"'
    count = f'<text {at} text-anchor="middle" font-size="10">{one.questions}</text>'
    return f'{bar} fill="#2a6f97" fill-opacity="{strength:.2f}"/>{count}'


def _diagonal() -> str:
    return f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#b5322b" stroke-dasharray="5 4"/>'
