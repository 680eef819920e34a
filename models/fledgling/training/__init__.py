"""How the fledgling learns: exact lean passes, two processes, and the stages one after another."""
