"""placeholder"""
from __future__ import annotations
from pathlib import Path
FOLDER="LICENCES"
def write_notices(packed, folder, root):
    folder.mkdir(parents=True, exist_ok=True)
    return folder
def as_data(folder): return []
def put_beside(folder, program): pass
