import assert from 'node:assert/strict';
import { fileSizeLimit } from '../../../../src/core/policy/fileSizeLimit.ts';
import { defaultSettings } from '../../../../src/core/policy/policy.ts';
import { readSettingsChange } from '../../../../src/core/schema/policyFile.ts';

describe('The largest file that tools read and write', () => {
  it('is 50 MB unless set', () => assert.equal(fileSizeLimit({}), 50 * 1024 * 1024));

  for (const megabytes of [1, 1.5, 500]) {
    it(`may be ${megabytes} MB`, () => {
      assert.ok(readSettingsChange({ limits: { maxFileSizeMB: megabytes } }, defaultSettings).ok);
      assert.equal(fileSizeLimit({ maxFileSizeMB: megabytes }), megabytes * 1024 * 1024);
    });
  }

  for (const wrong of [0, 0.5, 501, -1, Number.NaN, '10', null, [10], Infinity]) {
    it(`is never ${String(wrong)}: that is not saved, and counts as 50 MB where it stands`, () => {
      const read = readSettingsChange({ limits: { maxFileSizeMB: wrong } }, defaultSettings);
      assert.ok(!read.ok && /maxFileSizeMB/.test(read.message));
      assert.equal(fileSizeLimit({ maxFileSizeMB: wrong }), 50 * 1024 * 1024);
    });
  }
});
