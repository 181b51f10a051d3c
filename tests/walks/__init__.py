"""Proof of docs/walks.md: an exhaustive universe, mutants that it must kill, scenarios, threads."""
