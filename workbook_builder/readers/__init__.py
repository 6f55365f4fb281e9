"""Reading files of any format into grids of text cells, one module a format."""
