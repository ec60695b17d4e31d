import { float32, type SafetensorsFile, type Tensor } from '../../graph/index.js'

export interface PretrainedReport {
  /** Parameters that have the file's numbers, by full name. */
  readonly matched: readonly string[]
  /** Parameters that the file does not have. */
  readonly missing: readonly string[]
  /** Tensors of the file that no parameter takes, by their name there. */
  readonly unexpected: readonly string[]
  /** Parameters whose shape in the file is another; they are not taken. */
  readonly misshapen: readonly {
    readonly name: string
    readonly expected: readonly number[]
    readonly found: readonly number[]
  }[]
}

export interface Pretrained {
  /** By full name, row by row. */
  readonly values: ReadonlyMap<string, Float32Array>
  readonly report: PretrainedReport
}

/** Computed from the sizes, or of use to PyTorch alone. */
const NOT_WEIGHTS = /(^|\.)(position_ids|token_type_ids|relative_position_index|num_batches_tracked)$/
/** The first BERTs, converted from TensorFlow. */
const OLD_NAMES: readonly (readonly [RegExp, string])[] = [
  [/\.gamma$/, '.weight'],
  [/\.beta$/, '.bias'],
]

/**
 * Finds a tower's parameters in a file as published on the Hugging Face hub. There they stand below a prefix, `bert.`,
 * `roberta.`, `audio_model.audio_encoder.` or any other: it is the one under which most of them are found, and what is not
 * there may stand below none.
 * @param declared what the tower's scope noted, by full name.
 * @param prefix the tower's own, `audio.` or `text.`: other parameters are passed by.
 */
export function loadPretrained(
  file: SafetensorsFile,
  declared: ReadonlyMap<string, { readonly tensor: Tensor }>,
  { prefix = '' }: { readonly prefix?: string } = {},
): Pretrained {
  const stored = new Map([...file.entries.keys()].map((name) => [modernName(name), name]))
  const own = [...declared].filter(([name]) => name.startsWith(prefix))
  const published = commonPrefix(
    own.map(([name]) => name.slice(prefix.length)),
    [...stored.keys()],
  )
  const values = new Map<string, Float32Array>()
  const taken = new Set<string>()
  const missing: string[] = []
  const misshapen: PretrainedReport['misshapen'][number][] = []
  for (const [full, { tensor }] of own) {
    const name = full.slice(prefix.length)
    const source = stored.get(published + name) ?? stored.get(name)
    if (source === undefined) {
      missing.push(full)
      continue
    }
    taken.add(source)
    const expected = tensor.shape as readonly number[]
    const found = file.entries.get(source)!.shape
    if (found.join() === expected.join()) values.set(full, float32(file, source))
    else misshapen.push({ name: full, expected, found })
  }
  const unexpected = [...file.entries.keys()].filter((name) => !taken.has(name) && !NOT_WEIGHTS.test(name))
  return { values, report: { matched: [...values.keys()], missing, unexpected, misshapen } }
}

function modernName(name: string): string {
  return OLD_NAMES.reduce((known, [old, now]) => known.replace(old, now), name)
}

/** What stands before most of the names in the file; nothing, where that serves as many. */
function commonPrefix(names: readonly string[], stored: readonly string[]): string {
  const votes = new Map([['', 0]])
  for (const name of names)
    for (const candidate of stored) {
      if (candidate !== name && !candidate.endsWith(`.${name}`)) continue
      const before = candidate.slice(0, candidate.length - name.length)
      votes.set(before, (votes.get(before) ?? 0) + 1)
    }
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]
}
