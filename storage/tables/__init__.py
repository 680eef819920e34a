"""The tables, one file a noun. `tables.turns` and the like are for queries without the ORM."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table

from storage.tables.audit import AuditHeadRow, AuditRow
from storage.tables.bank import BankVersionRow, KnownPictureRow
from storage.tables.base import Base
from storage.tables.broadcasts import BroadcastRow, CardRow, ModeratorsChatRow
from storage.tables.channels import LeaseRow, UpdateRow, WaitRow
from storage.tables.conversations import ConversationRow
from storage.tables.decisions import AppealRow, DecisionRow, FeedbackRow, ReportRow
from storage.tables.doors import (
    CodeRow,
    FirstStepRow,
    PasswordRow,
    RecoveryCodeRow,
    SecondFactorRow,
    WebSessionRow,
)
from storage.tables.flags import FlagRow
from storage.tables.holds import HoldRow, PostponedRow, RetentionRow
from storage.tables.messages import AttachmentRow, MessageAttachmentRow, MessageRow
from storage.tables.moderation import PolicyRow, RestrictionRow, TrialRow
from storage.tables.notes import NoteRow
from storage.tables.openings import OpeningRow
from storage.tables.operations import OperationRow
from storage.tables.outbound import OutboundRow
from storage.tables.people import IdentityRow, UserRow
from storage.tables.reviewers import ReviewerRow
from storage.tables.turns import TurnRow

metadata = Base.metadata

users = cast(Table, UserRow.__table__)
identities = cast(Table, IdentityRow.__table__)
conversations = cast(Table, ConversationRow.__table__)
messages = cast(Table, MessageRow.__table__)
attachments = cast(Table, AttachmentRow.__table__)
message_attachments = cast(Table, MessageAttachmentRow.__table__)
turns = cast(Table, TurnRow.__table__)
outbound = cast(Table, OutboundRow.__table__)
updates = cast(Table, UpdateRow.__table__)
waits = cast(Table, WaitRow.__table__)
leases = cast(Table, LeaseRow.__table__)
codes = cast(Table, CodeRow.__table__)
web_sessions = cast(Table, WebSessionRow.__table__)
passwords = cast(Table, PasswordRow.__table__)
second_factors = cast(Table, SecondFactorRow.__table__)
recovery_codes = cast(Table, RecoveryCodeRow.__table__)
first_steps = cast(Table, FirstStepRow.__table__)
flags = cast(Table, FlagRow.__table__)
reviewers = cast(Table, ReviewerRow.__table__)
policies = cast(Table, PolicyRow.__table__)
trials = cast(Table, TrialRow.__table__)
restrictions = cast(Table, RestrictionRow.__table__)
decisions = cast(Table, DecisionRow.__table__)
appeals = cast(Table, AppealRow.__table__)
reports = cast(Table, ReportRow.__table__)
feedback = cast(Table, FeedbackRow.__table__)
notes = cast(Table, NoteRow.__table__)
openings = cast(Table, OpeningRow.__table__)
operations = cast(Table, OperationRow.__table__)
broadcasts = cast(Table, BroadcastRow.__table__)
moderators_chats = cast(Table, ModeratorsChatRow.__table__)
cards = cast(Table, CardRow.__table__)
known_pictures = cast(Table, KnownPictureRow.__table__)
bank_versions = cast(Table, BankVersionRow.__table__)
holds = cast(Table, HoldRow.__table__)
postponed = cast(Table, PostponedRow.__table__)
retention = cast(Table, RetentionRow.__table__)
audit = cast(Table, AuditRow.__table__)
audit_heads = cast(Table, AuditHeadRow.__table__)
