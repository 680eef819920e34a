"""Queries, one class a noun, each for use within one transaction."""

from storage.repositories.appeals import Appeal, Appeals
from storage.repositories.attachments import Attachments, PendingAttachment
from storage.repositories.audit import ASSISTANT, Actor, Audit, Sought
from storage.repositories.codes import Codes, RedeemedCode
from storage.repositories.conversations import Conversations
from storage.repositories.decisions import Decision, Decisions, DecisionState, ReviewVerdict
from storage.repositories.feedback import Feedback, Rating
from storage.repositories.flags import Flag, Flags, FlagState
from storage.repositories.leases import Leases
from storage.repositories.messages import Messages
from storage.repositories.notes import Note, Notes
from storage.repositories.outbound import OutboundRows
from storage.repositories.passwords import Passwords, StoredPassword
from storage.repositories.people import Colleague, People, Person, Wanted
from storage.repositories.policies import Policies, PolicyVersion
from storage.repositories.quality import CheckQuality, Quality, Reviewer, Thumbs, Wait
from storage.repositories.reports import Report, Reports
from storage.repositories.restrictions import Restriction, RestrictionKind, Restrictions
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
    "Appeal",
    "Appeals",
    "Attachments",
    "Audit",
    "CheckQuality",
    "Codes",
    "Colleague",
    "Conversations",
    "Decision",
    "DecisionState",
    "Decisions",
    "Event",
    "EventKind",
    "FailedTurn",
    "Feedback",
    "Flag",
    "FlagState",
    "Flags",
    "Habits",
    "Leases",
    "Messages",
    "Note",
    "Notes",
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
