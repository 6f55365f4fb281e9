"""Spark as an engine: what imports pyspark stands here and in few places else."""

import warnings

# Frames of pandas are never handed to Spark, so which pandas it knows is no matter.
warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
