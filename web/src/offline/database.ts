/** The browser's own store: captures with their bytes, commands without an answer, and answers that were refused. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Command } from "../live/commands";
import type { CommandShelf, RefusedAnswer } from "../live/outbox";
import type { Capture, CaptureShelf } from "./captures";

const NAME = "sightline";
const VERSION = 1;

interface Kept extends DBSchema {
  captures: { key: string; value: Capture; indexes: { owner: string } };
  // ArrayBuffers and not Blobs: Safari has lost Blobs out of IndexedDB.
  bytes: { key: string; value: ArrayBuffer };
  commands: { key: string; value: { owner: string; command: Command }; indexes: { owner: string } };
  refused: { key: string; value: RefusedAnswer & { owner: string }; indexes: { owner: string } };
}

export type KeptDatabase = IDBPDatabase<Kept>;

export function openKept(): Promise<KeptDatabase> {
  return openDB<Kept>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore("captures", { keyPath: "id" }).createIndex("owner", "owner");
      database.createObjectStore("bytes");
      database.createObjectStore("commands", { keyPath: "command.command_id" }).createIndex("owner", "owner");
      database.createObjectStore("refused", { keyPath: "command.command_id" }).createIndex("owner", "owner");
    },
  });
}

export function captureShelf(database: KeptDatabase): CaptureShelf {
  return {
    async put(capture, bytes) {
      const tx = database.transaction(["captures", "bytes"], "readwrite", { durability: "strict" });
      await Promise.all([
        tx.objectStore("captures").put(capture),
        tx.objectStore("bytes").put(bytes, capture.id),
        tx.done,
      ]);
    },
    async update(capture) {
      await database.put("captures", capture);
    },
    async bytes(id) {
      return (await database.get("bytes", id)) ?? null;
    },
    async list(owner) {
      const captures = await database.getAllFromIndex("captures", "owner", owner);
      // Ids are ordered by clock.
      return captures.sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    async remove(id) {
      const tx = database.transaction(["captures", "bytes"], "readwrite");
      await Promise.all([tx.objectStore("captures").delete(id), tx.objectStore("bytes").delete(id), tx.done]);
    },
  };
}

export function commandShelf(database: KeptDatabase, owner: string): CommandShelf {
  return {
    async put(command) {
      await database.put("commands", { owner, command });
    },
    async refuse({ command, problem }) {
      const tx = database.transaction(["commands", "refused"], "readwrite");
      await Promise.all([
        tx.objectStore("refused").put({ owner, command, problem }),
        tx.objectStore("commands").delete(command.command_id),
        tx.done,
      ]);
    },
    async remove(commandId) {
      const tx = database.transaction(["commands", "refused"], "readwrite");
      await Promise.all([
        tx.objectStore("commands").delete(commandId),
        tx.objectStore("refused").delete(commandId),
        tx.done,
      ]);
    },
    async list() {
      const kept = await database.getAllFromIndex("commands", "owner", owner);
      return kept.map((one) => one.command).sort((one, other) => (one.command_id < other.command_id ? -1 : 1));
    },
    async listRefused() {
      return database.getAllFromIndex("refused", "owner", owner);
    },
  };
}

/** Forget everything: called at sign-out, so that the next person at this browser finds nothing. */
export async function wipeKept(): Promise<void> {
  const database = await openKept();
  const names = ["captures", "bytes", "commands", "refused"] as const;
  const tx = database.transaction(names, "readwrite");
  await Promise.all([...names.map((name) => tx.objectStore(name).clear()), tx.done]);
  database.close();
}
