"""Django's PostgreSQL backend, whose sessions know the reach of the code that uses them."""
