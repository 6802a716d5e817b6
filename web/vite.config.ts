import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { icons } from "./build/icons";

const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  plugins: [react(), lingui({ macroTransform: true }), icons()],
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
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          // Dozens of crumbs would each cost a round trip: what every page shares is one file, and so are the small
          // pages of the office. Joining, the room and the review stay apart, since others open them.
          groups: [
            { name: "vendor", test: /node_modules|rolldown-runtime|preload-helper/, tags: ["$initial"] },
            { name: "shared", test: /src[\\/](ui|app)[\\/]|src[\\/]api[\\/](?!follow|sdp|review)|icon:/ },
            {
              name: "office",
              test: /src[\\/]pages[\\/](home|logins|members|validations|reviews|criteria|accounts)[\\/]/,
            },
          ],
        },
      },
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
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
  },
});
