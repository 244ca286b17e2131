"""Reading a plan: `read_file` takes the bytes of a document, `to_json` gives the reading in its exchange form. Pure."""

from nongan.programme.rules.reading.assembly import read_document
from nongan.programme.rules.reading.document import Document, check_size, check_type, tables_of, text_of
from nongan.programme.rules.reading.docx import read_docx
from nongan.programme.rules.reading.errors import PlanUnreadable
from nongan.programme.rules.reading.output import to_json
from nongan.programme.rules.reading.shapes import Reading
from nongan.programme.rules.reading.stacked import spaced_tables, stacked_tables

__all__ = ["PlanUnreadable", "read_file", "read_text", "to_json"]


def read_file(name: str, data: bytes) -> Reading:
    """Read a .docx or a text file. Raises PlanUnreadable when it is neither, damaged, encrypted or too large."""
    check_size(data)
    if check_type(name, data):
        return read_document(read_docx(data))
    return read_text(text_of(data))


def read_text(text: str) -> Reading:
    """Read the text of a document."""
    tables = sorted([*tables_of(text), *stacked_tables(text), *spaced_tables(text)], key=lambda table: table.start)
    return read_document(Document(text, tables=tuple(tables)))
