/** What a command that the user described does; `fetch` is a network read */
export const userDeeds = ['read', 'test', 'fetch', 'write', 'delete', 'export', 'exec'] as const;
export type UserDeed = (typeof userDeeds)[number];

/** What its operands are: nothing of interest, paths, or addresses */
export const userOperands = ['data', 'read', 'write', 'delete', 'fetch'] as const;
export type UserOperands = (typeof userOperands)[number];
