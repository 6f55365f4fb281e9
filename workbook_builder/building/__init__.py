"""The steps of a run between its packages: looking, recalling, settling what is in force."""
