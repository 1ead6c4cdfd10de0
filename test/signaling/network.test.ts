import { join } from 'node:path';
import { open } from 'lmdb';
import { describe, expect, test } from 'vitest';
import { UNTOUCHED, type NetworkChange } from '../../src/network/network-document.ts';
import { DEFAULT_CHOICES } from '../../src/network/room-choices.ts';
import type { NodeAct } from '../../src/network/node-condition.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import { ask, codes, makeFolder, openRoom, serve, tab, verdict, type Tab } from './support.ts';

async function classroom(options: Parameters<typeof serve>[0] = {}) {
  const server = await serve(options);
  const { code, key } = await openRoom(server);
  const [teacher, ...nodes] = [tab(server), tab(server), tab(server), tab(server)] as const;
  await teacher.enter(code, { role: 'observer', key });
  for (const [i, node] of nodes.entries()) await node.enter(code, { name: ['Otter', 'Heron', 'Wren'][i]! }); // prettier-ignore
  const [a, b, c] = nodes;
  return { server, code, key, teacher, a, b, c };
}

/** The document, as a tab that enters now hears it. */
async function documentFor({
  server,
  code,
}: Pick<Awaited<ReturnType<typeof classroom>>, 'server' | 'code'>) {
  const answer = await tab(server).enter(code);
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.network;
}

const cut = (from: Tab, to: Tab): NetworkChange => ({
  do: 'links',
  rules: [{ from: from.id, to: to.id, cut: true }],
});
const offer = { type: 'offer', sdp: 'v=0\r\n' } as const;
const send = (from: Tab, to: Tab, nonce: string, type: 'offer' | 'knock' = 'offer') =>
  from.socket.emit('signal', { to: to.id, nonce, signal: type === 'offer' ? offer : { type } });

