"""The part of IPython's core that is imported by name."""
