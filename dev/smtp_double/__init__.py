"""A mail server that keeps each mail as an .eml file and shows it; faults on demand."""
