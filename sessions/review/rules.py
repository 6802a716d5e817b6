"""What a reviewer may say of an answer, and when the review is complete. Pure."""

from enum import StrEnum


class Mark(StrEnum):
    """The reviewer's view of one answer."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    QUESTION = "question"
