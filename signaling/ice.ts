import * as v from 'valibot';
import type { IceServer } from '../src/wire/signaling-messages.ts';

const url = v.pipe(v.string(), v.regex(/^(stuns?|turns?):[^\s]+$/), v.maxLength(256));

/** A tab asks every server it is told of, so a handful is much. */
const MAX_ICE_SERVERS = 8;

const iceServersSchema = v.pipe(
  v.array(
    v.object({
      urls: v.union([url, v.pipe(v.array(url), v.minLength(1))]),
      username: v.optional(v.string()),
      credential: v.optional(v.string()),
    }),
  ),
  v.maxLength(MAX_ICE_SERVERS),
);

/**
 * Reads ICE_SERVERS, a site's own STUN and TURN servers.
 *
 * @returns the servers, or a sentence that says what is wrong
 */
export function parseIceServers(text: string | undefined): readonly IceServer[] | string {
  if (text === undefined || text.trim() === '') return [];
  const expected =
    'ICE_SERVERS must be a JSON array such as [{"urls":"turn:turn.example.org","username":"u","credential":"c"}]';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `${expected}, but it is not JSON.`;
  }
  const result = v.safeParse(iceServersSchema, value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    return `${expected}, but at "${v.getDotPath(issue) ?? 'the top'}": ${issue.message}.`;
  }
  return result.output.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
}
