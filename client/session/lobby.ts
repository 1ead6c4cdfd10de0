import * as v from 'valibot';
import { roomCodeSchema } from '../../src/wire/signaling-messages.ts';
import type { RoomCode } from '../../src/vocabulary.ts';

/** The two questions that a tab asks before it belongs to any room. */
export interface LobbyActions {
  createRoom(): Promise<Outcome<NewRoom>>;
  findRoom(code: RoomCode): Promise<Outcome<FoundRoom>>;
}

export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  /** For a person: what happened and what to do. */
  | { readonly ok: false; readonly problem: string };

const newRoomSchema = v.object({
  code: roomCodeSchema,
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
});
export type NewRoom = v.InferOutput<typeof newRoomSchema>;

const foundRoomSchema = v.object({
  code: roomCodeSchema,
  name: v.string(),
  locked: v.boolean(),
  full: v.boolean(),
  ended: v.boolean(),
});
export type FoundRoom = v.InferOutput<typeof foundRoomSchema>;

const refusalSchema = v.object({ message: v.string() });

/** A server on the same network answers in milliseconds; after this, it is not there. */
const PATIENCE_MS = 8000;

const NO_ANSWER =
  'The server does not answer. Check that it runs and that this device is in its network.';
const NOT_UNDERSTOOD = 'The server answered something else than expected. Reload this page.';

export const lobby: LobbyActions = {
  createRoom: () => ask('/rooms', { method: 'POST' }, newRoomSchema),
  findRoom: (code) => ask(`/rooms/${code}`, {}, foundRoomSchema),
};

async function ask<Schema extends v.GenericSchema>(
  path: string,
  request: RequestInit,
  schema: Schema,
): Promise<Outcome<v.InferOutput<Schema>>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(path, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
    body = await response.json();
  } catch {
    return { ok: false, problem: NO_ANSWER };
  }
  if (!response.ok) {
    const refusal = v.safeParse(refusalSchema, body);
    return { ok: false, problem: refusal.success ? refusal.output.message : NOT_UNDERSTOOD };
  }
  const answer = v.safeParse(schema, body);
  return answer.success
    ? { ok: true, value: answer.output }
    : { ok: false, problem: NOT_UNDERSTOOD };
}
