"""A file that is not to be found before it is whole: who is killed meanwhile leaves nothing.

Linux writes it without a name and names it at the end; Windows is told to delete it unless it is
told otherwise at the end, which it does itself when the process is gone, and so does a file server
when the computer is. Where neither can be had, on some network drives say, the file bears its name
from the beginning. What is left all the same is known by its name, and its writer by a lock, which
the system takes away with the process.
"""

from __future__ import annotations

import contextlib
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
            _hold(number)
            unfinished.write(content)
            unfinished.flush()
            os.fsync(number)
        part.chmod(mode)
        os.replace(part, place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


if sys.platform == "win32":
    import ctypes
    import msvcrt
    import struct
    from ctypes import wintypes

    _GENERIC_WRITE, _DELETE, _CREATE_NEW, _NORMAL = 0x40000000, 0x00010000, 1, 0x80
    _RENAME, _DISPOSITION = 3, 4  # FileRenameInfo, FileDispositionInfo
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = [
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD,
        wintypes.DWORD, wintypes.HANDLE,
    ]  # fmt: skip
    _kernel.SetFileInformationByHandle.argtypes = [
        wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
    ]  # fmt: skip
    _kernel.CloseHandle.argtypes = [wintypes.HANDLE]

    def is_abandoned(part: Path) -> bool:
        """Tell whether nobody is writing an unfinished file any more."""
        return True  # Windows deletes no file that somebody has open

    def _hold(number: int) -> None:
        """Windows lets nobody delete a file while it is open."""

    def _put_unseen(content: bytes, part: Path, place: Path, mode: int) -> None:
        rename = _rename_to(os.path.abspath(place))
        handle = _created_doomed(part)
        with os.fdopen(msvcrt.open_osfhandle(handle, os.O_WRONLY), "wb") as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            # A kill between the two leaves a whole copy; so by the handle, which takes least time.
            _doom(handle, doomed=False)
            _set(handle, _RENAME, rename)

    def _created_doomed(part: Path) -> int:
        """Create a file that goes when it is closed; a kill between the two leaves it empty."""
        handle: int = _kernel.CreateFileW(
            str(part), _GENERIC_WRITE | _DELETE, 0, None, _CREATE_NEW, _NORMAL, None
        )
        if handle == wintypes.HANDLE(-1).value:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            _doom(handle, doomed=True)
        except OSError:
            _kernel.CloseHandle(handle)
            raise
        return handle

    def _doom(handle: int, *, doomed: bool) -> None:
        """Say whether a file goes when it is closed, by whatever."""
        _set(handle, _DISPOSITION, bytes([doomed]))

    def _rename_to(place: str) -> bytes:
        """Return the wish to move an open file to a place, whether there is another or not."""
        name = place.encode("utf-16-le")
        return struct.pack("@?PI", True, 0, len(name)) + name + bytes(2)

    def _set(handle: int, what: int, said: bytes) -> None:
        if not _kernel.SetFileInformationByHandle(handle, what, said, len(said)):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import fcntl

    def is_abandoned(part: Path) -> bool:
        """Tell whether nobody is writing an unfinished file any more."""
        try:
            number = os.open(part, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # somebody else's
            return False
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(number)
        return True

    def _hold(number: int) -> None:
        """Hold a file for as long as it is open, so that nobody takes it for abandoned."""
        with contextlib.suppress(OSError):  # some network drives have no locks
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)

    if sys.platform == "linux":

        def _put_unseen(content: bytes, part: Path, place: Path, mode: int) -> None:
            number = os.open(part.parent, os.O_WRONLY | os.O_TMPFILE, _OWN)
            with os.fdopen(number, "wb") as unnamed:
                _hold(number)
                unnamed.write(content)
                unnamed.flush()
                os.fchmod(number, mode)
                os.fsync(number)
                _name(number, str(part), str(place))

        def _name(number: int, part: str, place: str) -> None:
            """Name a file; no call of the system puts an unnamed one in another's place.

            So where there is another it is two, with as little between them as can be.
            """
            itself = f"/proc/self/fd/{number}"
            # The link is followed only where a folder is given, which the whole path overrides.
            try:
                os.link(itself, place, src_dir_fd=number, follow_symlinks=True)
            except FileExistsError:
                os.link(itself, part, src_dir_fd=number, follow_symlinks=True)
                os.replace(part, place)

    else:
        _put_unseen = _put_seen
