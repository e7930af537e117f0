// How the dashboard is built: one page, a file of script for each part that is opened. Nothing is inlined, so that a strict policy can hold.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8484' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The first page's script; bench/first-page.ts holds it to its size as it travels, compressed.
    chunkSizeWarningLimit: 700,
  },
});
