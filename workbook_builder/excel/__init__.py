"""Write a plan as an .xlsx file. The only package that knows XlsxWriter."""
