"""Storms: a messenger, a broker, a database and a model that misbehave while people talk."""
