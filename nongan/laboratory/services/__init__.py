"""What can happen in a laboratory."""

from nongan.laboratory.services.entry import Entry, Saved, enter_results, submit
from nongan.laboratory.services.receiving import Order, receive_specimen, receive_specimens, reject_specimen
from nongan.laboratory.services.reports import sign, withdraw_report
from nongan.laboratory.services.review import leave_unjudged, rejudge, return_for_correction, verify

__all__ = [
    "Entry",
    "Order",
    "Saved",
    "enter_results",
    "leave_unjudged",
    "receive_specimen",
    "receive_specimens",
    "reject_specimen",
    "rejudge",
    "return_for_correction",
    "sign",
    "submit",
    "verify",
    "withdraw_report",
]
