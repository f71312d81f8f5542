import assert from 'node:assert/strict';
import { channelEvents } from '../../../src/gate/channelEvents.ts';
import { entryText } from '../../../src/gate/entryText.ts';

describe('what is worth telling of a channel', () => {
  it('has a name for people, whatever it is', () => {
    for (const [code, name] of Object.entries(channelEvents)) {
      assert.equal(entryText({ type: 'channel_event', channel: 'tg', code, message: 'It is so.' }), `tg ${name}: It is so.`);
      assert.match(name, /^[a-z][a-z ]+$/);
    }
  });

  it('shows a code that it does not know as it is', () => {
    for (const code of ['from_a_newer_version', 'constructor', '__proto__']) assert.equal(entryText({ type: 'channel_event', channel: 'tg', code, message: 'x' }), `tg ${code}: x`);
  });
});
