"""Building the demonstration city: the same people, subjects, samples and cases every time, through the real acts."""

from nongan.demo.services.city import PEOPLE, Size, build, finished

__all__ = ["PEOPLE", "Size", "build", "finished"]
