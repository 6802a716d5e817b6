"""What a decoding child finds in a file."""

from dataclasses import dataclass, field

from PIL import Image

from evidence.intake.decoding.jobs import Found


@dataclass
class Opened:
    """What decoding gave. `picture` is upright and not larger than needed; `media_type` is what the content is."""

    media_type: str
    facts: Found = field(default_factory=dict)
    claims: Found = field(default_factory=dict)
    signals: Found = field(default_factory=dict)
    text: str = ""
    picture: Image.Image | None = None
