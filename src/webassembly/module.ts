import { list, PAGE_BYTES, sized, text, unsigned, V128, type Code } from './code.js'

// TypeScript describes WebAssembly only together with the browser's whole DOM.
declare const WebAssembly: {
  Memory: new (options: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> }
}

/** A function over the module's memory. */
export interface Routine {
  readonly name: string
  /** Types, such as I32. */
  readonly parameters: readonly number[]
  /** A type; nothing where there is none. */
  readonly result?: number
  /** Locals behind the parameters, each a vector, 0 at first. */
  readonly vectors: number
  readonly body: Code
}

export interface Kernel<Name extends string> {
  /** Whole pages. */
  readonly memory: ArrayBuffer
  readonly routines: Readonly<Record<Name, (...numbers: number[]) => number>>
}

const FUNCTION = 0x60
const END = 0x0b

/** Makes a module of routines that share a memory of its own. @param bytes of memory at least */
export function openKernel<Name extends string>(
  bytes: number,
  routines: readonly (Routine & { readonly name: Name })[],
): Kernel<Name> {
  const pages = Math.ceil(bytes / PAGE_BYTES)
  const memory = new WebAssembly.Memory({ initial: pages })
  const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))]
  const types = (all: readonly number[]): Code => list(all.map((type) => [type]))
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, ...text('asm').slice(1), 1, 0, 0, 0], // magic and version
      ...section(
        1,
        routines.map(({ parameters, result }) => [
          ...[FUNCTION, ...types(parameters)],
          ...types(result === undefined ? [] : [result]),
        ]),
      ),
      ...section(2, [[...text('own'), ...text('memory'), 2, 0, ...unsigned(pages)]]),
      ...section(
        3,
        routines.map((_, i) => [i]),
      ),
      ...section(
        7,
        routines.map(({ name }, i) => [...text(name), 0, i]),
      ),
      ...section(
        10,
        routines.map(({ vectors, body }) =>
          sized([...list(vectors === 0 ? [] : [[vectors, V128]]), ...body, END]),
        ),
      ),
    ]),
  )
  const { exports } = new WebAssembly.Instance(module, { own: { memory } })
  return { memory: memory.buffer, routines: exports as Kernel<Name>['routines'] }
}
