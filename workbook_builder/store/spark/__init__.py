"""Spark as an engine for query trees; few modules elsewhere import pyspark."""

import warnings

# Frames of pandas are never handed to Spark, so which pandas it knows does not matter.
warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
