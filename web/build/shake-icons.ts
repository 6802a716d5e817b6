import type { Plugin } from "vite";

/**
 * Make `@trussworks/react-uswds` tree-shakeable.
 *
 * Its bundle calls `memo(` and `forwardRef(` at the top level and holds 240 icons in static blocks, so that one
 * button would cost 41 kB. Those calls are marked pure and the icons that are really used become variables.
 */
export function shakeIcons(): Plugin {
  return {
    name: "shake-icons",
    transform: {
      filter: { id: /react-uswds[\\/]lib[\\/]index\.js$/ },
      handler(code) {
        return shake(code);
      },
    },
  };
}

export function shake(code: string): string {
  const icons = new Map(
    [...code.matchAll(/static \{\s*this\.(\w+) = (\w+\(\w+\));\s*\}/g)].map((hit) => [hit[1], hit[2]]),
  );
  const holder = /(\w+) = class \{\s*static \{\s*this\.AccessibilityNew/.exec(code)?.[1];
  if (!holder || icons.size < 200) {
    throw new Error("react-uswds changed shape: review build/shake-icons.ts");
  }
  const shaken = code
    .replace(/ = ([a-z]|memo|forwardRef)\(\(/g, " = /* @__PURE__ */ $1((")
    .replace(/static \{\s*this\.(\w+) = ([^;]+);\s*\}/g, "static $1 = /* @__PURE__ */ $2;")
    .replace(/^\w+\.displayName = .*$/gm, "");
  const use = new RegExp(`\\b${holder}\\.([A-Z]\\w+)`, "g");
  const named = [...new Set([...shaken.matchAll(use)].map((hit) => hit[1]))].map(
    (icon) => `var icon$${icon} = /* @__PURE__ */ ${icons.get(icon)};`,
  );
  return `${shaken.replace(use, "icon$$$1")}\n${named.join("\n")}`;
}
