// Leaves a state with one rule in the folder that is frozen afterwards
import path from 'node:path';
import { openStore } from '../../src/node/store/openStore.ts';
import { TestClock, added } from '../unit/node/store/testFolders.ts';

const root = process.argv[2] ?? '';
const store = await openStore({ folder: path.join(root, 'frozen/used'), userFolder: path.join(root, 'user'), clock: new TestClock(), watch: false });
await store.commit([added()]);
await store.close();
