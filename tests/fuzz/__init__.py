"""Damaged inputs, and what must hold of them: python -m tests.fuzz."""
