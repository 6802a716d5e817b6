import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Lane, SessionRecording } from "../../api/review";
import { renderIn } from "../../testing/render";
import { LaneClock } from "./clock";
import { Player } from "./Player";

const LANE: Lane = {
  id: "0192d0a0-0000-7000-8000-000000000001",
  participant_id: "0192d0a0-0000-7000-8000-000000000002",
  name: "Ana Ruiz",
  kind: "camera",
  source_type: "live_device",
  source_name: null,
  media_type: "video/mp4",
  digest: "00",
  bytes: 1,
  duration_ms: 1000,
  gaps: [],
};
const RECORDING: SessionRecording = {
  validation_session_id: "0192d0a0-0000-7000-8000-000000000003",
  started_at: "2026-11-24T14:00:00Z",
  ended_at: "2026-11-24T14:00:01Z",
  complete: true,
  lanes: [LANE, { ...LANE, id: "0192d0a0-0000-7000-8000-000000000004", media_type: "video/webm" }],
};

test("what this browser cannot play is said in words with the way to take it, and is no black box", () => {
  // The browser of these tests plays nothing at all.
  renderIn("es", <Player recording={RECORDING} clock={new LaneClock(1000)} zone="UTC" />);
  expect(screen.getByText(/no puede reproducir “.* Ana Ruiz” \(MP4\)/)).toBeTruthy();
  expect(screen.getByText(/no puede reproducir “.* Ana Ruiz” \(WebM\)/)).toBeTruthy();
  const links = screen.getAllByRole("link", { name: "Descargar el archivo" });
  expect(links.map((link) => link.getAttribute("href"))).toEqual(
    RECORDING.lanes.map((lane) => `/api/recordings/${lane.id}/content?download=true`),
  );
  expect(document.querySelector("video")).toBeNull();
});
