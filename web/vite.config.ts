// How the dashboard is built: one page, a file of script for each part that is opened. Nothing is inlined, so that a strict policy can hold.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Below this a file travels as well as it is. Bytes. */
const SMALL = 1024;

/** A smaller twin beside each file of text, so that nothing is compressed while somebody waits. */
function compressed(): Plugin {
  return {
    name: 'compressed-twins',
    apply: 'build',
    writeBundle({ dir = '' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const file = join(dir, name);
        const text = readFileSync(file);
        if (text.length < SMALL) continue;
        writeFileSync(`${file}.br`, brotliCompressSync(text));
        writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8484' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The first page's script; a test holds it to its size as it travels, compressed.
    chunkSizeWarningLimit: 700,
  },
});
