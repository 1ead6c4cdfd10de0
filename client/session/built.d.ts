/** What the build knows and writes into the pages: see vite.config.ts. */
declare const AUTOMERGE_WASM_BYTES: number;
