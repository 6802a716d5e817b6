"""What the bytes of an original say of themselves, measured while it is decoded; `examination` judges them. Pure."""

from pydantic import Field

from evidence.records import Count, Record


class Signals(Record):
    """Measurements of one file; None where the type has no such thing."""

    exif_tags: Count | None = None
    """Pieces of metadata a picture carries."""
    exif_width_px: Count | None = None
    """Size the metadata says the picture has."""
    exif_height_px: Count | None = None
    exif_changed_at: str | None = Field(default=None, max_length=40)
    """EXIF DateTime as ISO 8601: when a program last wrote the file, by the device's clock."""
    gps_at: str | None = Field(default=None, max_length=40)
    """Time of the satellites as ISO 8601 in UTC."""
    names_screen: Count | None = None
    """1 when the metadata calls the picture a screenshot."""
    jpeg_quality: int | None = Field(default=None, ge=1, le=100)
    """As libjpeg counts it, from the first quantization table."""
    jpeg_progressive: Count | None = None
    """1 for a progressive JPEG, which cameras do not write."""
    sharpness: float | None = Field(default=None, ge=0)
    """Variance of the Laplacian at 512 pixels; a sharp photograph has over 100, a blurred one under 20."""
    dark_share: float | None = Field(default=None, ge=0, le=1)
    """Share of pixels below 40 of 255."""
    raster: float | None = Field(default=None, ge=0, le=1)
    """How strongly the finest details repeat at a fixed distance, as the lines of a filmed screen do."""
    picture_hash: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """Difference hash of 16 by 16 bits; pictures that look alike differ in few of them."""
    hash_steps: int | None = Field(default=None, ge=0, le=256)
    """Bits of the hash that stand for more than noise; a blank wall has few, and looks like every other."""
