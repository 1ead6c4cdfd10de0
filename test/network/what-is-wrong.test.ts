import * as v from 'valibot';
import { expect, test } from 'vitest';
import { networkChangeSchema } from '../../src/network/network-document.ts';
import { nodeActSchema } from '../../src/network/node-condition.ts';
import { whatIsWrong } from '../../src/network/what-is-wrong.ts';
import { testNodeId } from '../support/node-ids.ts';

const [from, to, id] = [1, 2, 3].map(testNodeId);
const rule = (more: object) => ({
  do: 'links',
  rules: [
    { from, to },
    { from, to, ...more },
  ],
});
const condition = (more: object) => ({ do: 'node', condition: { id, ...more } });
const inRule = (sentence: string) => `rule 2: ${sentence}`;

test.each<[unknown, string]>([
  [rule({ latencyMs: -1 }), inRule('latencyMs must be a number from 0 to 60000')],
  [rule({ latencyMs: '5' }), inRule('latencyMs must be a number from 0 to 60000')],
  [rule({ loss: null }), inRule('loss must be a number from 0 to 1')],
  [rule({ loss: 1e300 }), inRule('loss must be a number from 0 to 1')],
  [rule({ cut: 1 }), inRule('cut must be true or false')],
  [rule({ latency: 5 }), inRule("there is no field 'latency'")],
  [rule({ from: undefined }), inRule('from is missing')],
  [rule({ from: 'Otter' }), inRule('from is not a node id')],
  [rule({ to: from }), inRule('a link leads from one node to another')],
  [rule({ latencyMs: 5, jitterMs: 6 }), inRule('jitterMs may be latencyMs at most, a third of it for normal, three times it for long-tailed')], // prettier-ignore
  [rule({ latencyShape: 'flat' }), inRule('latencyShape is not as it should be')],
  [rule({ queueBytes: 5 }), inRule('queueBytes and burstBytes need bytesPerSecond')],
  [{ do: 'links', rules: [{ from }] }, 'rule 1: to is missing'],
  [{ do: 'links', rules: [] }, 'rules are missing'],
  [{ do: 'links' }, 'rules is missing'],
  [{ do: 'links', rules: {} }, 'rules is not as it should be'],
  [{ do: 'partition', groups: [[from], ['x']], style: 'cut' }, 'group 2: not a node id'],
  [{ do: 'links', rules: [5] }, 'rule 1: not as it should be'],
  [{ do: 'partition', groups: [[from]], style: 'wall' }, "style must be 'cut' or 'blackhole'"],
  [{ do: 'partition', groups: [], style: 'cut' }, 'a partition needs groups'],
  [condition({ slowMs: -5 }), 'slowMs must be a number from 0 to 5000'],
  [condition({ pauseMs: 5 }), "there is no field 'pauseMs'"],
  [condition({ id: 5 }), 'id is not a node id'],
])('NET-11 %o: the sentence names the field', (change, sentence) => {
  const result = v.safeParse(networkChangeSchema, change, { abortEarly: true });
  expect(whatIsWrong(result.issues![0])).toBe(sentence);
});

test.each<[unknown, string]>([
  [{ id, do: 'pause', ms: 0 }, 'pauseMs must be a number from 1 to 600000'],
  [{ id, do: 'pause', ms: 'long' }, 'pauseMs must be a number from 1 to 600000'],
  [{ id, do: 'pause' }, 'ms is missing'],
  [{ id, do: 'jump', byMs: 1e12 }, 'wallJumpMs must be a number from -86400000 to 86400000'],
  [{ id, do: 'restart', keepDisk: 'yes' }, 'keepDisk must be true or false'],
])('NET-11 %o: the sentence names what an act lacks', (act, sentence) => {
  const result = v.safeParse(nodeActSchema, act, { abortEarly: true });
  expect(whatIsWrong(result.issues![0])).toBe(sentence);
});
