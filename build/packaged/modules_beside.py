"""Runs first in both programs: says where their modules are, in one archive that they share.

PyInstaller gives each program an archive of its own, and 13 MB more for the second; this takes the
place of what its start sets. Nothing but `sys` can be imported yet.
"""

import sys

sys._pyinstaller_pyz = f"{sys._MEIPASS}/modules.pyz"  # type: ignore[attr-defined]
