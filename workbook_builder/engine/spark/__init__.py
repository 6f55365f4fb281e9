"""Spark as an engine: what imports pyspark stands here and nowhere else."""
