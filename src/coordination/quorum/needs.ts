import type { RegisterSetting } from '../../network/register-setting.ts';

/**
 * How many copies are asked for their version before a write: none if any two writes meet at some
 * copy anyway, which then says that it holds something newer. Whoever has heard so many has met every
 * write that was done before; where reads write back, every read as well.
 */
export function versionsBeforeWrite({ n, r, w, repair }: RegisterSetting): number {
  const meetsAllWrites = n - w + 1;
  if (repair === 'before') return Math.max(r, meetsAllWrites);
  return 2 * w > n ? 0 : meetsAllWrites;
}

/** How many copies a write must reach. */
export function writeNeeds(setting: RegisterSetting): number {
  return Math.max(setting.w, versionsBeforeWrite(setting));
}

/** How many copies a read must reach: where it writes back, as many as a write. */
export function readNeeds({ r, w, repair }: RegisterSetting): number {
  return repair === 'before' ? Math.max(r, w) : r;
}
