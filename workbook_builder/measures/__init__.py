"""Records and measure definitions in, figures out."""
