"""SMS in and out, whatever they are about."""
