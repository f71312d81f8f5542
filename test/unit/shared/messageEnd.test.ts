import assert from 'node:assert/strict';
import { MessageEnd, RequestError, type Answering } from '../../../src/shared/messageEnd.ts';

type Call = Parameters<MessageEnd['receive']>[0];

/** A page and a host on one wire; everything goes through JSON, as it does between the two */
function wire(answering: Answering): { readonly page: MessageEnd; readonly toPage: Call[]; readonly host: MessageEnd } {
  const toPage: Call[] = [];
  const copy = (message: Call): Call => JSON.parse(JSON.stringify(message)) as Call;
  const host = new MessageEnd((message) => {
    toPage.push(copy(message));
    page.receive(copy(message));
  }, answering);
  const page: MessageEnd = new MessageEnd((message) => host.receive(copy(message)));
  return { page, toPage, host };
}

describe('Requests between panel and host', () => {
  it('are answered each with its own answer, whatever the order the answers come in', async () => {
    const release: (() => void)[] = [];
    const { page } = wire(async (_, params) => {
      await new Promise<void>((resolve) => release.push(resolve));
      return { ok: true, echo: params };
    });
    const asked = [page.request('setMode', { mode: 'plan' }), page.request('setMode', { mode: 'default' })];
    for (const go of release.toReversed()) go();
    assert.deepEqual(await Promise.all(asked), [{ ok: true, echo: { mode: 'plan' } }, { ok: true, echo: { mode: 'default' } }]);
  });

  it('are told why they failed', async () => {
    const { page } = wire(async () => {
      throw new Error('The disk is full.');
    });
    await assert.rejects(page.request('setMode', { mode: 'plan' }), (error) => error instanceof RequestError && error.message === 'The disk is full.');
  });

  it('hear how far they came, and can be stopped', async () => {
    const { page, toPage } = wire((_, __, { signal, progress }) => new Promise((resolve) => {
      progress(1, 3);
      progress(2, undefined);
      signal.addEventListener('abort', () => resolve({ ok: false, reason: 'stopped' }), { once: true });
    }));
    const seen: (readonly [number, number | undefined])[] = [];
    const stop = new AbortController();
    const answer = page.request('setMode', { mode: 'plan' }, { signal: stop.signal, progress: (done, total) => seen.push([done, total]) });
    stop.abort();
    assert.deepEqual(await answer, { ok: false, reason: 'stopped' });
    assert.deepEqual(seen, [[1, 3], [2, undefined]]);
    assert.equal(toPage.filter(({ type }) => type === 'answer' || type === 'failed').length, 1);
  });

  it('are not mixed up by answers to what nobody asked', () => {
    const { page } = wire(async () => undefined);
    page.receive({ type: 'answer', id: 77, result: 1 });
    page.receive({ type: 'failed', id: 78, reason: 'x' });
    page.receive({ type: 'progress', id: 79, done: 1 });
  });

  it('fail when the page goes, and stop what the host does for them', async () => {
    let stopped = false;
    const { page, host } = wire((_, __, { signal }) => new Promise(() => signal.addEventListener('abort', () => (stopped = true), { once: true })));
    const answer = page.request('setMode', { mode: 'plan' });
    host.dispose();
    assert.equal(stopped, true);
    page.dispose();
    await assert.rejects(answer, RequestError);
  });
});
