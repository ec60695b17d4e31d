import { AntiphonError } from '../errors/index.js'

type Fields = Record<string, unknown>

export interface MergedVariants {
  readonly fields: unknown
  /** Where a field of the merged recipe stands in the file, as far as it was a variant that said it. */
  readonly placeOf: (path: readonly PropertyKey[]) => readonly PropertyKey[]
}

/**
 * Lays chosen variants, changes by name under `variants`, over the fields of a recipe, one after the other. Mappings are
 * merged, all else is replaced, and null takes a field back to its default. Options belong to an encoder: a variant that
 * names another one begins without them.
 * @throws AntiphonError `usage` for a variant that is not there, with those that are
 */
export function mergeVariants(
  recipe: unknown,
  chosen: readonly string[],
  { file }: { file: string },
): MergedVariants {
  if (!isMapping(recipe)) return { fields: recipe, placeOf: (path) => path }
  const { variants: said, ...base } = recipe
  const variants = said ?? {} // the key may stand there with nothing below it
  if (!isMapping(variants)) throw new AntiphonError('usage', `${file}: variants: expected changes by name`)
  const layers = chosen.map((name) => {
    const known = Object.keys(variants)
    if (!Object.hasOwn(variants, name))
      throw new AntiphonError(
        'usage',
        `${file} has no variant "${name}" (${known.length === 0 ? 'it has none' : `expected ${known.join(', ')}`})`,
      )
    const layer = variants[name]
    if (!isMapping(layer))
      throw new AntiphonError('usage', `${file}: variants.${name}: expected fields of a recipe`)
    return { name, layer }
  })
  return {
    fields: layers.reduce<Fields>((fields, { layer }) => merged(fields, layer), base),
    placeOf(path) {
      const said = layers.findLast(({ layer }) => holds(layer, path))
      return said ? ['variants', said.name, ...path] : path
    },
  }
}

function merged(base: Fields, changes: Fields): Fields {
  const fields = new Map(Object.entries(base))
  const { encoder } = changes
  if (typeof encoder === 'string' && encoder !== base['encoder']) fields.delete('options')
  for (const [key, value] of Object.entries(changes)) {
    const old = fields.get(key)
    if (value === null) fields.delete(key)
    else fields.set(key, isMapping(value) ? merged(isMapping(old) ? old : {}, value) : value)
  }
  return Object.fromEntries(fields)
}

function holds(layer: Fields, path: readonly PropertyKey[]): boolean {
  let at: unknown = layer
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false
    at = (at as Record<PropertyKey, unknown>)[key]
  }
  return true
}

const isMapping = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
