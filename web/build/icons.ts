import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const PREFIX = "icon:";
const OWN = fileURLToPath(new URL("../src/ui/icons", import.meta.url));
const USWDS = fileURLToPath(new URL("../node_modules/@uswds/uswds/dist/img/usa-icons", import.meta.url));

/**
 * Turn `import outline from "icon:check_circle"` into the path data of that icon.
 *
 * Icons of our own (src/ui/icons) come first, then the USWDS set. Only imported icons reach the bundle, and they are
 * drawn as inline SVG in the text colour, so that forced colours work and the page needs no sprite file.
 */
export function icons(): Plugin {
  return {
    name: "icons",
    resolveId(id) {
      return id.startsWith(PREFIX) ? `\0${id}` : null;
    },
    load(id) {
      return id.startsWith(`\0${PREFIX}`)
        ? `export default ${JSON.stringify(outline(id.slice(PREFIX.length + 1)))};`
        : null;
    },
  };
}

/** Return the joined path data of an icon on a 24 by 24 grid. */
export function outline(name: string): string {
  const own = join(OWN, `${name}.svg`);
  const svg = readFileSync(existsSync(own) ? own : join(USWDS, `${name}.svg`), "utf8");
  const paths = [...svg.matchAll(/<path [^>]*\bd="([^"]+)"/g)].map((hit) => hit[1]);
  if (paths.length === 0 || /<(circle|rect|polygon|g)\b/.test(svg)) {
    throw new Error(`icon ${name} is not made of paths alone`);
  }
  return paths.join("");
}
