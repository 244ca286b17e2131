"""What can happen to samples, one or hundreds at once."""

from nongan.monitoring.services.correcting import correct_sample
from nongan.monitoring.services.publishing import publish_samples
from nongan.monitoring.services.results import follow_reports, take_back
from nongan.monitoring.services.sending import send_samples
from nongan.monitoring.services.taking import attach_files, organisation_of, take_sample, take_samples, void_sample

__all__ = [
    "attach_files",
    "correct_sample",
    "follow_reports",
    "organisation_of",
    "publish_samples",
    "send_samples",
    "take_back",
    "take_sample",
    "take_samples",
    "void_sample",
]
