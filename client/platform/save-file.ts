import type { RoomCode } from '../../src/vocabulary.ts';

/** A browser has taken it by then, however large it is. */
const KEPT_MS = 60_000;

export function recordingFileName(room: RoomCode, date: Date): string {
  return `netsplit-${room}-${dayOf(date)}.ndjson`;
}

/** @param of the node whose sheet it is, or when the class's was made */
export function sheetFileName(room: RoomCode, of: string | Date): string {
  const what = of instanceof Date ? dayOf(of) : of.replace(/[^\p{L}\p{N}]+/gu, '-');
  return `netsplit-${room}-${what}.csv`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 16).replace(':', '-');
}

/** As a download: it goes where the browser puts them. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
