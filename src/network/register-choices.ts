import * as v from 'valibot';
import { registerLoadSchema } from './register-load.ts';
import { registerSettingSchema } from './register-setting.ts';

/** What a room has chosen for its registers. A tab checks it when it fetches what works by it. */
export const registerChoicesSchema = v.strictObject({
  /** Null: the first who uses one chooses what is usual. */
  setting: v.nullable(registerSettingSchema),
  /** Null: nobody asks by itself. */
  load: v.nullable(registerLoadSchema),
});
export type RegisterChoices = v.InferOutput<typeof registerChoicesSchema>;
