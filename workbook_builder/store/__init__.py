"""The one door to the database that runs the measures' queries."""
