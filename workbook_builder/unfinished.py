"""A file that is not to be found before it is whole: who is killed meanwhile leaves nothing.

Linux writes it without a name and names it at the end; Windows is told to delete it unless it is
told otherwise at the end, which it does itself when the process is gone, and so does a file server
when the computer is. Where neither can be had, on some network drives say, the file bears its name
from the beginning.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Who may read the file until it is whole.
_OWN = 0o600


def put_in_place(content: bytes, part: Path, place: Path, mode: int) -> None:
    """Write a file down to the disk, as `part` meanwhile, and move it to its place in one step.

    The file has these rights in the end. Raises OSError; then nothing is left of it.
    """
    try:
        _put_unseen(content, part, place, mode)
    except OSError:
        # This way is not to be had here, or there is a fault that the plain way meets as well.
        part.unlink(missing_ok=True)
        _put_seen(content, part, place, mode)


def _put_seen(content: bytes, part: Path, place: Path, mode: int) -> None:
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _OWN)
    try:
        with os.fdopen(number, "wb") as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(number)
        part.chmod(mode)
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


if sys.platform == "linux":

    def _put_unseen(content: bytes, part: Path, place: Path, mode: int) -> None:
        number = os.open(part.parent, os.O_WRONLY | os.O_TMPFILE, _OWN)
        with os.fdopen(number, "wb") as unnamed:
            unnamed.write(content)
            unnamed.flush()
            os.fchmod(number, mode)
            os.fsync(number)
            # The link is followed only where a folder is given, which the whole path overrides.
            os.link(f"/proc/self/fd/{number}", part, src_dir_fd=number, follow_symlinks=True)
        part.replace(place)

elif sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _GENERIC_WRITE, _DELETE, _CREATE_NEW, _NORMAL = 0x40000000, 0x00010000, 1, 0x80
    _DISPOSITION = 4  # FileDispositionInfo
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = [
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD,
        wintypes.DWORD, wintypes.HANDLE,
    ]  # fmt: skip
    _kernel.SetFileInformationByHandle.argtypes = [
        wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
    ]  # fmt: skip

    def _put_unseen(content: bytes, part: Path, place: Path, mode: int) -> None:
        handle = _kernel.CreateFileW(
            str(part), _GENERIC_WRITE | _DELETE, 0, None, _CREATE_NEW, _NORMAL, None
        )
        if handle == wintypes.HANDLE(-1).value:
            raise ctypes.WinError(ctypes.get_last_error())
        with os.fdopen(msvcrt.open_osfhandle(handle, os.O_WRONLY), "wb") as doomed:
            _doom(handle, doomed=True)
            doomed.write(content)
            doomed.flush()
            os.fsync(doomed.fileno())
            _doom(handle, doomed=False)
        part.replace(place)  # raises where the system has deleted it after all

    def _doom(handle: int, *, doomed: bool) -> None:
        """Say whether a file goes when it is closed, by whatever."""
        said = ctypes.c_ubyte(doomed)
        if not _kernel.SetFileInformationByHandle(
            handle, _DISPOSITION, ctypes.byref(said), ctypes.sizeof(said)
        ):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    _put_unseen = _put_seen
