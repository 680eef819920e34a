"""Queries, one class a noun, each for use within one transaction."""

from storage.repositories.appeals import Appeal, Appeals
from storage.repositories.attachments import Attachments, PendingAttachment
from storage.repositories.audit import ASSISTANT, Actor, Audit, Sought
from storage.repositories.bank import KnownPicture, KnownPictures, NewPicture
from storage.repositories.broadcasts import (
    Audience,
    Broadcast,
    Broadcasts,
    BroadcastState,
    Tally,
)
from storage.repositories.codes import Codes, Invitation, RedeemedCode
from storage.repositories.conversations import Conversations
from storage.repositories.decisions import Decision, Decisions, DecisionState, ReviewVerdict
from storage.repositories.desk import Card, CardKind, CardState, DayOfFlags, Desk, ModeratorsChat
from storage.repositories.feedback import Feedback, Rating
from storage.repositories.flags import Flag, Flags, FlagState
from storage.repositories.holds import Hold, HoldKind, Holds, Kept
from storage.repositories.leases import Leases
from storage.repositories.messages import Messages
from storage.repositories.notes import Note, Notes
from storage.repositories.openings import Opening, Openings
from storage.repositories.operations import Maintenance, ModelChoice, Operations, SwitchState
from storage.repositories.outbound import OutboundRows
from storage.repositories.passwords import Passwords, StoredPassword
from storage.repositories.people import Colleague, People, Person, Wanted
from storage.repositories.policies import Policies, PolicyVersion
from storage.repositories.quality import CheckQuality, Quality, Reviewer, Thumbs, Wait
from storage.repositories.reports import Report, Reports
from storage.repositories.restrictions import Restriction, RestrictionKind, Restrictions
from storage.repositories.retention import Aged, DataKind, Going, Looked, Retention
from storage.repositories.review_queue import ReviewQueue, Seat
from storage.repositories.reviewers import Habits, PicturesShown, Reviewers
from storage.repositories.second_factors import SecondFactor, SecondFactors
from storage.repositories.spoken import Spoken, Utterance
from storage.repositories.timeline import Event, EventKind, Timeline
from storage.repositories.trials import Trial, Trials, TrialState
from storage.repositories.turn_failures import FailedTurn
from storage.repositories.turn_figures import TurnBucket
from storage.repositories.turns import Turns
from storage.repositories.updates import Updates
from storage.repositories.users import Users
from storage.repositories.waits import Waits
from storage.repositories.web_sessions import WebSession, WebSessions

__all__ = [
    "ASSISTANT",
    "Actor",
    "Aged",
    "Appeal",
    "Appeals",
    "Attachments",
    "Audience",
    "Audit",
    "Broadcast",
    "BroadcastState",
    "Broadcasts",
    "Card",
    "CardKind",
    "CardState",
    "CheckQuality",
    "Codes",
    "Colleague",
    "Conversations",
    "DataKind",
    "DayOfFlags",
    "Decision",
    "DecisionState",
    "Decisions",
    "Desk",
    "Event",
    "EventKind",
    "FailedTurn",
    "Feedback",
    "Flag",
    "FlagState",
    "Flags",
    "Going",
    "Habits",
    "Hold",
    "HoldKind",
    "Holds",
    "Invitation",
    "Kept",
    "KnownPicture",
    "KnownPictures",
    "Leases",
    "Looked",
    "Maintenance",
    "Messages",
    "ModelChoice",
    "ModeratorsChat",
    "NewPicture",
    "Note",
    "Notes",
    "Opening",
    "Openings",
    "Operations",
    "OutboundRows",
    "Passwords",
    "PendingAttachment",
    "People",
    "Person",
    "PicturesShown",
    "Policies",
    "PolicyVersion",
    "Quality",
    "Rating",
    "RedeemedCode",
    "Report",
    "Reports",
    "Restriction",
    "RestrictionKind",
    "Restrictions",
    "Retention",
    "ReviewQueue",
    "ReviewVerdict",
    "Reviewer",
    "Reviewers",
    "Seat",
    "SecondFactor",
    "SecondFactors",
    "Sought",
    "Spoken",
    "StoredPassword",
    "SwitchState",
    "Tally",
    "Thumbs",
    "Timeline",
    "Trial",
    "TrialState",
    "Trials",
    "TurnBucket",
    "Turns",
    "Updates",
    "Users",
    "Utterance",
    "Wait",
    "Waits",
    "Wanted",
    "WebSession",
    "WebSessions",
]
