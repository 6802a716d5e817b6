import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SENTENCES } from "./problemSentences";

const REPOSITORY = join(import.meta.dirname, "../../..");

/** The `code` of every error class of the three Python packages. */
function serverCodes(): string[] {
  const files = ["evidence", "sessions", "server"].flatMap((name) =>
    readdirSync(join(REPOSITORY, name), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".py"))
      .map((file) => join(REPOSITORY, name, file)),
  );
  return files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^ {4}code = "(\w+)"$/gm)].map((hit) => hit[1] ?? ""),
  );
}

test("every refusal of the server has a sentence", () => {
  const codes = serverCodes();
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((code) => !(code in SENTENCES))).toEqual([]);
});
