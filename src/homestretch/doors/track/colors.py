"""An organization's color, made readable: as dark, or as light, as text on the page's ground must be (WCAG 2.2 AA)."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH = 4.6  # 4.5 is asked for, rounding to whole channels costs a little
LIGHT, DARK = ("#f4f6f8", "#ffffff"), ("#0f151b", "#18212a")  # ground and paper, as style.css has them
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Accent:
    """One color for both modes."""

    light: str
    dark: str


def accent_of(color: str) -> Accent:
    """The color itself where it can be read, else its nearest shade that can. `color` as #rrggbb."""
    return Accent(_readable(color, LIGHT, (0, 0, 0)), _readable(color, DARK, (255, 255, 255)))


def _readable(color: str, grounds: tuple[str, ...], towards: Rgb) -> str:
    rgb = _parse(color)
    for step in range(21):
        mixed = _mix(rgb, towards, step / 20)
        if all(contrast(mixed, _parse(ground)) >= ENOUGH for ground in grounds):
            return "#{:02x}{:02x}{:02x}".format(*mixed)
    raise AssertionError("black on white and white on black can be read")


def contrast(one: Rgb, other: Rgb) -> float:
    """The ratio of two colors' luminances, 1 to 21 (WCAG 2.2, 1.4.3)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in rgb)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(rgb: Rgb, towards: Rgb, share: float) -> Rgb:
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(rgb, towards, strict=True))
    return red, green, blue


def _parse(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
