/** From what this device sees of its own interruptions to what the server is told, in the server's time. */

import { ProblemError } from "../api/client";
import type { Claim } from "./interruptions";
import { InterruptionWatch } from "./interruptionWatch";
import type { Room } from "./room";
import type { Sender } from "./sender";
import type { Usage } from "./usage";

/** Report every interruption of what is sent. What cannot be told now waits in the room's outbox. */
export function watchOver(sender: Sender, room: Room, usage: Usage): InterruptionWatch {
  const at = (deviceMs: number) => new Date(room.clock.at(deviceMs)).toISOString();
  const tell = async ({ id, sourceId, cause, startMs, endMs }: Claim) => {
    try {
      await room.send({
        type: "interruption.report",
        interruption_id: id,
        source_id: sourceId,
        cause,
        started_at: at(startMs),
        ended_at: endMs === null ? null : at(endMs),
      });
    } catch (error) {
      // A refusal is final, and nothing that the person could do anything about.
      if (!(error instanceof ProblemError)) {
        throw error;
      }
    }
  };
  return new InterruptionWatch({
    sender,
    tell: (claim) => void tell(claim),
    count: (connection, bytes) => usage.add(connection, bytes),
  });
}
