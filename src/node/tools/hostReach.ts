import { visible } from '../../core/visible.ts';
import type { Request } from '../../core/request.ts';
import type { Reach } from '../sandbox/hosts/reach.ts';
import { checkedAddresses } from './http/checkedAddresses.ts';
import { realNetwork } from './http/network.ts';
import type { ToolContext } from './tool.ts';

/**
 * How a command that was allowed gets at hosts: each one is put to the gate as an export to it, since what goes through a
 * tunnel cannot be seen. So a person is asked, or a rule that names the host answers; a rule for the command alone does not.
 */
export function hostReach({ gate, ids, signal, network = realNetwork, surroundings }: Pick<ToolContext, 'gate' | 'ids' | 'signal' | 'network' | 'surroundings'>, about: Pick<Request, 'actor' | 'task'>): Reach {
  const asking = (url: string): Request => ({ ...about, id: ids(), tool: 'http_request', cwd: surroundings.workspace, input: { url, method: 'CONNECT' } });
  return {
    network,
    async allow(url) {
      try {
        const verdict = await gate.check(asking(url), { part: true, ...(signal === undefined ? {} : { signal }) });
        if (verdict.decision !== 'allow') return { ok: false, message: verdict.message };
        return verdict.edited === undefined ? { ok: true } : { ok: false, message: 'It was allowed only with changes.' };
      } catch (error) {
        return { ok: false, message: `Nobody could be asked about ${visible(url).slice(0, 200)} (${error instanceof Error ? error.message : String(error)}).` };
      }
    },
    addresses: (found) => checkedAddresses(found, found.scheme ?? 'https', network, (url) => gate.evaluate(asking(url))),
  };
}