describe('documents', () => {
  test('SIG-70 a change reaches everyone in the room, and whoever enters later', async () => {
    const room = await classroom();
    const { server, code, key, teacher, a, b } = room;
    const screen = tab(server);
    await screen.enter(code, { role: 'observer', key });
    const heard = [a, b, screen].map((each) => each.next('network'));
    const answer = await teacher.network(cut(a, b));
    const document = {
      version: 1,
      rules: [{ cut: true, from: a.id, to: b.id }],
      conditions: [],
      title: 'cuts Otter → Heron',
      choices: DEFAULT_CHOICES,
      at: expect.any(Number),
    };
    expect(answer).toEqual({ ok: true, document });
    expect(await Promise.all(heard)).toEqual([document, document, document]);
    expect(await documentFor(room)).toEqual(document);
    expect(teacher.heard.network).toEqual([]);
  });

  test('SIG-70 what changes nothing is answered, and told to nobody', async () => {
    const { teacher, a, b } = await classroom();
    const first = await teacher.network(cut(a, b));
    expect(await teacher.network(cut(a, b))).toEqual(first);
    expect(await teacher.network({ do: 'heal' })).toMatchObject({ document: { version: 2 } });
    expect(await teacher.network({ do: 'heal' })).toMatchObject({ document: { version: 2 } });
    await a.settled();
    expect(a.heard.network.map(({ version }) => version)).toEqual([1, 2]);
  });

  test('SIG-14 only the holder of the key lays anything upon the network', async () => {
    const room = await classroom();
    const { server, code, teacher, a, b } = room;
    await ask((reply) => teacher.socket.emit('settings', { godView: true }, reply));
    const onlooker = tab(server);
    expect(verdict(await onlooker.enter(code, { role: 'observer' }))).toBe('ok');
    const liar = tab(server);
    await liar.enter(code, { role: 'observer', key: 'f'.repeat(32) });
    for (const [who, why] of [
      [a, 'not-teacher'],
      [onlooker, 'not-teacher'],
      [liar, 'not-entered'],
      [tab(server), 'not-entered'],
    ] as const) {
      expect(verdict(await who.network(cut(a, b)))).toBe(why);
      expect(verdict(await who.network({ do: 'heal' }))).toBe(why);
      expect(verdict(await who.act({ id: b.id, do: 'crash' }))).toBe(why);
    }
    await b.settled();
    expect([b.heard.act, b.heard.network]).toEqual([[], []]);
    expect(await documentFor(room)).toEqual(UNTOUCHED);
  });

  test.each<[string, (a: NodeId, b: NodeId) => unknown]>([
    ['latencyMs', (from, to) => ({ do: 'links', rules: [{ from, to, latencyMs: -5 }] })],
    ['latencyMs', (from, to) => ({ do: 'links', rules: [{ from, to, latencyMs: 1e9 }] })],
    ['jitterMs', (from, to) => ({ do: 'links', rules: [{ from, to, latencyMs: 5, jitterMs: 9 }] })],
    ['loss', (from, to) => ({ do: 'links', rules: [{ from, to, loss: 1.5 }] })],
    ['loss', (from, to) => ({ do: 'links', rules: [{ from, to, loss: '20 %' }] })],
    ['loss', (from, to) => ({ do: 'links', rules: [{ from, to, loss: NaN }] })],
    ['duplicate', (from, to) => ({ do: 'links', rules: [{ from, to, duplicate: -0.1 }] })],
    ['corrupt', (from, to) => ({ do: 'links', rules: [{ from, to, corrupt: 2 }] })],
    ['bytesPerSecond', (from, to) => ({ do: 'links', rules: [{ from, to, bytesPerSecond: 0 }] })],
    ['queueBytes', (from, to) => ({ do: 'links', rules: [{ from, to, queueBytes: 5 }] })],
    ['latency', (from, to) => ({ do: 'links', rules: [{ from, to, latency: 5 }] })],
    ['one node to another', (from) => ({ do: 'links', rules: [{ from, to: from, cut: true }] })],
    ['from', (_from, to) => ({ do: 'links', rules: [{ from: 5, to, cut: true }] })],
    // One bad rule among good ones: none of them holds.
    ['rule 2: cut', (from, to) => ({ do: 'links', rules: [{ from, to, cut: true }, { from, to, cut: 'yes' }] })], // prettier-ignore
    ['style', (a, b) => ({ do: 'partition', groups: [[a], [b]], style: 'wall' })],
    ['groups', () => ({ do: 'partition', groups: [], style: 'cut' })],
    ['slowMs', (id) => ({ do: 'node', condition: { id, slowMs: -1 } })],
    ['driftPpm', (id) => ({ do: 'node', condition: { id, driftPpm: 1e7 } })],
    ['wallOffsetMs', (id) => ({ do: 'node', condition: { id, wallOffsetMs: 1e300 } })],
    ['sendOmission', (id) => ({ do: 'node', condition: { id, sendOmission: 2 } })],
    ['unplugged', (id) => ({ do: 'node', condition: { id, unplugged: 'yes' } })],
    ['pauseMs', (id) => ({ do: 'node', condition: { id, pauseMs: 5 } })],
    ['detector', () => ({ do: 'choose', choices: { detector: 'oracle' } })],
    ['activeView', () => ({ do: 'choose', choices: { activeView: 0 } })],
    ['rumourFanout', () => ({ do: 'choose', choices: { rumourFanout: 2.5 } })],
    ['causal', () => ({ do: 'choose', choices: { causal: 'yes' } })],
    ['service', () => ({ do: 'choose', choices: { service: 5 } })],
    ['callsPerSecond', () => ({ do: 'choose', choices: { callsPerSecond: 51 } })],
    ['retries', () => ({ do: 'choose', choices: { retries: 'often' } })],
    ['turn', (id) => ({ do: 'choose', choices: { election: { algorithm: 'naive', turn: 0, by: { id, life: 1 } } } })], // prettier-ignore
    ['algorithm', (id) => ({ do: 'choose', choices: { election: { algorithm: 'dice', turn: 1, by: { id, life: 1 } } } })], // prettier-ignore
    ['electionSlowness', () => ({ do: 'choose', choices: { electionSlowness: 21 } })],
    ['electionVoters', (id) => ({ do: 'choose', choices: { electionVoters: [id, id] } })],
    ['electionVoters', () => ({ do: 'choose', choices: { electionVoters: [] } })],
    ['perSecond', () => ({ do: 'choose', choices: { registers: { setting: null, load: { perSecond: 21, keys: 1, reads: 1, hop: true, fix: 'none' } } } })], // prettier-ignore
    ['reads', () => ({ do: 'choose', choices: { registers: { setting: null, load: { perSecond: 1, keys: 1, reads: 2, hop: true, fix: 'none' } } } })], // prettier-ignore
    ['sloppy', (id) => ({ do: 'choose', choices: { registers: { load: null, setting: { turn: 1, by: { id, life: 1 }, nodes: [id], n: 1, r: 1, w: 1, sloppy: 'no', repair: 'none', rule: 'lww' } } } } as unknown as NetworkChange)], // prettier-ignore
    ['magic', () => ({ do: 'choose', choices: { magic: true } })],
    ['version', () => ({ ...UNTOUCHED, do: 'restore', version: -1 })],
  ])('SIG-71 refused by name, nothing changed: %s', async (field, make) => {
    const room = await classroom();
    const { teacher, a, b } = room;
    const answer = await teacher.network(make(a.id, b.id) as NetworkChange);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'bad-rule' } });
    expect(!answer.ok && answer.refusal.message).toContain(field);
    await a.settled();
    expect(a.heard.network).toEqual([]);
    expect(await documentFor(room)).toEqual(UNTOUCHED);
  });

  test('SIG-71 a change for a node that is not in the room is refused with its id', async () => {
    const room = await classroom();
    const { server, teacher, a, b, c } = room;
    const elsewhere = tab(server);
    await elsewhere.enter((await openRoom(server)).code);
    const gone = c.id;
    const left = a.next('gone');
    c.socket.emit('leave');
    await left;
    for (const id of [elsewhere.id, gone, teacher.id, '0000000000' as NodeId]) {
      const changes: NetworkChange[] = [
        { do: 'links', rules: [{ from: id, to: b.id, cut: true }] },
        { do: 'links', rules: [{ from: a.id, to: b.id, cut: true }, { from: b.id, to: id, loss: 1 }] }, // prettier-ignore
        { do: 'partition', groups: [[a.id], [b.id, id]], style: 'cut' },
        { do: 'node', condition: { id, slowMs: 1 } },
      ];
      for (const change of changes) {
        const answer = await teacher.network(change);
        expect(verdict(answer)).toBe('unknown-node');
        expect(!answer.ok && answer.refusal.message).toContain(id);
      }
    }
    const nobody = 'Otter' as NodeId;
    expect(
      verdict(await teacher.network({ do: 'partition', groups: [[nobody]], style: 'cut' })),
    ).toBe('unknown-node');
    expect(verdict(await teacher.act({ id: nobody, do: 'crash' }))).toBe('unknown-node');
    expect(await documentFor(room)).toEqual(UNTOUCHED);
  });

  test('SIG-71 taking back is refused once the network was changed meanwhile', async () => {
    const { teacher, a, b } = await classroom();
    await teacher.network(cut(a, b));
    await teacher.network(cut(b, a));
    const back = (version: number) => teacher.network({ ...UNTOUCHED, do: 'restore', version });
    expect(verdict(await back(1))).toBe('changed-meanwhile');
    expect(await back(2)).toMatchObject({ ok: true, document: { version: 3, rules: [] } });
  });

  test('SIG-71 what is no change at all is no message', async () => {
    const { teacher } = await classroom();
    for (const nonsense of [null, 5, 'heal', [], {}, { do: 'magic' }, { do: ['heal'] }])
      expect(verdict(await teacher.network(nonsense as unknown as NetworkChange))).toBe(
        'bad-message',
      );
  });

  test('SIG-72 a restart keeps the document and its version; the next change goes on from there', async () => {
    const data = await makeFolder();
    const { server, code, key, teacher, a, b } = await classroom({ data });
    await teacher.network(cut(a, b));
    await teacher.network({ do: 'node', condition: { id: a.id, wallOffsetMs: 5_000 } });
    const last = await teacher.network({ do: 'node', condition: { id: b.id, slowMs: 20 } });
    if (!last.ok) expect.fail(last.refusal.code);
    await server.close();

    const next = await serve({ data });
    const [returned, witness] = [tab(next), Object.assign(tab(next, a.id), { secret: a.secret })];
    const entered = await returned.enter(code, { role: 'observer', key });
    expect(entered.ok && entered.network).toEqual(last.document);
    await witness.enter(code);
    // The seat of the other is held, so what was said of it stays, though it is not back yet.
    expect(await returned.network({ do: 'heal' })).toMatchObject({
      document: { version: 4, rules: [], conditions: last.document.conditions },
    });
  });

  test('SIG-72 a record from before there were documents is a room with none', async () => {
    const data = await makeFolder();
    const first = await serve({ data });
    const { code } = await openRoom(first);
    await first.close();
    const raw = open<Record<string, unknown>, string>({ path: join(data, 'rooms'), encoding: 'json' }); // prettier-ignore
    const { network: _network, godView: _godView, ...old } = raw.get(code)!;
    await raw.put(code, old);
    await raw.close();
    const problems: string[] = [];
    const second = await serve({ data, report: (problem) => problems.push(problem) });
    expect(await documentFor({ server: second, code })).toEqual(UNTOUCHED);
    expect(problems).toEqual([]);
  });
});

