import { describe, expect, test } from 'vitest';
import { nodeOrders, type NodeFields } from '../../../client/session/node-orders.ts';
import { testNodeId } from '../../support/node-ids.ts';

const id = testNodeId(1);

describe('what netsplit.teacher.node is told', () => {
  test.each<[NodeFields, object[]]>([
    [{}, []],
    [{ wallOffsetMs: 5_000 }, [{ condition: { id, wallOffsetMs: 5_000 } }]],
    [{ unplugged: false, slowMs: 0 }, [{ condition: { id, unplugged: false, slowMs: 0 } }]],
    [{ pauseMs: 4_000 }, [{ act: { id, do: 'pause', ms: 4_000 } }]],
    [{ wallJumpMs: -5 }, [{ act: { id, do: 'jump', byMs: -5 } }]],
    [{ edits: [{ do: 'add' }] }, [{ act: { id, do: 'edit', deeds: [{ do: 'add' }] } }]],
    [{ crash: true }, [{ act: { id, do: 'crash' } }]],
    [{ crash: false, restart: false }, []],
    [{ restart: true }, [{ act: { id, do: 'restart', keepDisk: true } }]],
    [{ restart: {} }, [{ act: { id, do: 'restart', keepDisk: true } }]],
    [{ restart: { keepDisk: false } }, [{ act: { id, do: 'restart', keepDisk: false } }]],
  ])('%j', (fields, orders) => {
    expect(nodeOrders(id, fields)).toEqual(orders);
  });

  test('is done in the order of the fields; what stands is one change, where its first field is', () => {
    const fields = { crash: true, slowMs: 5, restart: true, driftPpm: 9, pauseMs: 3 };
    expect(nodeOrders(id, fields)).toEqual([
      { act: { id, do: 'crash' } },
      { condition: { id, slowMs: 5, driftPpm: 9 } },
      { act: { id, do: 'restart', keepDisk: true } },
      { act: { id, do: 'pause', ms: 3 } },
    ]);
  });

  test.each<[object, string]>([
    [{ slowMs: -1 }, 'slowMs must be'],
    [{ wallOffset: 5 }, "there is no field 'wallOffset'"],
    [{ crash: true, pauseMs: 0 }, 'pauseMs must be'],
    [{ pauseMs: null }, 'pauseMs must be'],
    [{ wallJumpMs: 1e12 }, 'wallJumpMs must be'],
    [{ edits: 'all' }, 'deeds must be'],
    [{ edits: Array(65).fill({}) }, 'deeds must be'],
    [{ crash: 'yes' }, 'crash must be'],
    [{ restart: 'yes' }, 'keepDisk must be'],
    [{ restart: null }, 'keepDisk must be'],
    [{ restart: { keepDisk: 1 } }, 'keepDisk must be'],
    [{ constructor: 5 }, "there is no field 'constructor'"],
  ])('is refused as a whole if a part of it cannot be: %j', (fields, sentence) => {
    const refusal = nodeOrders(id, { slowMs: 5, ...fields } as NodeFields);
    expect(refusal).toMatchObject({ code: 'bad-rule', message: expect.stringContaining(sentence) });
  });

  test('for what is no id is for no node', () => {
    expect(nodeOrders('Otter', { crash: true })).toMatchObject({ code: 'unknown-node' });
    expect(nodeOrders('Otter', { slowMs: 5 })).toMatchObject({ code: 'unknown-node' });
  });
});
