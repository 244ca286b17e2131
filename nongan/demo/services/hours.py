"""When people act: in the office hours of working days; where a clock of the law would run out before, on any day."""

from datetime import datetime, time, timedelta

from nongan.places.queries import working_calendar

OPENS, SIGNS, CLOSES = 9, 16, 17  # hours of the day; a laboratory signs in the afternoon
DAY = timedelta(days=1)


def on(moment: datetime, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(moment.date(), time(hour, minute), moment.tzinfo)


def daytime(moment: datetime) -> datetime:
    """The first moment from this one on at which people are awake and at work, on any day."""
    if moment.hour >= CLOSES:
        return on(moment + DAY, OPENS, moment.minute)
    return moment if moment.hour >= OPENS else on(moment, OPENS, moment.minute)


def office(moment: datetime) -> datetime:
    """The same on a working day."""
    found, calendar = daytime(moment), working_calendar()
    while not calendar.works(found.date()):
        found += DAY
    return found


def in_time(moment: datetime, last: datetime | None, *, any_day: bool = False) -> datetime:
    """In office hours; where these begin only after `last`, on a day off, or whenever it must be."""
    for found in (daytime(moment) if any_day else office(moment), daytime(moment)):
        if last is None or found <= last:
            return found
    return moment


def daytime_before(moment: datetime) -> datetime:
    """The last moment up to this one at which people are at work, on any day."""
    if moment.hour >= CLOSES:
        return on(moment, SIGNS, 30)
    return moment if moment.hour >= OPENS else on(moment - DAY, SIGNS, 30)


def afternoon(moment: datetime, *, any_day: bool = False) -> datetime:
    """The last afternoon up to this moment on which a laboratory signs."""
    found, calendar = on(moment, SIGNS), working_calendar()
    while found > moment or not (any_day or calendar.works(found.date())):
        found -= DAY
    return found
