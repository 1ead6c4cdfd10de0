import { describe, expect, test } from 'vitest';
import { parseKeyValueHistory, parseRegisterHistory } from '../../src/checkers/parse-history.ts';

const OPEN = { outcome: 'unknown', returnedAt: Infinity };

describe('what is read', () => {
  test('HISTORY-1 columns of a Jepsen log: a read has what it returned, a timeout stays open', () => {
    const text = [
      'INFO  jepsen.util - 0\t:invoke\t:read\tnil',
      'INFO  jepsen.util - 3   :invoke :cas    [1 2]',
      'INFO  jepsen.util - 0\t:ok\t:read\t4',
      'INFO  jepsen.util - 3\t:info\t:cas\t:timed-out',
      '0 :invoke :write 7',
    ].join('\n');
    expect(parseRegisterHistory(text)).toEqual({
      ok: true,
      history: [
        {
          process: '0',
          action: { kind: 'read', key: '', value: '4' },
          outcome: 'ok',
          calledAt: 1,
          returnedAt: 3,
        },
        {
          process: '3',
          action: { kind: 'cas', key: '', from: '1', to: '2' },
          calledAt: 2,
          ...OPEN,
        },
        { process: '0', action: { kind: 'write', key: '', value: '7' }, calledAt: 5, ...OPEN },
      ],
    });
  });

  test('HISTORY-1 maps, in any order, with more in them than is needed', () => {
    const text = String.raw`
      ; a comment
      {:index 0, :f :append, :type :invoke, :process "fox", :key "a", :value "say \"hi\"\n\u00e9"}
      {:process "fox", :type :ok, :f :append, :key "a", :value "say \"hi\"\n\u00e9", :time 12}
      {:process :nemesis, :type :info, :f :partition, :value [1 {:a nil}]}
      {:process 1 :type :invoke :f :get :key 9 :value nil}
      {:process 1 :type :ok :f :get :key 9 :value nil}`;
    expect(parseKeyValueHistory(text)).toMatchObject({
      ok: true,
      history: [
        { process: 'fox', action: { kind: 'append', key: 'a', value: 'say "hi"\né' } },
        { process: '1', action: { kind: 'read', key: '9', value: '' } },
      ],
    });
  });

  test('HISTORY-2 a compare-and-set that failed is kept only if it saw another value', () => {
    const text = ['1 :invoke :cas [1 2]', '1 :fail :cas [1 2]', '1 :invoke :cas [1 2]', '1 :fail :cas :timed-out', '1 :invoke :read nil', '1 :fail :read :timed-out'].join('\n'); // prettier-ignore
    expect(parseRegisterHistory(text)).toMatchObject({
      history: [{ outcome: 'fail', calledAt: 1, returnedAt: 2 }],
    });
    const parsed = parseRegisterHistory(text);
    expect(parsed.ok && parsed.history).toHaveLength(1);
  });
});

describe('what is not', () => {
  const WRITE = '0 :invoke :write 1';

  test.each([
    ['a word that is none', [WRITE, '0 :ok :write one'], 2, 'one is no value'],
    ['a type that is none', ['0 :maybe :read nil'], 1, ':maybe is no type'],
    ['too few columns', ['0 :invoke :read'], 1, 'this one has 3'],
    ['an operation of another model', ['0 :invoke :append 1'], 1, 'no :append'],
    ['two at once', [WRITE, '', '0 :invoke :read nil'], 3, 'in line 1'],
    ['an answer to nothing', ['0 :ok :read 1'], 1, 'never asked'],
    ['an answer to another operation', [WRITE, '0 :ok :read 1'], 2, 'asked for :write'],
    ['an answer with another value', [WRITE, '0 :ok :write 2'], 2, 'another value'],
    ['a :cas without two values', ['0 :invoke :cas 1'], 1, '[from to]'],
    ['an open quote', ['0 :invoke :write "1'], 1, 'quote'],
    ['an open map', ['{:process 0'], 1, 'The line ends'],
    ['a map without a type', ['{:process 0, :f :read}'], 1, ':type is missing'],
    ['a map that says a thing twice', ['{:f :read, :f :read}'], 1, ':f is there twice'],
    ['brackets that never end', ['['.repeat(99_999)], 1, '16 deep'],
    ['nothing', ['', '; nothing'], 2, 'no operation'],
  ])('HISTORY-3 %s: the line is named, and what is wrong with it', (_, lines, line, problem) => {
    expect(parseRegisterHistory(lines.join('\n'))).toEqual({
      ok: false,
      line,
      problem: expect.stringContaining(problem) as string,
    });
  });

  test('HISTORY-3 an answer for another key, or a key that is missing', () => {
    const asked = '{:process 0, :type :invoke, :f :get, :key "a"}';
    const told = '{:process 0, :type :ok, :f :get, :key "b", :value "x"}';
    expect(parseKeyValueHistory(`${asked}\n${told}`)).toMatchObject({ ok: false, line: 2 });
    expect(parseKeyValueHistory('0 :invoke :get nil')).toMatchObject({ ok: false, line: 1 });
  });
});
