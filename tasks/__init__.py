"""Prefect tasks, thin: read the clock, open a transaction, call one service; retries are declared here."""
