"""The broker: hints, deltas, events and live workers in Redis, all of which may be lost."""

from storage.broker.broker import Broker
from storage.broker.follower import DeltaFollower

__all__ = ["Broker", "DeltaFollower"]
