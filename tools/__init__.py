"""What `make` calls: set up, build, serve, test. Standard library only, but for notebooks.py."""
