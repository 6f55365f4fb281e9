"""Write a plan as a PowerPoint deck, with python-pptx."""
