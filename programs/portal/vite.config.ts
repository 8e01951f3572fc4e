/** Builds the portal into `dist`: hashed files, pages split, nothing inline (the server's CSP forbids it), and the size of the first load told. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, brotliCompressSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Compressed bytes that a first visit may load. */
const FIRST_LOAD_LIMIT = 300_000;

/** Sums the entry, what it imports statically and its style sheets; fails the build above the limit. */
function firstLoad(): Plugin {
  return {
    name: "yagura-first-load",
    generateBundle(_, bundle) {
      const seen = new Set<string>();
      const visit = (name: string): void => {
        const chunk = bundle[name];
        if (seen.has(name) || chunk?.type !== "chunk") return;
        seen.add(name);
        for (const css of chunk.viteMetadata?.importedCss ?? []) seen.add(css);
        for (const each of chunk.imports) visit(each);
      };
      for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === "chunk" && chunk.isEntry) visit(name);
      let gzip = 0;
      let brotli = 0;
      for (const name of seen) {
        const part = bundle[name];
        const content = part?.type === "chunk" ? part.code : (part?.source ?? "");
        gzip += gzipSync(content).length;
        brotli += brotliCompressSync(content).length;
      }
      this.info(
        `first load ${(gzip / 1000).toFixed(1)} kB gzip, ${(brotli / 1000).toFixed(1)} kB brotli, ${seen.size} files`,
      );
      if (gzip > FIRST_LOAD_LIMIT) this.error(`The first load is above its limit of ${FIRST_LOAD_LIMIT / 1000} kB`);
    },
  };
}

/** Days that files of former builds stay, so that a page opened before an upgrade still finds its code. */
const FORMER_DAYS = 2;

/** Removes what former builds left and nobody can need any more. */
function pruneFormer(): Plugin {
  return {
    name: "yagura-prune-former",
    writeBundle({ dir }, bundle) {
      const folder = join(dir ?? "dist", "assets");
      for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        const old = statSync(file).mtimeMs < Date.now() - FORMER_DAYS * 86_400_000;
        if (old && bundle[`assets/${name}`] === undefined) rmSync(file);
      }
    },
  };
}

// A build started by a test runner inherits NODE_ENV=test, and React would come in its slow development form.
process.env["NODE_ENV"] = "production";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), firstLoad(), pruneFormer()],
  css: { lightningcss: { targets: { chrome: 125 << 16, safari: 18 << 16, firefox: 128 << 16 } } },
  build: {
    target: "es2023",
    cssTarget: ["chrome125", "safari18", "firefox128"],
    outDir: "dist",
    emptyOutDir: false,
    // A data: URL would be refused by the content security policy for scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: false,
  },
  server: { proxy: { "/api": "http://localhost:8480", "/healthz": "http://localhost:8480" } },
});
