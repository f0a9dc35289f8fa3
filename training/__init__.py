"""How the bundled starter model is made from openly licensed text: ``python -m training``."""