test('SIG-73 no signal passes between two nodes whose link is cut both ways, until it heals', async () => {
  const { teacher, a, b, c } = await classroom();
  await teacher.network(cut(a, b));
  send(a, b, 'x0');
  await a.settled();
  await b.settled();
  expect(b.heard.signal.map(({ nonce }) => nonce)).toEqual(['x0']);
  b.heard.signal.length = 0;

  await teacher.network({ do: 'partition', groups: [[a.id], [b.id]], style: 'cut' });
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    send(from, to, 'x1');
    send(from, to, 'x2', 'knock');
    await from.settled();
    expect(codes(from.heard.refused)).toEqual(['link-cut', 'link-cut']);
  }
  send(a, c, 'x1');
  send(a, teacher, 'x1');
  await a.settled();
  await Promise.all([b, c, teacher].map((each) => each.settled()));
  expect([b, c, teacher].map((each) => each.heard.signal.length)).toEqual([0, 1, 1]);

  await teacher.network({ do: 'heal' });
  send(a, b, 'x3');
  await a.settled();
  await b.settled();
  expect(b.heard.signal.map(({ nonce }) => nonce)).toEqual(['x3']);
});

test('SIG-73 a blackhole is the mesh’s business: signals pass', async () => {
  const { teacher, a, b } = await classroom();
  await teacher.network({ do: 'partition', groups: [[a.id], [b.id]], style: 'blackhole' });
  send(a, b, 'x1');
  await a.settled();
  await b.settled();
  expect(b.heard.signal).toHaveLength(1);
});

