import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { shakeIcons } from "./build/shake-icons";

const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  plugins: [react(), lingui({ macroTransform: true }), shakeIcons()],
  css: {
    preprocessorOptions: {
      scss: { loadPaths: ["node_modules/@uswds/uswds/packages"], quietDeps: true },
    },
  },
  build: {
    outDir: "dist",
    target: "es2022",
    // The content security policy allows no data: fonts or styles, so nothing is inlined.
    assetsInlineLimit: 0,
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /react-uswds.lib.index.js/, sideEffects: false }] },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": SERVER,
      "/socket.io": { target: SERVER, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"],
    restoreMocks: true,
  },
});
