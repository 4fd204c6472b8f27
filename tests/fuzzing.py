"""Coverage-guided fuzzing by atheris: `python tests/fuzzing.py TARGET [FOLDER] [-max_total_time=300]`.

Targets: reader (the bytes of a file), splitter (a page's text), citations (what a model writes, in
pieces), batch (a file of questions). FOLDER keeps what was found; other arguments are libFuzzer's.
Ends at the first input that raises what it should not, and writes that input to a file.
Needs Linux and `pip install -e '.[fuzz]'`.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))
with atheris.instrument_imports(include=["qa"]):
    from qa.batch import answer_batch
    from qa.errors import PageError
    from qa.formats.archive import DAMAGE, files_of, name_of, opened, read_member, refuse_bombs
    from qa.formats.docx_text import read_docx
    from qa.formats.encodings import decode, decode_markup
    from qa.formats.html_text import read_html
    from qa.formats.limits import DEFAULT
    from qa.formats.markdown_text import read_markdown
    from qa.formats.pdf_text import read_pdf
    from qa.grounding.markers import Cited, MarkerParser
    from qa.library.library import Library
    from qa.printing import json_line
    from qa.splitting.articles import split_articles
    from qa.splitting.pages import page_from_text
    from qa.splitting.passages import split_passages

Target = Callable[[bytes], None]


def reader(data: bytes) -> None:
    """Read bytes as each format, in this process: a crash is to be found, not survived."""
    kind, data, told = data[:1], data[1:], ""
    try:
        match kind[0] % 6 if kind else 0:
            case 0:
                decode(data)
            case 1:
                read_html(*decode_markup(data), DEFAULT)
            case 2:
                read_markdown(*decode(data), DEFAULT)
            case 3:
                read_docx(data, DEFAULT)
            case 4:
                read_pdf(data, DEFAULT)
            case _:
                _unpack(data)
    except PageError as error:
        told = str(error)
    assert len(told.splitlines()) <= 1


def _unpack(data: bytes) -> None:
    try:
        with opened(data, DEFAULT) as archive:
            refuse_bombs(archive, len(data), DEFAULT)
            for member in files_of(archive):
                assert name_of(member).isprintable()
                read_member(archive, member, DEFAULT)
    except DAMAGE:
        return


def splitter(data: bytes) -> None:
    """Split any text, and look whether all stands where it says."""
    page = page_from_text("x", data.decode("utf-8", "surrogateescape"))
    for article in split_articles(page):
        assert article.text == "\n".join(span.of(page.text) for span in article.spans)
        for passage in split_passages(page.text, article):
            assert passage.text == page.text[passage.start : passage.end]
            assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)


def citations(data: bytes) -> None:
    """Give a model's text in pieces of lengths that are drawn too, and compare with all at once."""
    drawn = atheris.FuzzedDataProvider(data)
    cuts = [drawn.ConsumeIntInRange(1, 9) for _ in range(8)]
    text = drawn.ConsumeUnicode(400)
    assert _cited(text, cuts) == _cited(text, [len(text) or 1])


def _cited(text: str, lengths: list[int]) -> list[str | Cited]:
    parser, at, found = MarkerParser(range(1, 10)), 0, list[str | Cited]()
    for nth in range(len(text) + 1):
        piece = text[at : at + lengths[nth % len(lengths)]]
        at += len(piece)
        for one in parser.feed(piece) if piece else parser.close():
            if isinstance(one, str) and found and isinstance(found[-1], str):
                found[-1] += one
            elif one:
                found.append(one)
        if not piece:
            break
    assert all(
        number in range(1, 10) for o in found if isinstance(o, Cited) for number in o.numbers
    )
    return found


def batch() -> Target:
    """Return a target that asks the lines of any file of an empty library."""
    folder = Path(tempfile.mkdtemp())
    library, path = Library.open(folder / "library"), folder / "questions.jsonl"

    def asked(data: bytes) -> None:
        path.write_bytes(data)
        answers = list(answer_batch(library, path))
        assert len(answers) == sum(bool(line.strip()) for line in data.split(b"\n"))
        for one in answers:
            json.loads(json_line(one.answer))

    return asked


if __name__ == "__main__":
    targets: dict[str, Callable[[], Target]] = {
        "reader": lambda: reader,
        "splitter": lambda: splitter,
        "citations": lambda: citations,
        "batch": batch,
    }
    if len(sys.argv) < 2 or sys.argv[1] not in targets:
        sys.exit(__doc__)
    atheris.Setup([sys.argv[0], *sys.argv[2:]], targets[sys.argv[1]]())
    atheris.Fuzz()
