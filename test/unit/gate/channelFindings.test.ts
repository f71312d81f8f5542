import assert from 'node:assert/strict';
import { type ChannelSettings, defaultChannel } from '../../../src/core/policy/channelSettings.ts';
import { noChannelFacts } from '../../../src/gate/channelState.ts';
import { channelFindings } from '../../../src/gate/channelFindings.ts';
import { allOn } from './testGate.ts';

const usual: ChannelSettings = { ...defaultChannel('telegram'), enabled: true };
const paired = { ...noChannelFacts, users: [{ id: 'anna', state: 'paired', createdAt: 0, wrongCodes: 0 }] } as const;
const { direct, group } = usual.contexts;

describe('findings about channels', () => {
  it('are none where none is on', () => {
    assert.equal(channelFindings({ settings: allOn }), undefined);
    assert.equal(channelFindings({ settings: { ...allOn, channels: { tg: { ...usual, enabled: false, securityMode: 'open' } } } }), undefined);
  });

  for (const [what, settings, wanted] of [
    ['the defaults', usual, { open: [], loose: [], untried: [] }],
    ['open to all', { ...usual, securityMode: 'open' }, { open: ['tg'], loose: [], untried: [] }],
    ['open in groups only', { ...usual, contexts: { direct, group: { ...group, securityMode: 'open' } } }, { open: ['tg'], loose: [], untried: [] }],
    ['open, but in no context', { ...usual, securityMode: 'open', contexts: { direct: { ...direct, securityMode: 'pairing' }, group: { ...group, securityMode: 'allowlist' } } }, { open: [], loose: [], untried: [] }],
    ['memory in groups', { ...usual, contexts: { direct, group: { restrictions: [] } } }, { open: [], loose: ['tg'], untried: [] }],
    ['corrupt restrictions, which leave out everything', { ...usual, contexts: { direct, group: { restrictions: ['group:memroy'] } } }, { open: [], loose: [], untried: [] }],
  ] as const satisfies readonly (readonly [string, ChannelSettings, object])[]) {
    it(what, () => assert.deepEqual(channelFindings({ settings: { ...allOn, channels: { tg: settings } }, channels: { tg: paired } }), wanted));
  }

  it('nobody paired: a code was never tried', () => assert.deepEqual(channelFindings({ settings: { ...allOn, channels: { tg: usual } } })?.untried, ['tg']));
});
