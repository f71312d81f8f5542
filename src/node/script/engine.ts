import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';

/** Node has it, its types do not */
const { Memory } = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => object } }).WebAssembly;

/** Bytes of a page of WebAssembly */
const page = 64 * 1024;
/** Bytes the engine may use with the script and all that it is given (cowork-facts 1.16) */
const mostMemory = 32 * 1024 * 1024;
/** Bytes the engine starts with; it was built so */
const firstMemory = 16 * 1024 * 1024;

/** What it would print when it breaks comes as an error too */
const quiet: object = { printErr: (): void => undefined };

/**
 * Loads QuickJS. The wall is around the whole of its memory: the engine's own limit misses small strings, with it a script
 * was seen to take 2 GiB.
 *
 * @param bytes the engine's file, where it is not beside its package
 */
export function loadEngine(bytes?: Uint8Array<ArrayBuffer>): Promise<QuickJSWASMModule> {
  return newQuickJSWASMModuleFromVariant(newVariant(variant, {
    wasmMemory: new Memory({ initial: firstMemory / page, maximum: mostMemory / page }),
    emscriptenModule: { ...quiet },
    ...(bytes === undefined ? {} : { wasmBinary: bytes.buffer }),
  }));
}
