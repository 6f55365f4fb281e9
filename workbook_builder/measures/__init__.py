"""Count figures from records by the definitions of measures."""
