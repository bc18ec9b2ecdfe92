"""A PDF whose text may be in any of the languages that we serve: Latin, Greek, Cyrillic and Arabic letters.

Text is shaped (Arabic letters join) and ordered from right to left where it is read so; a letter that the first font
lacks is taken from the second. Lengths are millimeters.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from fpdf import FPDF
from fpdf.enums import Align

from homestretch.doors.console.printing import code128
from homestretch.web.qr import code_of

FAMILY, ARABIC = "fira", "plex"
FONTS = (
    (FAMILY, "", "fontpkg_fira_sans", "FiraSans-Regular.ttf"),
    (FAMILY, "B", "fontpkg_fira_sans", "FiraSans-SemiBold.ttf"),
    (ARABIC, "", "fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic-Regular.ttf"),
    (ARABIC, "B", "fontpkg_ibm_plex_sans_arabic", "IBMPlexSansArabic-SemiBold.ttf"),
)
LINE = 1.25  # of the letters' height
MM = 25.4 / 72  # a point
WHITE = 10  # modules at both ends of a barcode


class Paper(FPDF):
    """Pages of one size, and the few ways in which we write on them."""

    def __init__(self, size: tuple[float, float], title: str) -> None:
        super().__init__(unit="mm", format=size)
        for family, style, package, name in FONTS:
            self.add_font(family, style, str(files(package) / "files" / name))
        self.set_fallback_fonts([ARABIC])
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margins(0, 0, 0)
        self.c_margin = 0
        self.set_auto_page_break(auto=False)
        self.set_title(title)
        self.set_creator("Homestretch")

    def say(self, text: str, box: tuple[float, float, float], size: float, **more: Any) -> float:
        """Text from the box's upper left corner (x, y, width), in points; at most `lines` lines, the last one cut with
        an ellipsis. `bold`, `gray`, `align` (L, C, R). Returns how high it became."""
        x, y, width = box
        self.set_font(FAMILY, "B" if more.get("bold") else "", size)
        self.set_text_color(95 if more.get("gray") else 0)
        step = size * MM * LINE
        lines = self._lines(text, width, int(more.get("lines", 1)))
        for number, line in enumerate(lines):
            self.set_xy(x, y + number * step)
            self.cell(width, step, line, align=Align.coerce(more.get("align", "L")))
        return step * len(lines)

    def _lines(self, text: str, width: float, most: int) -> list[str]:
        """Broken between words, and within one that is longer than a line."""
        words, lines = " ".join(text.split()).split(" "), [""]
        for word in words:
            for part in self._parts(word, width):
                tried = f"{lines[-1]} {part}".strip()
                if self.get_string_width(tried) <= width:
                    lines[-1] = tried
                else:
                    lines.append(part)
        if len(lines) <= most:
            return [line for line in lines if line]
        return [*lines[: most - 1], self._cut(" ".join(lines[most - 1 :]), width)]

    def _parts(self, word: str, width: float) -> list[str]:
        parts = []
        while self.get_string_width(word) > width and len(word) > 1:
            fits = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or self.get_string_width(word[:n]) <= width)
            parts.append(word[:fits])
            word = word[fits:]
        return [*parts, word]

    def _cut(self, text: str, width: float) -> str:
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def barcode(self, text: str, box: tuple[float, float, float, float]) -> bool:
        """As Code 128 in the box (x, y, width, height), in its middle; False for what it can't write: then nothing."""
        if not code128.can_write(text):
            return False
        x, y, width, height = box
        bars = code128.widths(text)
        module = min(0.5, width / (sum(bars) + 2 * WHITE))
        at = x + (width - module * sum(bars)) / 2
        self.set_fill_color(0)
        for number, bar in enumerate(bars):
            if number % 2 == 0:
                self.rect(at, y, bar * module, height, style="F")
            at += bar * module
        return True

    def qr(self, text: str, x: float, y: float, width: float) -> None:
        """As a QR code that is `width` wide, the white around it included."""
        code = code_of(text)
        module = width / code.size
        self.set_fill_color(0)
        for column, row, length in code.runs:
            self.rect(x + column * module, y + row * module, length * module, module, style="F")

    def rule(self, x: float, y: float, width: float) -> None:
        """A thin line."""
        self.set_draw_color(170)
        self.set_line_width(0.2)
        self.line(x, y, x + width, y)

    def made(self) -> bytes:
        """The file."""
        return bytes(self.output())


def facts(paper: Paper, pairs: Sequence[tuple[str, str]], box: tuple[float, float, float], size: float = 9) -> float:
    """Names and what they are, a line or more each; returns how high it became. What is empty is left out."""
    x, y, width = box
    name_width, top = 32.0, y
    for name, text in pairs:
        if not text:
            continue
        paper.say(name, (x, y, name_width), size, gray=True)
        y += paper.say(text, (x + name_width, y, width - name_width), size, lines=6) + 0.8
    return y - top
