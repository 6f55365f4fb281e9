"""A plan in, the bytes of an .xlsx file out. The only package that knows XlsxWriter."""
