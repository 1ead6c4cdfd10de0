import { expect, test } from 'vitest';
import { csvFile } from '../../../client/platform/csv.ts';
import { sheetFileName } from '../../../client/platform/save-file.ts';
import type { RoomCode } from '../../../src/vocabulary.ts';

const ROOM = 'K7MHTA' as RoomCode;

test('a sheet begins with the mark by which spreadsheets know its letters', async () => {
  const file = csvFile([['Zoë', 1]]);
  expect(file.type).toBe('text/csv');
  const bytes = [...new Uint8Array(await file.arrayBuffer())];
  expect(bytes.slice(0, 3)).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder().decode(new Uint8Array(bytes.slice(3)))).toBe('Zoë,1\r\n');
});

test('a sheet is named for its node, or for the hour of its class', () => {
  expect(sheetFileName(ROOM, 'Wren / 2')).toBe('netsplit-K7MHTA-Wren-2.csv');
  const date = new Date('2026-03-02T10:42:07Z');
  expect(sheetFileName(ROOM, date)).toBe('netsplit-K7MHTA-2026-03-02T10-42.csv');
});
