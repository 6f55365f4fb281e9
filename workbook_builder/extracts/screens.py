"""Many different texts looked at together: those that are plain need no look of their own.

Of a million identifiers nearly all are nothing but letters and digits. What those cannot be (blank,
padded, an error, a number cut short) is ruled out for all of them at the speed of bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbook_builder.extracts.bounds import LONGEST_CELL
from workbook_builder.names import BLANK_WORDS

#: Texts that are looked at together; all of a column might need much memory.
_AT_ONCE = 20_000
_LINE_BREAK = 10
_LETTERS_AND_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHORTEST = 1 + max(map(len, BLANK_WORDS))
#: By byte: whether a text that holds it needs a look of its own.
_ODD = np.ones(256, dtype=bool)
_ODD[[*_LETTERS_AND_DIGITS, _LINE_BREAK]] = False


def plain(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """Tell which texts are letters and digits of ASCII alone, and neither short nor too long.

    A plain text has no spaces around it, is no word for nothing and no Excel error, is not longer
    than a cell of Excel's, and is no number in scientific notation, whose exponent has a sign.
    """
    slices = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
    return np.concatenate([np.empty(0, dtype=bool), *map(_plain, slices)])


def _plain(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    joined = _joined(texts)
    ends = np.flatnonzero(joined == _LINE_BREAK)
    if len(ends) != len(texts):  # a text holds a line break
        return np.zeros(len(texts), dtype=bool)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    found: npt.NDArray[np.bool_] = (lengths >= _SHORTEST) & (lengths <= LONGEST_CELL)
    odd = _ODD[joined]
    return found & ~np.logical_or.reduceat(odd, starts) if odd.any() else found


def _joined(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.uint8]:
    """Return the bytes of all texts, a line break behind each."""
    whole = "\n".join((*texts.tolist(), ""))
    return np.frombuffer(whole.encode("utf-8", "surrogatepass"), dtype=np.uint8)
