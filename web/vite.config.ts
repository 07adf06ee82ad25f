import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import components from "unplugin-vue-components/vite";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import { defineConfig } from "vitest/config";

const server = process.env["TINGZHU_ADDRESS"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/app/",
  plugins: [
    vue(),
    // Element Plus component by component: only what is used is loaded
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: "css" })] }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../build/assets/web",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    manifest: "manifest.json",
  },
  server: { proxy: { "/api": server } },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"], server: { deps: { inline: ["element-plus"] } } },
});
