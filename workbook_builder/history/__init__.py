"""Read last month's workbook and reconcile what it published with today's figures."""
