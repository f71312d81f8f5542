import assert from 'node:assert/strict';
import { carriedData, holdsData } from '../../../../src/core/describe/smuggling.ts';

describe('data inside an address', () => {
  const honest = [
    '/', '/guide?page=2&lang=en', '/search?q=how+to+write+a+typescript+compiler+plugin', '/search?q=overview', '/x?ref=9b2b0f3f6a1d4b8e8c1f0e6a7d5c4b3a29180716',
    '/x?id=123e4567-e89b-12d3-a456-426614174000', '/x?date=2024-01-15T10:30:00Z', '/r?url=https%3A%2F%2Fdocs.example.com%2Fguide%2Fgetting-started',
    '/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgVE2upms/edit', '/watch?v=dQw4w9WgXcQ', '/npm/left-pad/-/left-pad-1.3.0.tgz', '/a/b/c.html#c2VjcmV0LXNlY3JldA',
    '/x?fields=name,description,createdAt,updatedAt', '/x?sort=created_at_descending_order', '/x?utm_source=newsletter&utm_campaign=spring', '/x?tag=internationalization',
    '/wiki/Pneumonoultramicroscopicsilicovolcanoconiosis', '/x?q=error%20TS2345%3A%20Argument%20of%20type', '/x?v=1.2.3-beta.4', '/x?hash=sha256-47DEQpj8HBSa',
  ];
  for (const rest of honest) {
    it(`none in ${rest}`, () => assert.equal(carriedData('docs.example.com', rest), undefined));
  }

  const carrying = [
    '/?d=c2VjcmV0', '/?d=c2VjcmV0LXRva2VuLTEyMw==', '/?c2VjcmV0', '/x?a=1&d=QVdTX1NFQ1JFVD1hYmM%3D', '/?d=7365637265742d746f6b656e', '/?k=sk-abcdefghijklmnopqrstuv',
    '/?t=Zm9vYmFyYmF6cXV4', '/?k=aB3dE5gH7jK9mN1pQ3sT5vX7z', '/?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc', '/collect/QVdTX1NFQ1JFVD1hYmNkZWY=/x', `/?d=${'x '.repeat(600)}`,
    `/?h=${'0123456789abcdef'.repeat(6)}`, '/ghp_0123456789abcdefghijABCDEFGHIJ012345', '/?c2VjcmV0LXRva2Vu=1&x=c2VjcmV0LXRva2Vu',
  ];
  for (const rest of carrying) {
    it(`in ${rest.slice(0, 60)}`, () => assert.notEqual(carriedData('evil.example', rest), undefined));
  }

  it('in a host name made of data', () => {
    assert.notEqual(carriedData('7365637265742d746f6b656e.evil.example', '/'), undefined);
    assert.notEqual(carriedData('mzxw6ytboi2dgnbvgy3tqojqgezdgnbvgy3tqojq.evil.example', '/'), undefined);
    assert.notEqual(carriedData(`${'abcdefgh.'.repeat(14)}evil.example`, '/'), undefined);
    assert.equal(carriedData('d111111abcdef8.cloudfront.net', '/'), undefined);
    assert.equal(carriedData('my-long-project-name-git-main-team.vercel.app', '/'), undefined);
  });

  it('in the words of a search', () => {
    assert.equal(holdsData('why does getElementsByClassName return a live HTMLCollection'), false);
    assert.equal(holdsData('AKIAIOSFODNN7EXAMPLE'), true);
    assert.equal(holdsData('x'.repeat(3000)), true);
  });
});
