"""Runs first in the packaged program, which holds no module that speaks to the network.

`xml.sax.saxutils`, which python-pptx escapes text with, imports `urllib.request` for a function
that nobody here calls; that would import `http.client`. An empty module takes its place.
"""

import sys
from types import ModuleType

sys.modules["urllib.request"] = ModuleType("urllib.request")
