"""QR codes as drawings: scanned off a screen or a sheet of paper by a phone."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4  # modules of white around, which readers need


@dataclass(frozen=True, slots=True)
class Code:
    """Runs of dark modules as (column, row, length), counted with the white around; `size` modules wide and high."""

    size: int
    runs: tuple[tuple[int, int, int], ...]

    @property
    def path(self) -> str:
        """For `<path d>` in a view box of `size`."""
        return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in self.runs)


def code_of(text: str) -> Code:
    """The text as a code that a seventh of may be dirty."""
    made: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    made.add_data(text)
    made.make(fit=True)
    rows = made.get_matrix()
    runs: list[tuple[int, int, int]] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = next((n for n in range(len(row) - x) if not row[x + n]), len(row) - x)
            if length:
                runs.append((x + QUIET, y + QUIET, length))
            x += max(1, length)
    return Code(len(rows) + 2 * QUIET, tuple(runs))


def qr_svg(text: str) -> str:
    """A standalone `<svg>` of `text`, black on a white ground: dark themes too must leave it so to be read."""
    code = code_of(text)
    box = f'viewBox="0 0 {code.size} {code.size}" shape-rendering="crispEdges"'
    ground = f'<path fill="#ffffff" d="M0 0h{code.size}v{code.size}H0z"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{ground}<path fill="#000000" d="{code.path}"/></svg>'


def phone_address(code: str) -> str:
    """The address that signs a driver's phone in by a one-time code, to be shown as QR beside the code. The code stands
    behind the `#`, which no server and no log sees."""
    return f"{settings.HOMESTRETCH_URL}/drive/#code={code}"
