"""What the media process refuses, and what its clients raise when it does not answer."""

from server.errors import ServerError


class MediaUnavailable(ServerError):
    """The media process did not answer in time, or is not running. Trying again later is right."""

    code = "media_unavailable"


class MediaBusy(ServerError):
    """The media process has as much as it can bear, and takes nobody more in. Field: retry_after_s."""

    code = "media_busy"


class SourceUnknown(ServerError):
    """No such live source: never published, or ended. Field: source_id."""

    code = "source_unknown"


class OfferRefused(ServerError):
    """An offer that cannot be answered. Field: reason, one of `OfferFault`."""

    code = "offer_refused"


class IceSessionChanged(ServerError):
    """The ICE session is another one than the caller means: somebody restarted it. Field: etag, the present one's."""

    code = "ice_session_changed"


class ProbesBusy(ServerError):
    """As many try their path now as the process lets. Trying again soon is right."""

    code = "probes_busy"


class StillUnavailable(ServerError):
    """No picture came from the source within the bound. Field: source_id."""

    code = "still_unavailable"


MEDIA_ERRORS: dict[str, type[ServerError]] = {
    error.code: error
    for error in (
        MediaUnavailable,
        MediaBusy,
        SourceUnknown,
        OfferRefused,
        IceSessionChanged,
        ProbesBusy,
        StillUnavailable,
    )
}
"""Every refusal that crosses the control socket, by its code."""
