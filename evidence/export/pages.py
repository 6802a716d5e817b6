"""The pages of a bundle that people read: an index of everything and a summary that prints on one page.

They work offline and without scripts. Everything that came from outside is escaped.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape

from evidence.export.contents import BagObject, ExportContents, SummaryTable
from evidence.ledger.rules import read_body, timestamp
from evidence.ledger.store import SealedEntry

SUMMARY_ROWS = 6
"""Rows of a table on the one-page summary; the index has them all."""
SUMMARY_CELL = 80
"""Characters of a cell on the one-page summary."""
SHORT_CELL = 16
"""Characters up to which a cell is kept on one line: dates, numbers, verdicts."""
_STYLE = """
@page { size: letter; margin: 14mm }
* { box-sizing: border-box }
body { color: #1b1b1b; font: 15px/1.5 "Public Sans", "Source Sans 3", "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem 4rem }
header { border-bottom: 3px solid #162e51; margin-bottom: 1.5rem; padding-bottom: .75rem }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 }
h2 { color: #162e51; font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .4rem 0; max-width: 46rem }
header p, .quiet { color: #565c65 }
a { color: #005ea2 }
dl { display: grid; gap: .25rem 1.5rem; grid-template-columns: max-content 1fr; margin: 0 }
dt { color: #565c65 }
dd { margin: 0 }
table { border-collapse: collapse; width: 100% }
th { border-bottom: 2px solid #a9aeb1; font-weight: 600; text-align: left }
th, td { padding: .3rem .6rem .3rem 0; vertical-align: top }
td { border-bottom: 1px solid #dfe1e2; overflow-wrap: break-word }
td:first-child { min-width: 3rem }
time, .short { white-space: nowrap }
.said { color: #565c65; font-size: .9em; overflow-wrap: anywhere }
code { font: .82em/1.4 "Roboto Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere }
video { background: #1b1b1b; display: block; max-width: 100%; width: 40rem }
audio { display: block; width: 40rem; max-width: 100% }
figure { margin: .75rem 0 }
figcaption { color: #565c65 }
img { display: block; max-height: 6rem; max-width: 8rem }
.scroll { overflow-x: auto }
.brief { font-size: 12px; line-height: 1.3; padding-top: 1rem }
.brief h1 { font-size: 1.7em }
.brief header { margin-bottom: .8em; padding-bottom: .4em }
.brief p { margin: .2em 0; max-width: none }
.brief dl { gap: .1em 1.5em; grid-template-columns: max-content 1fr max-content 1fr }
.brief h2 { font-size: 1.2em; margin: .8em 0 .2em }
.brief th, .brief td { padding: .1em .7em .1em 0 }
@media print { body { font-size: 10pt; max-width: none; padding: 0 } .brief { font-size: 8pt; padding: 0 }
  a { color: inherit }
  h2 { break-after: avoid } tr { break-inside: avoid } video, audio, nav { display: none } }
"""


def index_page(contents: ExportContents) -> str:
    """Return the page that shows everything in the bundle."""
    pictures = {item.parent_id: item for item in contents.derivatives if item.media_type.startswith("image/")}
    return _page(
        contents,
        "index",
        _facts(contents),
        *(_table(table.title, table.columns, map(_cells, table.rows)) for table in contents.summary.tables),
        _table(
            "Originals",
            ("Picture", "File", "Received (UTC)", "Size", "SHA-256"),
            (_evidence_row(item, pictures.get(item.id)) for item in contents.originals),
        ),
        "<h2>Recordings</h2>",
        *(_player(item) for item in contents.derivatives if item.media_type.startswith(("audio/", "video/"))),
        _recordings(contents),
        _table("Timeline", ("Entry", "Time (UTC)", "Who", "What", "Said"), map(_entry_row, contents.ledger.entries)),
        _checking(contents),
    )


def summary_page(contents: ExportContents) -> str:
    """Return the summary for one printed page."""
    return _page(
        contents,
        "brief",
        _facts(contents),
        *(_short(table) for table in contents.summary.tables if table.brief),
        _table(
            "Originals",
            ("File", "Received (UTC)", "SHA-256"),
            (
                (escape(_cut(item.title)), _time(item.at), f"<code>{item.digest}</code>")
                for item in contents.originals[:SUMMARY_ROWS]
            ),
        ),
        _more(len(contents.originals)),
        _recordings(contents),
        _checking(contents),
    )


def _page(contents: ExportContents, kind: str, *parts: str) -> str:
    other = ("index.html", "Everything in the bundle") if kind == "brief" else ("summary.html", "Summary for print")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(contents.summary.title)}</title><style>{_STYLE}</style></head>"
        f'<body class="{kind}"><header><h1>{escape(contents.summary.title)}</h1>'
        f"<p>{escape(contents.summary.subtitle)}</p>"
        f"<p>Exported {_time(contents.made_at)} UTC by {escape(contents.made_by)}, {escape(contents.organization)}</p>"
        f'<nav><a href="{other[0]}">{other[1]}</a></nav></header><main>{"".join(parts)}</main></body></html>\n'
    )


def _facts(contents: ExportContents) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in contents.summary.facts)
    return f"<dl>{rows}</dl>"


def _cells(row: Iterable[str]) -> tuple[str, ...]:
    return tuple(_cell(cell) for cell in row)


def _cell(text: str) -> str:
    if len(text) <= SHORT_CELL:
        return f'<span class="short">{escape(text)}</span>'
    return escape(text).replace("\n", "<br>")


def _table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    if not lines:
        return f'<h2>{escape(title)}</h2><p class="quiet">None.</p>'
    return (
        f'<h2>{escape(title)}</h2><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _short(table: SummaryTable) -> str:
    rows = (map(_cut, row) for row in table.rows[:SUMMARY_ROWS])
    return _table(table.title, table.columns, map(_cells, rows)) + _more(len(table.rows))


def _cut(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= SUMMARY_CELL else line[: SUMMARY_CELL - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _more(count: int) -> str:
    hidden = count - SUMMARY_ROWS
    return f'<p class="quiet">And {hidden} more in index.html.</p>' if hidden > 0 else ""


def _evidence_row(item: BagObject, picture: BagObject | None) -> tuple[str, ...]:
    shown = f'<img src="{escape(picture.path)}" alt="">' if picture else ""
    link = f'<a href="{escape(item.path)}">{escape(item.title)}</a>'
    return shown, link, _time(item.at), _size(item.bytes), f"<code>{item.digest}</code>"


def _player(item: BagObject) -> str:
    kind = "audio" if item.media_type.startswith("audio/") else "video"
    title = escape(item.title)
    return (
        f'<figure><{kind} controls preload="none" src="{escape(item.path)}" aria-label="{title}"></{kind}>'
        f"<figcaption>{title}</figcaption></figure>"
    )


def _recordings(contents: ExportContents) -> str:
    whole = sum(item.bytes for item in contents.recordings)
    return (
        f"<p>{len(contents.recordings)} recorded pieces, {_size(whole)}, in <code>data/recordings</code>; "
        "each piece's digest is the next link of its recording's chain in the ledger.</p>"
    )


def _entry_row(entry: SealedEntry) -> tuple[str, ...]:
    header = entry.header
    at = _time(header.at)
    if entry.body is None:
        hidden = "government only" if header.entry_class == "government" else "destroyed"
        return str(header.seq), at, "", f'<span class="quiet">{hidden}</span>', ""
    body = read_body(entry.body)
    said = ", ".join(f"{name}: {_value(value)}" for name, value in body.data.items() if value not in (None, "", [], {}))
    what = body.tag.replace(".", ": ").replace("_", " ")
    return str(header.seq), at, escape(body.actor.name), escape(what), f'<span class="said">{escape(said)}</span>'


def _time(at: datetime) -> str:
    whole = timestamp(at)
    return f'<time datetime="{whole}">{whole[:19].replace("T", " ")}</time>'


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _checking(contents: ExportContents) -> str:
    checkpoint = contents.ledger.checkpoint
    return (
        "<h2>How to check it</h2>"
        f"<p>The ledger has {checkpoint.size} entries with the root <code>{checkpoint.root}</code>, signed by "
        f"<code>{escape(contents.vkey)}</code>. Compare this key with one you were given elsewhere: a key that comes "
        "with a bundle proves nothing about it.</p>"
        "<p><code>sha256sum -c manifest-sha256.txt</code> shows that no file changed since the export. "
        "<code>sightline verify BUNDLE --key KEY</code>, or <code>--receipt FILE</code>, shows that the ledger, the "
        "files and these pages are what that key signed. README.txt says how to do it without our software.</p>"
    )


def _size(count: int) -> str:
    if count < 1000:  # noqa: PLR2004  (the prefix kilo)
        return f"{count} bytes"
    return f"{count / 1000:,.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"  # noqa: PLR2004  (mega)
