"""What a browser loads before the first page shows."""

from tests.bench.lines import write_line
from tests.contract.test_budgets import entry_files, gzip_kb


def measure_pages() -> None:
    """Weigh the entry scripts and styles of the built front end."""
    js, css = (round(gzip_kb(*entry_files(suffix)), 1) for suffix in ("js", "css"))
    write_line("entry_kb_gzip", js=js, css=css)
