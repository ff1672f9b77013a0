"""Files of events on their way in: CSV, NDJSON and Parquet, cut into numbered chunks that are each added once."""

from dure.ingest.imports.chunk import ROWS_A_CHUNK, Chunk, KnownChunk, Row
from dure.ingest.imports.columns import Columns, Reading
from dure.ingest.imports.file import EventFile, files_of
from dure.ingest.imports.incoming import incoming_of, line_of
from dure.ingest.imports.rehearsal import Rehearsal, rehearse
from dure.ingest.imports.rows import BadRow, BadRows
from dure.ingest.imports.run import Imported, import_events, known_chunks, texts_of

__all__ = [
    "ROWS_A_CHUNK",
    "BadRow",
    "BadRows",
    "Chunk",
    "Columns",
    "EventFile",
    "Imported",
    "KnownChunk",
    "Reading",
    "Rehearsal",
    "Row",
    "files_of",
    "import_events",
    "incoming_of",
    "known_chunks",
    "line_of",
    "rehearse",
    "texts_of",
]
