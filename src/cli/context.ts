import type { Catalog } from '../catalog/index.js'

/** Where people read. */
export interface Output {
  write(text: string): void
  /** A person looks at it: lines may be fitted to `columns` and the last one rewritten. */
  readonly interactive: boolean
  /** Columns of the terminal now; meaningless unless interactive. */
  readonly columns: number
  readonly colour: boolean
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly catalog?: string
  readonly model?: string
  readonly device?: string
  readonly json?: boolean
  readonly debug?: boolean
}

/** What `doctor` tries out. */
export interface Machine {
  onnxRuntime(): Promise<{ version: string; providers: readonly string[] }>
  /** Decodes a file through the same door as `index`: mono, at this rate. */
  decode(path: string, sampleRate: number): Promise<Float32Array>
  /** Opens a model, or the default one, and compares what it computes with its parity file. */
  checkModel(model: string | undefined): Promise<ModelCheck>
}

export interface ModelCheck {
  readonly name: string
  readonly dir: string
  readonly spaceId: string
  /** Between what this machine computes and what the parity file says. */
  readonly largestDifference: number
  /** Above this the model doesn't compute what it should. */
  readonly tolerance: number
}

/** All that the commands get from outside, so that tests can give them something else. */
export interface Context {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds. */
  readonly now: () => number
  openCatalog(options: { dir?: string; model?: string; device?: string }): Promise<Catalog>
  /** BCP 47 tags of the languages that a model, by name or directory, understands. */
  modelLanguages(model: string): Promise<readonly string[]>
  readonly machine: Machine
  /** From now on the first Ctrl-C or SIGTERM aborts this signal, and the second ends the process. */
  interruption(): AbortSignal
}

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  someFilesFailed: 3,
  locked: 4,
  space: 5,
  interrupted: 130, // 128 + SIGINT, as shells report it
} as const

/** The catalog's folder where it is named; undefined stands for the default. */
export function catalogDirectory(options: GlobalOptions, { env }: Pick<Context, 'env'>): string | undefined {
  return options.catalog ?? (env['ANTIPHON_CATALOG'] || undefined)
}

/** Opens the catalog that the options name, and closes it whatever happens. */
export async function withCatalog<T>(
  context: Context,
  options: GlobalOptions,
  use: (catalog: Catalog) => Promise<T>,
): Promise<T> {
  const catalog = await context.openCatalog({
    dir: catalogDirectory(options, context),
    model: options.model ?? (context.env['ANTIPHON_MODEL'] || undefined),
    ...(options.device === undefined ? {} : { device: options.device }),
  })
  try {
    return await use(catalog)
  } finally {
    await catalog.close()
  }
}
