// What the pages load: few files of plain names, served by ourselves below /static/. Nothing is asked of any other host.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/web/built/",
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "board-[name].js", chunkFileNames: "[name].js" } } },
  build: {
    outDir: "../src/homestretch/web/static/web/built",
    emptyOutDir: true,
    manifest: "manifest.json", // what the driver's phone keeps is read from it
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: false,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // they know light-dark(), which must not be rewritten
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        board: "board/main.tsx",
        charts: "charts/main.ts",
        console: "console/main.ts",
        draw: "draw/main.ts",
        driver: "driver/main.tsx",
        "driver-worker": "driver/worker.ts",
        "map-view": "view/main.ts",
        "pin-map": "pin/main.ts",
        "today-map": "today/main.ts",
        "track-map": "track/main.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
