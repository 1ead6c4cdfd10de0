/** The address of a room that no tab of an earlier run is remembered in. */
export async function newRoom(origin: string): Promise<string> {
  const response = await fetch(`${origin}/rooms`, { method: 'POST' });
  const { code } = (await response.json()) as { code: string };
  return `${origin}/r/${code}`;
}
