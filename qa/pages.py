"""Pages: bytes of one source file → its text.

Knows encodings and what is not text at all; knows nothing of articles. Line ends are kept as
they are, so that offsets into `Page.text` hold for whoever decodes the same bytes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One source file.

    `id` is made from the content's SHA-256 (16 hex digits), so two files of the same bytes are
    one page. `source` is the file name shown to people. `text` is the decoded content without
    a byte order mark. `encoding` names the codec that was used.
    """

    id: str
    source: str
    text: str
    encoding: str
