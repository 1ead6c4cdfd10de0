import { LABEL_BYTES } from '../wire/lane.ts';

/**
 * In front of each frame: the version of the network document that its sender obeys as the frame
 * leaves, in four bytes, the highest first. Versions count what a teacher does, from 0: no lesson
 * comes near the end.
 */
const HIGHEST_LABEL = 2 ** 32 - 1;

/** The bytes are new: they share no memory with the frame. */
export function labelled(frame: Uint8Array, version: number): Uint8Array {
  const bytes = new Uint8Array(LABEL_BYTES + frame.length);
  new DataView(bytes.buffer).setUint32(0, Math.min(version, HIGHEST_LABEL));
  bytes.set(frame, LABEL_BYTES);
  return bytes;
}

/** Null for what is too short to be a label and a frame. */
export function readLabel(bytes: Uint8Array): number | null {
  if (bytes.length <= LABEL_BYTES) return null;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
