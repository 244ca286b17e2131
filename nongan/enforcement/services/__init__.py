"""What can happen to cases, transfers and disposal."""

from nongan.enforcement.services.decision import (
    close_case,
    decide_case,
    dismiss_case,
    execute_case,
    notify_party,
    record_answer,
    record_hearing,
    set_hearing,
)
from nongan.enforcement.services.disposal import establish_weight, record_disposal, reverse_disposal
from nongan.enforcement.services.filing import ask_filing, decline_case, extend_deadline, file_case
from nongan.enforcement.services.goods import hand_over_goods
from nongan.enforcement.services.investigation import propose_outcome, record_inquiry, return_case, review_case
from nongan.enforcement.services.leads import follow_sample, open_case, open_missing
from nongan.enforcement.services.transfer import (
    approve_transfer,
    ask_reconsideration,
    hand_over,
    record_police_decision,
    record_receipt,
    record_reconsideration,
    refuse_transfer,
    resume_case,
    suspect_crime,
)

__all__ = [
    "approve_transfer",
    "ask_filing",
    "ask_reconsideration",
    "close_case",
    "decide_case",
    "decline_case",
    "dismiss_case",
    "establish_weight",
    "execute_case",
    "extend_deadline",
    "file_case",
    "follow_sample",
    "hand_over",
    "hand_over_goods",
    "notify_party",
    "open_case",
    "open_missing",
    "propose_outcome",
    "record_answer",
    "record_disposal",
    "record_hearing",
    "record_inquiry",
    "record_police_decision",
    "record_receipt",
    "record_reconsideration",
    "refuse_transfer",
    "resume_case",
    "return_case",
    "reverse_disposal",
    "review_case",
    "set_hearing",
    "suspect_crime",
]
