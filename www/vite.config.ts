// How the demo is bundled.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    // Under a Content-Security-Policy the worker, its wasm and every image are files of this origin, never data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
