import { expect, test } from 'vitest';
import { csvText } from '../../../../client/platform/csv.ts';
import { sheetRows } from '../../../../client/session/board/sheet.ts';

const counts = { lost: 31, doubled: 1, resurrected: 2, superseded: 40, visible: 138 };
const sheet = { room: 'K7MHTA', node: 'Heron', ledgers: new Map([['lww' as const, { counts }]]) };

test('a sheet has an engine a line, and its fates add up to its writes', () => {
  expect(csvText(sheetRows(sheet))).toBe(
    'room,node,engine,writes,visible,superseded,resurrected,doubled,lost\r\n' +
      'K7MHTA,Heron,lww,212,138,40,2,1,31\r\n',
  );
});

test.each([
  ['Wren, the "second"', '"Wren, the ""second"""'],
  ['=1+1', "'=1+1"],
  ['Zoë', 'Zoë'],
])('the name %s is one cell and no formula', (node, cell) => {
  expect(csvText(sheetRows({ ...sheet, node }))).toContain(`\r\nK7MHTA,${cell},lww,`);
});
