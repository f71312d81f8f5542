import { visible } from '../core/visible.ts';

/** Who answered, as the record names them: channel, name, platform id */
export function personText(channel: string, { id, name }: { readonly id: string; readonly name?: string }): string {
  const shown = visible(name ?? '').slice(0, 60).trim();
  return shown === '' ? `${channel} ${visible(id).slice(0, 80)}` : `${channel} ${shown} (${visible(id).slice(0, 80)})`;
}
