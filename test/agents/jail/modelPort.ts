/** Where the model listens inside every jail; each has a loopback of its own */
export const modelPort = 8123;

/** Base address of the model inside a jail */
export const modelUrl = `http://127.0.0.1:${modelPort}`;
