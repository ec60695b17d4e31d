import { isAbsolute, resolve, sep } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import type { JointEmbedding } from '../../model/index.js'
import { isHubName } from '../../model/node.js'
import type { Manifest, Space } from './manifest.js'

export interface CatalogModelOptions {
  readonly dir: string
  /** A name or the path of a model directory; undefined: the one that the catalog was made with. */
  readonly model: string | JointEmbedding | undefined
  readonly defaultModel: string
  readonly openModel: (model: string, options: { workers?: number }) => Promise<JointEmbedding>
}

/** The model that a catalog is used with; opened when it is first asked for. */
export class CatalogModel {
  readonly #options: CatalogModelOptions
  #opened: JointEmbedding | undefined

  constructor(options: CatalogModelOptions) {
    this.#options = options
  }

  /** Its name as the manifest keeps it. */
  name(manifest: Manifest | undefined): string {
    const { model, defaultModel } = this.#options
    if (typeof model === 'object') return model.name
    return model === undefined ? (manifest?.space.model ?? defaultModel) : storedName(model)
  }

  /** The model of a space, for reading. Errors: `space` if another one was asked for. */
  async ofSpace(space: Space): Promise<JointEmbedding> {
    const { model, openModel } = this.#options
    if (typeof model === 'object') this.#opened = model
    else this.#opened ??= await openModel(model ?? space.model, {})
    this.check(space, this.#opened)
    return this.#opened
  }

  /** A model by its name, with as many workers as are asked for, while something is written with it. */
  async forWriting<T>(
    name: string,
    workers: number | undefined,
    use: (model: JointEmbedding) => Promise<T>,
  ): Promise<T> {
    const { model, openModel } = this.#options
    if (typeof model === 'object' && model.name === name) return use(model)
    const opened = await openModel(name, { workers })
    try {
      return await use(opened)
    } finally {
      await opened.close()
    }
  }

  /** Errors: `space` if the model's vectors do not belong to the space, with the command that helps. */
  check(space: Space, model: JointEmbedding): void {
    if (space.spaceId === model.spaceId) return
    const { dir } = this.#options
    const name = typeof this.#options.model === 'string' ? this.name(undefined) : model.name
    const spaces = `space ${space.spaceId.slice(0, 12)}, not ${model.spaceId.slice(0, 12)}`
    const because =
      space.model === name
        ? `The model "${name}" has changed since the catalog ${dir} was made (${spaces})`
        : `The catalog ${dir} was made with "${space.model}", not with "${name}" (${spaces})`
    const otherwise = space.model === name ? '' : `, or use --model ${space.model}`
    throw new AntiphonError(
      'space',
      `${because}. Embed it again with \`antiphon reindex --model ${name}\`${otherwise}`,
    )
  }

  /** Closes the model if it was opened here. */
  async close(): Promise<void> {
    if (typeof this.#options.model !== 'object') await this.#opened?.close()
    this.#opened = undefined
  }
}

/** A model's name as the manifest keeps it: paths absolute, so that they hold from everywhere; names of the hub as they are. */
export function storedName(model: string): string {
  if (isHubName(model)) return model
  return model.includes('/') || model.includes(sep) || isAbsolute(model) ? resolve(model) : model
}
