"""Rows of figures compared and judged: RAG, direction, change, benchmarks, teams and caseloads."""
