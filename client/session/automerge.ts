import * as automerge from '@automerge/automerge/slim';
import wasm from '@automerge/automerge/automerge.wasm?url';
import type { AutomergeLibrary } from '../../src/merge/automerge/library.ts';
import { fetchBytes, type Fetched } from '../platform/fetch-bytes.ts';
import type { Timers } from '../platform/timers.ts';

/** Automerge, ready for use: more than a megabyte travels. @param tell hears how far it is */
export async function readyAutomerge(
  timers: Timers,
  tell: (fetched: Fetched) => void,
): Promise<AutomergeLibrary> {
  await automerge.initializeWasm(await fetchBytes(wasm, AUTOMERGE_WASM_BYTES, timers, tell));
  return automerge;
}
