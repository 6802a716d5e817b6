"""Opening PDF documents with PDFium: how many pages, what they look like, what is written on them."""

import pypdfium2

from evidence.intake.decoding.jobs import Job, RefusedError
from evidence.intake.decoding.opened import Opened
from evidence.intake.decoding.pictures import PAGE_PX, THUMBNAIL_PX
from evidence.intake.decoding.texts import TEXT_LIMIT, tidy

PAGES_READ = 500
"""Pages whose text is taken."""


def open_pdf(job: Job) -> Opened:
    """Count a document's pages and draw one of them; its text when it is examined. Raises: RefusedError."""
    try:
        document = pypdfium2.PdfDocument(job["path"])
    except pypdfium2.PdfiumError as error:
        raise RefusedError("encrypted" if "password" in str(error).lower() else "damaged") from None
    try:
        if len(document) == 0:
            raise RefusedError("damaged")
        found = Opened(job["media_type"], facts={"pages": len(document)})
        page = document[job["page"]]
        width, height = page.get_size()
        side = PAGE_PX if job["task"] == "draw" else THUMBNAIL_PX
        found.picture = page.render(scale=side / max(width, height, 1.0)).to_pil()
        if job["task"] == "examine":
            found.text = _text(document)
        return found
    finally:
        document.close()


def _text(document: pypdfium2.PdfDocument) -> str:
    parts: list[str] = []
    for number in range(min(len(document), PAGES_READ)):
        page = document[number]
        written = page.get_textpage()
        parts.append(tidy(written.get_text_range()))
        written.close()
        page.close()
        if sum(map(len, parts)) > TEXT_LIMIT:
            break
    # A form feed between pages, so that a search can say on which page it found something.
    return "\f".join(parts)[:TEXT_LIMIT]
