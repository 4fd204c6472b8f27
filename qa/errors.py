"""Everything that a user can cause to go wrong.

    QAError
    ├── PageError       a file that cannot be read as a page of text
    ├── QuestionError   a question that cannot be asked (empty, too long, malformed)
    ├── NotFoundError   a page, article or file that is not there
    ├── LibraryError    a library folder that cannot be opened or changed
    │   └── DamagedError    a library whose file is damaged; `qa doctor --repair` saves what it can
    └── ModelError      a model that is named but cannot be used

Each message is one line and says what to do. Any other exception is a defect of the program
and keeps its traceback.
"""


class QAError(Exception):
    """Base of all errors that a user can cause; its text is one line fit to be shown."""


class PageError(QAError):
    """A file cannot be read as a page of text."""


class QuestionError(QAError):
    """A question cannot be asked: it is empty, too long or malformed."""


class NotFoundError(QAError):
    """A page, article, passage or file that was named is not there."""


class LibraryError(QAError):
    """A library folder cannot be opened or changed."""


class DamagedError(LibraryError):
    """The file of a library is damaged; it is kept as it is."""


class ModelError(QAError):
    """A model that was named cannot be used."""
