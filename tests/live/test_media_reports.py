"""What the media process reports is taken in once, whoever was away meanwhile."""

from uuid import UUID, uuid4

from sqlalchemy import update

from evidence.ids import CaseId, SourceId
from server.live.enforcement import LOST_AFTER, close_lost
from server.live.store import insert_viewer, is_viewer
from server.live.tables import viewer
from server.media.wire import Publish, SourceKind
from tests.media.peers import MovingPicture, PublishingPeer, Tone
from tests.parts.broadcasts import hang_up, publish, sources
from tests.parts.site import Site, media_beside
from tests.waiting import wait_until


async def test_source_that_no_row_knows_is_ended(live_site: Site) -> None:
    """An API that died between answer and row leaves one; its end is passed over and what follows is taken in."""
    site = live_site
    peer = PublishingPeer(Tone(440))
    site.on_close(peer.pc.close)
    answered = await site.services.media.publish(
        Publish(
            room_id=UUID(site.ids["session"]),
            case_id=CaseId(UUID(site.ids["validation"])),
            source_id=SourceId(uuid4()),
            kind=SourceKind.MICROPHONE,
            offer_sdp=await peer.offer(),
            record=True,
        )
    )
    await peer.accept(answered.answer_sdp)

    async def ended() -> bool:
        return await sources(site) == set()

    await wait_until(ended, within_s=30)
    told, _ = await publish(site, "phone", Tone(440), kind="microphone")
    await hang_up(site, "phone", told.location)
    await site.worked_until("evidence.recording_closed", source_id=told.source_id)
    assert site.crashes == []


async def test_api_that_was_away_catches_up(live_site: Site) -> None:
    """Neither tour nor recording is interrupted; what was reported meanwhile is stated once."""
    site = live_site
    told, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    await site.stop_api()
    before = await frames(site, told.source_id)

    async def went_on() -> bool:
        return await frames(site, told.source_id) > before + 60

    await wait_until(went_on, within_s=30)
    await site.services.media.unpublish(SourceId(UUID(told.source_id)), reason="network")
    await site.start_api()
    closed = await site.worked_until("tour.source_closed", source_id=told.source_id)
    assert closed["reason"] == "network"
    await site.worked_until("evidence.recording_closed", source_id=told.source_id)
    assert len(await site.stated("evidence.segment_closed", source_id=told.source_id)) >= 1


async def frames(site: Site, source_id: str) -> int:
    """Return how many pictures of a source passed through."""
    health = await site.services.media.health()
    return next(source.video_frames for source in health.sources if str(source.source_id) == source_id)


async def test_source_that_media_lost_is_closed(embedded_site: Site) -> None:
    """A media process that ends says so, or says it at its next start."""
    site = embedded_site
    async with media_beside(site):
        await site.go_live()
        told, _ = await publish(site, "phone", Tone(440), kind="microphone")
    closed = await site.worked_until("tour.source_closed", source_id=told.source_id)
    assert closed["reason"] == "media_stopped"


async def test_viewers_of_a_killed_process_are_forgotten(embedded_site: Site) -> None:
    """It can report the end of none. One that is on its way to a process is left."""
    site = embedded_site
    async with media_beside(site):
        await site.go_live()
        old, fresh = uuid4(), uuid4()
        async with site.services.database.write() as tx:
            for peer_id in (old, fresh):
                await insert_viewer(
                    tx,
                    peer_id=peer_id,
                    source_id=None,
                    participant_id=UUID(site.ids["guest"]),
                    validation_session_id=UUID(site.ids["session"]),
                )
            aged = update(viewer).where(viewer.c.peer_id == old).values(opened_at=tx.now - 2 * LOST_AFTER)
            await tx.execute(aged)
        await close_lost(site.services, await site.services.media.health())
        async with site.services.database.read() as tx:
            assert [await is_viewer(tx, one) for one in (old, fresh)] == [False, True]
