import type { Surroundings } from '../../../../src/core/surroundings.ts';

/** A Linux machine whose only links are the ones given (from → to) */
export function fakeSurroundings(links: Readonly<Record<string, string>> = {}, change: Partial<Surroundings> = {}): Surroundings {
  const resolve = (path: string): string => {
    for (const [from, to] of Object.entries(links)) if (path === from || path.startsWith(`${from}/`)) return to + path.slice(from.length);
    return path;
  };
  return { workspace: '/ws', home: '/home/u', temporary: '/tmp', platform: 'linux', shell: 'bash', files: { resolve, readText: () => undefined }, ...change };
}
