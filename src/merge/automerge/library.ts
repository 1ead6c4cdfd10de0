import type * as Automerge from '@automerge/automerge/slim';

/**
 * Automerge is a megabyte of WebAssembly, so it comes when a lesson wants it, and whoever makes an
 * engine hands it in, ready for use.
 */
export type AutomergeLibrary = typeof Automerge;

/** The document: at its root each field under `fieldName`. */
export type BoardDoc = Automerge.Doc<{ [name: string]: unknown }>;
