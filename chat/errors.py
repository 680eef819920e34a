"""The root of every error of ours, and the errors that the ports of this house raise."""


class AssistantError(Exception):
    """Anything that we foresee going wrong.

    `key` names the text that a person may be told (see handlers/texts), or is empty where the error
    is the operator's business only.
    """

    key: str = ""

    def __init__(self, message: str = "", *, key: str = "") -> None:
        super().__init__(message or key or self.key)
        if key:
            self.key = key


class ChannelError(AssistantError):
    """A messenger did not do what was asked."""


class NotSent(ChannelError):
    """The call certainly had no effect and may be repeated."""


class RetryAfter(NotSent):
    """The messenger wants no call for `retry_after` seconds; `whole_account` says whose calls."""

    def __init__(self, retry_after: float, *, whole_account: bool = False) -> None:
        super().__init__(f"asked to wait {retry_after:.0f} s")
        self.retry_after = retry_after
        self.whole_account = whole_account


class MaybeSent(ChannelError):
    """The call may or may not have had its effect: the answer to it was lost."""


class Unreachable(ChannelError):
    """This person cannot be written to any more: they blocked us, or the chat is gone."""


class Rejected(ChannelError):
    """The messenger refuses this content and would refuse it again."""


class Vanished(Rejected):
    """The message that was to be edited does not exist any more."""


class ChatMoved(ChannelError):
    """The chat has a new id, and the conversation moves with it."""

    def __init__(self, new_chat: str) -> None:
        super().__init__("the chat has moved")
        self.new_chat = new_chat


class AttachmentError(AssistantError):
    """An attachment cannot be used; `key` is the sentence that the person is told."""


class AttachmentMissing(AttachmentError):
    """The bytes of an attachment are not in the store."""
