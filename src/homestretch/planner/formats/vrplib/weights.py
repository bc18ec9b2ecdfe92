"""Explicit matrices of a VRPLIB file, whole or one half of a symmetric one."""

import numpy as np
import numpy.typing as npt

from homestretch.planner.formats.instance import Floats
from homestretch.planner.formats.text import MAX_NUMBER, number, refuse
from homestretch.planner.formats.vrplib.lines import File

MAX_MATRIX_NODES = 10_000


def is_explicit(file: File) -> bool:
    """Whether there is a matrix in the place of coordinates."""
    return file.headers.get("EDGE_WEIGHT_TYPE", (0, "EUC_2D"))[1].upper() == "EXPLICIT"


def matrix_of(file: File) -> Floats | None:
    """The matrix in the file's order of nodes, None where there is none. Refuses `format.truncated` and bad weights."""
    if not is_explicit(file):
        return None
    if file.size > MAX_MATRIX_NODES:
        raise refuse("too_large", f"a matrix of {file.size} nodes", f"at most {MAX_MATRIX_NODES} are read")
    if "EDGE_WEIGHT_SECTION" not in file.sections:
        raise refuse("truncated", "EDGE_WEIGHT_SECTION is missing", "complete the file; it may have been cut")
    line, layout = file.headers.get("EDGE_WEIGHT_FORMAT", (0, "FULL_MATRIX"))
    kept = _kept(layout.upper(), file.size, line)
    values = _weights(file)
    if values.size != kept.sum():
        cause = f"{values.size} weights where {layout} of {file.size} nodes has {kept.sum()}"
        end = file.sections["EDGE_WEIGHT_SECTION"]
        raise refuse("truncated", cause, "complete the file", line=end[-1][0] if end else None)
    matrix = np.zeros((file.size, file.size))
    matrix[kept] = values
    if not kept.all():
        matrix = np.maximum(matrix, matrix.T)
    np.fill_diagonal(matrix, 0)
    return matrix


def _kept(layout: str, size: int, line: int) -> npt.NDArray[np.bool_]:
    """The cells that `layout` lists, row by row; the half that is not listed mirrors them."""
    whole_matrix = np.ones((size, size), dtype=np.bool_)
    diagonal = 0 if "DIAG" in layout else 1
    if layout == "FULL_MATRIX":
        return whole_matrix
    if layout in ("UPPER_ROW", "UPPER_DIAG_ROW", "LOWER_COL", "LOWER_DIAG_COL"):  # the mirror of one is the other
        return np.triu(whole_matrix, diagonal)
    if layout in ("LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_COL", "UPPER_DIAG_COL"):
        return np.tril(whole_matrix, -diagonal)
    raise refuse("unsupported", f"EDGE_WEIGHT_FORMAT is {layout[:30]!r}", "use FULL_MATRIX or a triangle", line=line)


def _weights(file: File) -> Floats:
    parts = []
    for line, tokens in file.sections["EDGE_WEIGHT_SECTION"]:
        try:
            part = np.array(tokens, dtype=np.float64)
        except ValueError:
            part = np.array([number(token, line, "a weight") for token in tokens], dtype=np.float64)
        if not (np.isfinite(part).all() and part.min() >= 0 and part.max() <= MAX_NUMBER):
            raise refuse("number", "a weight is negative, infinite or too large", f"0 to {MAX_NUMBER}", line=line)
        parts.append(part)
    return np.concatenate(parts) if parts else np.zeros(0)
