// What the pages load: few files of plain names, served by ourselves below /static/. Nothing is asked of any other host.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/web/built/",
  build: {
    outDir: "../src/homestretch/web/static/web/built",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: false,
    target: "es2022",
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: { "today-map": "today/main.ts", "map-view": "view/main.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