describe('acts', () => {
  const answering = (node: Tab, answer: unknown) =>
    node.socket.on('act', (_act, reply) => (reply as (answer: unknown) => void)(answer));

  test('SIG-74 an act goes to its node alone, and the answer is the node’s', async () => {
    const { server, teacher, a, b } = await classroom();
    answering(a, { ok: true });
    const act: NodeAct = { id: a.id, do: 'pause', ms: 4_000 };
    expect(await teacher.act(act)).toEqual({ ok: true });
    await b.settled();
    expect([a.heard.act, b.heard.act]).toEqual([[act], []]);
    expect(server.tally.actsPassedOn).toBe(1);
  });

  test('SIG-74 a node may say why not', async () => {
    const { teacher, a } = await classroom();
    answering(a, { ok: false, message: 'It has crashed already.' });
    expect(await teacher.act({ id: a.id, do: 'crash' })).toEqual({
      ok: false,
      refusal: { code: 'not-done', message: 'It has crashed already.' },
    });
  });

  test.each([
    [undefined],
    ['yes'],
    [{}],
    [{ ok: false }],
    [{ ok: false, message: 'x'.repeat(201) }],
    [{ ok: 1 }],
  ])('SIG-74 an answer that is none is not passed on: %j', async (answer) => {
    const { teacher, a } = await classroom();
    answering(a, answer);
    const said = await teacher.act({ id: a.id, do: 'crash' });
    expect(said).toMatchObject({ ok: false, refusal: { code: 'not-done' } });
    expect(!said.ok && said.refusal.message.length).toBeLessThan(100);
  });

  test('SIG-74 a tab that does not answer is no-answer, one that is not there unknown-node', async () => {
    const { server, teacher, a } = await classroom({ limits: { answerWithinMs: 50 } });
    expect(verdict(await teacher.act({ id: a.id, do: 'crash' }))).toBe('no-answer');
    const away = teacher.next('member');
    a.socket.disconnect();
    await away;
    const elsewhere = tab(server);
    await elsewhere.enter((await openRoom(server)).code);
    for (const id of [a.id, teacher.id, elsewhere.id]) {
      const answer = await teacher.act({ id, do: 'restart', keepDisk: true });
      expect(verdict(answer)).toBe('unknown-node');
      expect(!answer.ok && answer.refusal.message).toContain(id);
    }
    expect(elsewhere.heard.act).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['pauseMs', { do: 'pause', ms: -4 }, 'bad-rule'],
    ['pauseMs', { do: 'pause', ms: 1e9 }, 'bad-rule'],
    ['wallJumpMs', { do: 'jump', byMs: 1e12 }, 'bad-rule'],
    ['keepDisk', { do: 'restart' }, 'bad-rule'],
    ['', { do: 'explode' }, 'bad-message'],
  ])('SIG-71 refused by name, nothing done: %s %j', async (field, act, code) => {
    const { teacher, a } = await classroom();
    const answer = await teacher.act({ id: a.id, ...act } as NodeAct);
    expect(verdict(answer)).toBe(code);
    expect(!answer.ok && answer.refusal.message).toContain(field);
    await a.settled();
    expect(a.heard.act).toEqual([]);
  });
});
